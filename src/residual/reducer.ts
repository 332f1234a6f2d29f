import type { RecordBatch } from 'apache-arrow';
import { cracklingReducer } from '../crackling/reducer.ts';
import { byEnsemble } from '../reduce/by-ensemble.ts';
import { byTable } from '../reduce/by-table.ts';
import type { Reducer, ResultOf } from '../reduce/reducer.ts';
import { column } from '../schema/batch.ts';

/** Sums over the networks of a model. */
export interface LayerSums {
  networks: number;
  /** Sums over networks of μ, (μ − μ of the first network)², sd²; entry l − 1 for layer l. */
  readonly first: number[];
  readonly mean: number[];
  readonly square: number[];
  readonly variance: number[];
}

/** Calibration of a model over its networks, one entry a layer. */
export interface CalibrationResult {
  readonly networks: number;
  /** Mean of μ_l. */
  readonly mean: readonly number[];
  /** Root mean square of sd_l. */
  readonly sd: readonly number[];
  /** Standard deviation of μ_l between networks; NaN for fewer than two. */
  readonly networkSd: readonly number[];
}

/** Folds `network_calibration` batches, one a network. */
export const calibrationReducer: Reducer<LayerSums, CalibrationResult> = {
  name: 'calibration',
  init: () => ({ networks: 0, first: [], mean: [], square: [], variance: [] }),
  step(state, batch) {
    const mean = column<Float64Array>(batch, 'mean');
    const sd = column<Float64Array>(batch, 'sd');
    return calibrationReducer.merge(state, {
      networks: 1,
      first: [...mean],
      mean: Array.from(mean, () => 0),
      square: Array.from(mean, () => 0),
      variance: Array.from(sd, (value) => value * value),
    });
  },
  merge(into, other) {
    if (other.networks === 0) return into;
    if (into.networks === 0) return structuredClone(other);
    // Sums are kept relative to the first network, so that spreads far below the mean stay exact.
    other.first.forEach((start, l) => {
      const away = start - into.first[l]!;
      into.square[l]! += other.square[l]! + 2 * away * other.mean[l]! + other.networks * away * away;
      into.mean[l]! += other.mean[l]! + other.networks * away;
      into.variance[l]! += other.variance[l]!;
    });
    into.networks += other.networks;
    return into;
  },
  finish({ networks: n, first, mean, square, variance }) {
    return {
      networks: n,
      mean: first.map((start, l) => start + mean[l]! / n),
      sd: variance.map((sum) => Math.sqrt(sum / n)),
      networkSd: square.map((sum, l) => Math.sqrt(Math.max(0, sum - mean[l]! ** 2 / n) / (n - 1))),
    };
  },
};

const kinds = ['valid', 'dead', 'censored', 'non_finite'] as const;

/** Tallies of an ensemble, by the columns of `tally`. */
export type TallyResult = Record<(typeof kinds)[number], number>;

const tallyReducer: Reducer<TallyResult, TallyResult> = {
  name: 'tally',
  init: () => ({ valid: 0, dead: 0, censored: 0, non_finite: 0 }),
  step(state, batch: RecordBatch) {
    for (const kind of kinds) for (const value of column<Int32Array>(batch, kind)) state[kind] += value;
    return state;
  },
  merge(into, other) {
    for (const kind of kinds) into[kind] += other[kind];
    return into;
  },
  finish: (state) => ({ ...state }),
};

/** Crackling statistics and tallies by threshold, and the calibration of a model. */
export function residualReducer(options: { readonly profilePoints: number; readonly blocks: number }) {
  return byTable({
    avalanche: byEnsemble(cracklingReducer(options)),
    tally: byEnsemble(tallyReducer),
    network_calibration: calibrationReducer,
  });
}

/** Crackling statistics and tallies by threshold, and the calibration of a model. */
export type ResidualResult = ResultOf<ReturnType<typeof residualReducer>>;
