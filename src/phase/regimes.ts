import { activation } from '../network/activation.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { gaussianParameters, normOf, varianceOf } from '../network/gaussian.ts';
import { distinct, integer, list, type ValuesOf } from '../parameter.ts';
import type { EnsembleResult, Study } from '../pipeline.ts';
import { effectiveEngineParameters } from '../propagation/parameters.ts';
import type { ResultOf } from '../reduce/reducer.ts';
import { together } from '../reduce/together.ts';
import { regimesFigure } from '../report/regimes-figure.ts';
import { regimesSummary } from '../report/regimes-summary.ts';
import type { RegimeRow } from '../schema/columns.ts';
import { orNull, rowOf } from '../schema/rows.ts';
import { lengthRecursion } from '../theory/meanfield.ts';
import { firstTraces } from './first-traces.ts';
import { layerMoments } from './layer-moments.ts';

/** Parameters of the three regimes. */
export const regimeParameters = {
  activation: gaussianParameters.activation,
  width: integer('neurons per layer N', 256, 2, 2 ** 31 - 1),
  depth: integer('layers L', 200, 1, 1_000_000),
  weightVariances: list('weight variances σw²: below, near and above criticality', [0.9, 1, 1.2], varianceOf('', 1)),
  biasVariance: gaussianParameters.biasVariance,
  inputNorm: normOf('total norm of a perturbation, s0·√N'),
  networks: integer('networks that are averaged, each with one perturbation', 1000),
  traces: integer('networks of which the whole trace is kept', 20, 1, 1000),
  engine: effectiveEngineParameters.engine,
};

/** Values of {@link regimeParameters}. */
export type RegimeValues = ValuesOf<typeof regimeParameters>;

function reducerOf({ depth, traces }: RegimeValues) {
  return together({
    energy: layerMoments('strength', depth, (s) => s * s),
    traces: firstTraces(traces),
  });
}

/** Energies by layer and first traces of an ensemble. */
export type RegimeResult = ResultOf<ReturnType<typeof reducerOf>>;

function rowsOf({ ensemble, result, counts }: EnsembleResult<RegimeResult>): RegimeRow[] {
  const { activation: name, width, weightVariance, biasVariance, inputStrength: start, depth } = ensemble;
  const point = {
    ensemble: ensemble.index,
    activation: name,
    width,
    weight_variance: weightVariance,
    bias_variance: biasVariance,
  };
  const { mean, error, count } = result.energy;
  const recursion = lengthRecursion(activation(name), { weightVariance, biasVariance }, start ** 2, depth);
  const traces = [...result.traces].flatMap(([perturbation, strengths]) =>
    [start, ...strengths].map((strength, layer) => rowOf(point, { series: 'trace', perturbation, layer, strength })),
  );
  const means = Array.from(mean, (energy, layer) => {
    // Where one of the networks has overflowed, so has the mean of all.
    const strength = layer === 0 ? start : count[layer]! < counts.perturbations ? Infinity : Math.sqrt(energy);
    const spread = layer === 0 ? 0 : strength === Infinity ? Number.NaN : error[layer]! / (2 * strength);
    return rowOf(point, { series: 'mean', layer, strength, strength_error: orNull(spread) });
  });
  const theory = Array.from(recursion, (q, layer) =>
    rowOf(point, { series: 'recursion', layer, strength: Math.sqrt(q) }),
  );
  return [...traces, ...means, ...theory];
}

/**
 * Signal strength against layer at some weight variances, as all of a pipeline but its stages, which emit `signal` batches of the full depth: single
 * networks, the root mean square over all of them, and the mean-field recursion q_l it goes to for N → ∞ (table `regime`).
 * @throws ParameterError for a weight variance listed twice
 */
export function regimes(values: RegimeValues): Study<RegimeResult> {
  const { width, depth, biasVariance, inputNorm } = values;
  const phi = activation(values.activation);
  const ensembles = distinct('weight-variances', values.weightVariances).map(
    (weightVariance, index): Ensemble => ({
      index,
      activation: phi.name,
      width,
      depth,
      weightVariance,
      biasVariance,
      inputStrength: inputNorm / Math.sqrt(width),
      reuse: 1,
    }),
  );
  return {
    ensembles,
    stop: { perturbations: values.networks },
    unit: 'networks',
    reducer: reducerOf(values),
    results: (results) => ({ regime: results.flatMap(rowsOf) }),
    summaries: (tables) => [regimesSummary(tables)],
    after: { all: 0.3, figures: 0.9 },
    figures: (tables) => [regimesFigure(tables)],
  };
}
