import type { Reducer } from '../reduce/reducer.ts';
import { column, type NumericColumn } from '../schema/batch.ts';

/** Count, mean and Σ (x − mean)² by layer (index l; entry 0 stays empty). */
export interface LayerMomentsState {
  readonly count: Float64Array;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

/** Arrays of length depth + 1 with index l; NaN where a layer has no values (mean) or fewer than two (error). */
export interface LayerMomentsResult {
  readonly count: Float64Array;
  readonly mean: Float64Array;
  /** Standard error of the mean, for independent rows. */
  readonly error: Float64Array;
}

/**
 * Mean of a column by layer, with its error, of tables that have a column `layer`. Means and variances by Welford's update and Chan's merge
 * (doi:10.1080/00031305.1983.10483115). Values that aren't finite don't count.
 * @param depth last layer
 * @param of what is averaged, in place of the column's value itself
 */
export function layerMoments(
  name: string,
  depth: number,
  of: (value: number) => number = (value) => value,
): Reducer<LayerMomentsState, LayerMomentsResult> {
  return {
    name: `layers(${name})`,
    init: () => ({
      count: new Float64Array(depth + 1),
      mean: new Float64Array(depth + 1),
      squares: new Float64Array(depth + 1),
    }),
    step(state, batch) {
      const layers = column<Int32Array>(batch, 'layer');
      const values = column<Exclude<NumericColumn, BigInt64Array>>(batch, name);
      const { count, mean, squares } = state;
      for (let i = 0; i < layers.length; i++) {
        const x = of(values[i]!);
        if (!Number.isFinite(x)) continue;
        const l = layers[i]!;
        const n = ++count[l]!;
        const delta = x - mean[l]!;
        mean[l]! += delta / n;
        squares[l]! += delta * (x - mean[l]!);
      }
      return state;
    },
    merge(into, other) {
      for (let l = 0; l <= depth; l++) {
        const added = other.count[l]!;
        if (added === 0) continue;
        const had = into.count[l]!;
        const n = had + added;
        const delta = other.mean[l]! - into.mean[l]!;
        into.squares[l]! += other.squares[l]! + (delta * delta * had * added) / n;
        into.mean[l] = had === 0 ? other.mean[l]! : into.mean[l]! + delta * (added / n);
        into.count[l] = n;
      }
      return into;
    },
    finish: ({ count, mean, squares }) => ({
      count: count.slice(),
      mean: mean.map((value, l) => (count[l]! > 0 ? value : Number.NaN)),
      error: squares.map((sum, l) => (count[l]! > 1 ? Math.sqrt(sum / (count[l]! - 1) / count[l]!) : Number.NaN)),
    }),
  };
}
