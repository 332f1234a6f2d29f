import { adaptiveBins } from '../fit/adaptive-bins.ts';
import type { CollapseFit } from '../fit/collapse-fit.ts';
import type { FitReport } from '../fit/fit-power-law.ts';
import { isGrouped, type Sample } from '../fit/ordered-sample.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { EnsembleResult } from '../pipeline.ts';
import type { CollapseResult } from '../reduce/collapse.ts';
import type { ScalingResult } from '../reduce/scaling.ts';
import type { Exponents } from './exponents.ts';
import type { CracklingValues } from './parameters.ts';
import type { BlockedStatistics } from './reducer.ts';

type Row = Record<string, unknown>;

/** One ensemble with what was counted and what was found. */
export interface Analysed extends EnsembleResult<BlockedStatistics> {
  readonly exponents: Exponents;
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** The columns that every table repeats, so that one file can be plotted without a join. */
export function pointOf(ensemble: Ensemble): Row {
  return {
    ensemble: ensemble.index,
    width: ensemble.width,
    weight_variance: ensemble.weightVariance,
    bias_variance: ensemble.biasVariance,
  };
}

/** What sets the ensembles of other architectures apart. */
const architectureOf = ({ model, threshold, surrogate }: Ensemble): Row => ({
  model: model ?? null,
  threshold: threshold ?? null,
  surrogate: surrogate?.kind ?? null,
});

/** Row of the `ensemble` table. */
export function ensembleRow({ ensemble, counts }: EnsembleResult<unknown>, engine: string): Row {
  return {
    ...pointOf(ensemble),
    ...architectureOf(ensemble),
    activation: ensemble.activation,
    depth: ensemble.depth,
    input_norm: ensemble.inputStrength * Math.sqrt(ensemble.width),
    engine,
    reuse: ensemble.reuse,
    perturbations: counts.perturbations,
    valid: counts.valid,
    dead: counts.dead,
    censored: counts.censored,
    non_finite: counts.nonFinite,
  };
}

/** Rows of the `histogram` table for one distribution. */
export function distributionRows(
  point: Row,
  observable: string,
  sample: Sample,
  least: number,
  discrete?: boolean,
): Row[] {
  if (isGrouped(sample) && !sample.count.some((count) => count > 0)) return [];
  const { lower, upper, centre, count, density } = adaptiveBins(sample, least, discrete);
  return Array.from(count, (n, b) => ({
    ...point,
    observable,
    lower: lower[b],
    upper: upper[b],
    center: centre[b],
    count: n,
    density: density[b],
  }));
}

/** Rows of the `histogram` table. */
export function histogramRows({ ensemble, result }: Analysed, values: CracklingValues): Row[] {
  const { duration, size } = result.all.histogram;
  return [
    ...distributionRows(pointOf(ensemble), 'size', size, values.binCount),
    ...distributionRows(pointOf(ensemble), 'duration', duration, values.binCount),
  ];
}

/** Rows of the `scaling` table. */
export const scalingRows = ({ ensemble, result }: Analysed): Row[] =>
  scalingRowsOf(pointOf(ensemble), result.all.scaling);

/** Rows of the `scaling` table for one set of avalanches. */
export function scalingRowsOf(point: Row, scaling: ScalingResult): Row[] {
  const { duration, count, meanSize, meanLogSize, varLogSize } = scaling;
  return Array.from(duration, (d, i) => ({
    ...point,
    duration: d,
    count: count[i],
    mean_size: meanSize[i],
    mean_log_size: meanLogSize[i],
    var_log_size: finite(varLogSize[i]),
  }));
}

/** Rows of the `collapse` table: the profiles that took part in the collapse. */
export function collapseRows({ ensemble, result, exponents }: Analysed, values: CracklingValues): Row[] {
  const offset = values.collapseOn === 'excess' ? ensemble.inputStrength : 0;
  return collapseRowsOf(pointOf(ensemble), result.all.collapse, exponents.collapse, offset);
}

/** Rows of the `collapse` table for one set of avalanches; `offset` is taken off the strengths, as in the fit. */
export function collapseRowsOf(
  point: Row,
  profiles: CollapseResult,
  fit: CollapseFit | undefined,
  offset: number,
): Row[] {
  if (fit === undefined) return [];
  const { x, duration, count, strength } = profiles;
  const taken = new Set(fit.durations);
  const rows: Row[] = [];
  duration.forEach((d, r) => {
    if (!taken.has(d)) return;
    x.forEach((position, g) => {
      const value = strength[r * x.length + g]! - offset;
      rows.push({
        ...point,
        duration: d,
        x: position,
        strength: value,
        rescaled: value * d ** (1 - fit.gamma),
        count: count[r],
      });
    });
  });
  return rows;
}

/** Rows of the `collapse_error` table. */
export const collapseErrorRows = ({ ensemble, exponents }: Analysed): Row[] =>
  collapseErrorRowsOf(pointOf(ensemble), exponents.collapse);

/** Rows of the `collapse_error` table for one set of avalanches. */
export function collapseErrorRowsOf(point: Row, fit: CollapseFit | undefined): Row[] {
  if (fit === undefined) return [];
  const { gamma: trial, nmse } = fit.curve;
  return Array.from(trial, (gamma, i) => ({ ...point, gamma, nmse: nmse[i] }));
}

/**
 * Rows of the `fit` table for one fit.
 * @param point columns that say what the data are, `ensemble` at least
 * @param error of the exponent; the fit's own where it is not finite
 */
export function fitRowsOf(point: Row, observable: string, fit: FitReport | undefined, error: number): Row[] {
  if (fit === undefined) return [];
  const range = { ...point, observable, xmin: fit.xmin, xmax: fit.xmax, n_tail: fit.n_tail };
  const law: Row = {
    ...range,
    model: 'power_law',
    parameter: 'exponent',
    estimate: fit.exponent,
    standard_error: finite(error) ?? fit.standard_error,
    ks: fit.ks,
    log_likelihood: fit.log_likelihood,
    ratio: null,
    p_value: fit.p_value,
  };
  const others = fit.alternatives.flatMap((alternative) =>
    Object.entries(alternative.parameters).map(([parameter, estimate]) => ({
      ...range,
      model: alternative.name,
      parameter,
      estimate,
      standard_error: null,
      ks: null,
      log_likelihood: finite(alternative.log_likelihood),
      ratio: finite(alternative.normalized_ratio),
      p_value: finite(alternative.p_value),
    })),
  );
  return [law, ...others];
}

/** Rows of the `fit` table; errors of exponents are the jackknife's where there is one. */
export function fitRows({ ensemble, exponents }: Analysed): Row[] {
  const { standardError } = exponents.jackknife;
  return [
    ...fitRowsOf(pointOf(ensemble), 'size', exponents.size, standardError.tau),
    ...fitRowsOf(pointOf(ensemble), 'duration', exponents.duration, standardError.alpha),
  ];
}

/** Row of the `exponents` table. */
export const exponentsRow = ({ ensemble, exponents }: Analysed): Row => ({
  ...exponentsRowOf({ ...pointOf(ensemble), ...architectureOf(ensemble) }, exponents),
  branching_ratio: finite(exponents.branching.estimate),
  branching_ratio_error: finite(exponents.branching.standardError),
});

/** Row of the `exponents` table for one set of avalanches, of which no branching ratio is known. */
export function exponentsRowOf(
  point: Row,
  { jackknife, relation, collapse }: Pick<Exponents, 'jackknife' | 'relation' | 'collapse'>,
): Row {
  const { estimate, standardError } = jackknife;
  const { predicted, mismatch, deviations, deviationFromCriticality } = relation;
  return {
    ...point,
    tau: finite(estimate.tau),
    tau_error: finite(standardError.tau),
    alpha: finite(estimate.alpha),
    alpha_error: finite(standardError.alpha),
    gamma_scaling: finite(estimate.gammaScaling),
    gamma_scaling_error: finite(standardError.gammaScaling),
    gamma_collapse: finite(estimate.gammaCollapse),
    gamma_collapse_error: finite(standardError.gammaCollapse),
    gamma_collapse_curvature_error: finite(collapse?.standardError),
    gamma_collapse_nmse: finite(collapse?.nmse),
    gamma_predicted: finite(predicted.estimate),
    gamma_predicted_error: finite(predicted.standardError),
    mismatch: finite(mismatch.estimate),
    mismatch_error: finite(mismatch.standardError),
    mismatch_sigmas: finite(deviations),
    deviation_from_criticality: finite(deviationFromCriticality),
  };
}
