import { jackknife } from '../fit/jackknife.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { EnsembleResult } from '../pipeline.ts';
import type { BlocksResult } from '../reduce/blocks.ts';
import type { CorrelationDepthRow, CorrelationLayerRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import type { MeanFieldPoint } from '../theory/meanfield.ts';
import { decayLength, decayWeights, decayWindow } from './decay.ts';
import type { LayerMomentsResult } from './layer-moments.ts';

/** What is kept of the pairs of an ensemble, by layer: c_l, and its distance from the reference pair. */
export interface PairStatistics {
  readonly correlation: LayerMomentsResult;
  readonly distance: LayerMomentsResult;
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
  return {
    decay_length: orNull(fit.estimate.length),
    decay_length_error: orNull(fit.standardError.length),
    decay_length_recursion: expected,
    first_layer: window.first,
    last_layer: window.last,
  };
}

/** Row of the `correlation_depth` table: decay fitted over one window, with errors from leaving blocks of networks out. */
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
