import { SchemaError } from '../error.ts';
import { column, type NumericColumn } from '../schema/batch.ts';
import type { Reducer } from './reducer.ts';

/** Count, means and Σ (x_i − mean_i)(x_j − mean_j) at i·k + j, over rows on which all of k columns are finite. */
export interface CovariancesState {
  count: number;
  readonly means: Float64Array;
  readonly products: Float64Array;
  nonFinite: number;
}

export interface CovariancesResult {
  readonly count: number;
  /** NaN where count is 0. */
  readonly means: Float64Array;
  /** Unbiased, k × k; NaN where count is below 2. */
  readonly covariances: Float64Array;
  /** Rows left out because a column wasn't finite. */
  readonly nonFinite: number;
}

/**
 * Means and covariances of some numeric columns, by Welford's update and Chan's merge (doi:10.1080/00031305.1983.10483115).
 * @throws SchemaError (step) for a column of 64-bit integers
 */
export function covariances(names: readonly string[]): Reducer<CovariancesState, CovariancesResult> {
  const k = names.length;
  return {
    name: `covariances(${names.join(', ')})`,
    init: () => ({ count: 0, means: new Float64Array(k), products: new Float64Array(k * k), nonFinite: 0 }),
    step(state, batch) {
      const columns = names.map((name) => {
        const values = column<NumericColumn>(batch, name);
        if (values instanceof BigInt64Array)
          throw new SchemaError(`column '${name}' is int64; covariances need numbers`);
        return values;
      });
      const { means, products } = state;
      const before = new Float64Array(k);
      for (let row = 0; row < batch.numRows; row++) {
        if (columns.some((values) => !Number.isFinite(values[row]!))) {
          state.nonFinite++;
          continue;
        }
        state.count++;
        for (let i = 0; i < k; i++) {
          before[i] = columns[i]![row]! - means[i]!;
          means[i]! += before[i]! / state.count;
        }
        for (let i = 0; i < k; i++) {
          for (let j = 0; j < k; j++) products[i * k + j]! += before[i]! * (columns[j]![row]! - means[j]!);
        }
      }
      return state;
    },
    merge(into, other) {
      into.nonFinite += other.nonFinite;
      if (other.count === 0) return into;
      const count = into.count + other.count;
      const apart = other.means.map((mean, i) => mean - into.means[i]!);
      for (let i = 0; i < k; i++) {
        for (let j = 0; j < k; j++) {
          into.products[i * k + j]! +=
            other.products[i * k + j]! + apart[i]! * apart[j]! * ((into.count * other.count) / count);
        }
      }
      for (let i = 0; i < k; i++) {
        into.means[i] = into.count === 0 ? other.means[i]! : into.means[i]! + apart[i]! * (other.count / count);
      }
      into.count = count;
      return into;
    },
    finish: ({ count, means, products, nonFinite }) => ({
      count,
      means: means.map((mean) => (count > 0 ? mean : Number.NaN)),
      covariances: products.map((sum) => (count > 1 ? sum / (count - 1) : Number.NaN)),
      nonFinite,
    }),
  };
}
