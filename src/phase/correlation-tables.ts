import { jackknife } from '../fit/jackknife.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { EnsembleResult } from '../pipeline.ts';
import type { BlocksResult } from '../reduce/blocks.ts';
import type { CorrelationDepthRow, CorrelationLayerRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import type { MeanFieldPoint } from '../theory/meanfield.ts';
import { decayLength, decayWeights, decayWindow, productError } from './decay.ts';
import type { LayerMomentsResult } from './layer-moments.ts';

/** What is kept of the pairs of an ensemble, by layer: c_l, its distance from the reference pair, and the logarithm of that. */
export interface PairStatistics {
  readonly correlation: LayerMomentsResult;
  readonly distance: LayerMomentsResult;
  /** ln|distance|; networks whose distance is 0 don't count. */
  readonly logDistance: LayerMomentsResult;
}

export type PairResult = EnsembleResult<BlocksResult<PairStatistics>>;

/** Two inputs at one point: what the theory says of them. */
export interface Pair {
  readonly ensemble: Ensemble;
  readonly point: MeanFieldPoint;
  readonly correlation: number;
  /** c_0 … c_L of the mean-field recursion. */
  readonly recursion: Float64Array;
}

const columnsOf = ({ ensemble, correlation }: Pair) => ({
  ensemble: ensemble.index,
  width: ensemble.width,
  weight_variance: ensemble.weightVariance,
  bias_variance: ensemble.biasVariance,
  input_correlation: correlation,
});

/** Rows of the `correlation_layer` table. */
export function layerRows(pair: Pair, { result }: PairResult): CorrelationLayerRow[] {
  const { mean, error } = result.all.correlation;
  return Array.from(pair.recursion, (recursion, layer) => ({
    ...columnsOf(pair),
    layer,
    correlation: layer === 0 ? pair.correlation : orNull(mean[layer]!),
    correlation_error: layer === 0 ? 0 : orNull(error[layer]!),
    recursion,
  }));
}

function measured({ point, recursion }: Pair, { result }: PairResult): Partial<CorrelationDepthRow> {
  const { mean: value, error, count } = result.all.distance;
  const distances = { value, error, networks: count[1] ?? 0 };
  const theory = recursion.map((c) => c - point.cStar);
  const window = decayWindow(distances, theory, point.xiC);
  if (window === undefined) return {};
  const weights = decayWeights(distances, window);
  // Inputs that stay as correlated as they are, as identical ones do, leave the scatter of the pair that they are compared with.
  const expected = decayLength(theory, window, weights);
  if (!Number.isFinite(expected)) return {};
  const fit = jackknife(result.all, result.leaveOneOut, ({ distance }) => ({
    length: decayLength(distance.mean, window, weights),
  }));
  const logs = result.all.logDistance;
  const variance = logs.error.map((own, l) => logs.count[l]! * own ** 2);
  const { length } = fit.estimate;
  const ofProducts = productError(length, variance, window, weights, distances.networks);
  return {
    decay_length: orNull(length),
    // Of few networks the jackknife's follows the sample: it is smallest where the large distances are missing, and the length with them.
    decay_length_error: orNull(Math.max(fit.standardError.length, ofProducts)),
    decay_length_recursion: expected,
    first_layer: window.first,
    last_layer: window.last,
  };
}

/** Row of the `correlation_depth` table: decay fitted over one window, with the larger of two errors, from leaving blocks of networks out and of products of factors. */
export function depthRow(pair: Pair, result: PairResult): CorrelationDepthRow {
  const { point, ensemble } = pair;
  return {
    ...columnsOf(pair),
    activation: ensemble.activation,
    networks: result.counts.perturbations,
    chi_1: point.chi1,
    c_star: point.cStar,
    xi_c: point.xiC,
    ...measured(pair, result),
  };
}
