import { type AdaptiveBins, adaptiveBins } from '../fit/adaptive-bins.ts';
import type { CollapseFit } from '../fit/collapse-fit.ts';
import type { FitReport } from '../fit/fit-power-law.ts';
import { betterAlternatives, clearlyBetter } from '../fit/footing.ts';
import { isGrouped, type Sample } from '../fit/ordered-sample.ts';
import { power } from '../numeric/power.ts';
import type { EnsembleResult } from '../pipeline.ts';
import type { ScalingResult } from '../reduce/scaling.ts';
import type {
  CollapseErrorRow,
  CollapseRow,
  ExponentsRow,
  FitRow,
  HistogramRow,
  ScalingRow,
  StabilityRow,
} from '../schema/columns.ts';
import { orNull, rowOf } from '../schema/rows.ts';
import { sizeColumn } from '../schema/size.ts';
import { architectureOf, type Point, pointOf } from './ensemble-row.ts';
import type { Exponents } from './exponents.ts';
import type { AnalysisValues } from './parameters.ts';
import type { BlockedStatistics, Statistics } from './reducer.ts';

/** Rows of a table with columns of one's own in place of those: recorded data have no variances. */
export type Pointed<P, Row> = P & Omit<Row, keyof Point>;

/** One ensemble with what was counted and what was found. */
export interface Analysed extends EnsembleResult<BlockedStatistics> {
  /** Of all avalanches: `result.all`, without the blocks. */
  readonly statistics: Statistics;
  readonly exponents: Exponents;
  /** Rows of the `stability` table. */
  readonly stability: readonly StabilityRow[];
}

/** What was measured of an ensemble before all were done, by `ahead` of its composition. */
export const measuredAhead = <Part extends object>({ measured }: EnsembleResult<unknown>): Part | undefined =>
  measured as Part | undefined;

/** Without what is known of the ensemble anyway: what crosses threads. */
export function measuredAlone<One extends EnsembleResult<unknown>>(one: One): Omit<One, keyof EnsembleResult<unknown>> {
  const given = new Set(['ensemble', 'counts', 'result', 'measured']);
  const measured = Object.keys(one).filter((key) => !given.has(key)) as (keyof One)[];
  return Object.fromEntries(measured.map((key) => [key, one[key]])) as Omit<One, keyof EnsembleResult<unknown>>;
}

/** Rows of the `histogram` table for one distribution. */
export function distributionRows<P>(
  point: P,
  observable: string,
  sample: Sample,
  least: number,
  discrete?: boolean,
): Pointed<P, HistogramRow>[] {
  if (isGrouped(sample) && !sample.count.some((count) => count > 0)) return [];
  return binRows(point, observable, adaptiveBins(sample, least, discrete));
}

/** Rows of the `histogram` table of bins. */
export function binRows<P>(
  point: P,
  observable: string,
  { lower, upper, centre, count, density }: AdaptiveBins,
): Pointed<P, HistogramRow>[] {
  return Array.from(count, (n, b) =>
    rowOf(point, {
      observable,
      lower: lower[b]!,
      upper: upper[b]!,
      center: centre[b]!,
      count: Math.round(n),
      density: density[b]!,
    }),
  );
}

/** Rows of the `histogram` table. */
export function histogramRows({ ensemble, statistics }: Analysed, values: AnalysisValues): HistogramRow[] {
  const { duration, size } = statistics.histogram;
  return [
    ...distributionRows(pointOf(ensemble), sizeColumn[values.size], size, values.binCount),
    ...distributionRows(pointOf(ensemble), 'duration', duration, values.binCount),
  ];
}

/** Rows of the `scaling` table. */
export const scalingRows = ({ ensemble, statistics }: Analysed): ScalingRow[] =>
  scalingRowsOf(pointOf(ensemble), statistics.scaling);

/** Rows of the `scaling` table for one set of avalanches. */
export function scalingRowsOf<P>(point: P, scaling: ScalingResult): Pointed<P, ScalingRow>[] {
  const { duration, count, logCount, meanSize, varSize, meanLogSize, varLogSize } = scaling;
  return Array.from(duration, (d, i) =>
    rowOf(point, {
      duration: d,
      count: count[i]!,
      excluded: count[i]! - logCount[i]!,
      mean_size: meanSize[i]!,
      var_size: orNull(varSize[i]),
      mean_log_size: orNull(meanLogSize[i]),
      var_log_size: orNull(varLogSize[i]),
    }),
  );
}

/** Rows of the `collapse` table: the profiles that took part in the collapse. */
export const collapseRows = ({ ensemble, exponents }: Analysed): CollapseRow[] =>
  collapseRowsOf(pointOf(ensemble), exponents.collapse);

/** Rows of the `collapse` table for one set of avalanches. */
export function collapseRowsOf<P>(point: P, fit: CollapseFit | undefined): Pointed<P, CollapseRow>[] {
  if (fit === undefined) return [];
  const { x, duration, count, strength } = fit.profiles;
  const rows: Pointed<P, CollapseRow>[] = [];
  duration.forEach((d, r) => {
    x.forEach((position, g) => {
      const value = strength[r * x.length + g]!;
      rows.push(
        rowOf(point, {
          duration: d,
          x: position,
          strength: value,
          rescaled: value * power(d, 1 - fit.gamma),
          count: count[r]!,
        }),
      );
    });
  });
  return rows;
}

/** Rows of the `collapse_error` table. */
export const collapseErrorRows = ({ ensemble, exponents }: Analysed): CollapseErrorRow[] =>
  collapseErrorRowsOf(pointOf(ensemble), exponents.collapse);

/** Rows of the `collapse_error` table for one set of avalanches. */
export function collapseErrorRowsOf<P>(point: P, fit: CollapseFit | undefined): Pointed<P, CollapseErrorRow>[] {
  if (fit === undefined) return [];
  const { gamma: trial, nmse } = fit.curve;
  return Array.from(trial, (gamma, i) => rowOf(point, { gamma, nmse: nmse[i]! }));
}

/**
 * Rows of the `fit` table for one fit.
 * @param point columns that say what the data are, `ensemble` at least
 * @param error of the exponent; the fit's own where it is not finite
 */
export function fitRowsOf<P>(
  point: P,
  observable: string,
  fit: FitReport | undefined,
  error: number,
): Pointed<P, FitRow>[] {
  if (fit === undefined) return [];
  const range = { ...point, observable, xmin: fit.xmin, xmax: fit.xmax, n_tail: fit.n_tail };
  const law: Pointed<P, FitRow> = {
    ...range,
    model: 'power_law',
    parameter: 'exponent',
    estimate: fit.exponent,
    standard_error: orNull(error) ?? fit.standard_error,
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
      standard_error: alternative.standard_errors[parameter] ?? null,
      ks: null,
      log_likelihood: orNull(alternative.log_likelihood),
      ratio: orNull(alternative.normalized_ratio),
      p_value: orNull(alternative.p_value),
    })),
  );
  return [law, ...others];
}

/** Rows of the `fit` table; errors of exponents are the jackknife's where there is one. */
export function fitRows({ ensemble, exponents }: Analysed, { size }: AnalysisValues): FitRow[] {
  const { standardError } = exponents.jackknife;
  return [
    ...fitRowsOf(pointOf(ensemble), sizeColumn[size], exponents.size, standardError.tau),
    ...fitRowsOf(pointOf(ensemble), 'duration', exponents.duration, standardError.alpha),
  ];
}

/** Row of the `exponents` table. */
export const exponentsRow = (
  { ensemble, exponents, statistics }: Analysed,
  { size }: AnalysisValues,
): ExponentsRow => ({
  ...exponentsRowOf({ ...pointOf(ensemble), ...architectureOf(ensemble) }, size, exponents, statistics),
  branching_ratio: orNull(exponents.branching.estimate),
  branching_ratio_error: orNull(exponents.branching.standardError),
  growth_rate: orNull(exponents.growth.estimate),
  growth_rate_error: orNull(exponents.growth.standardError),
});

/**
 * Row of the `exponents` table for one set of avalanches, of which neither branching ratio nor growth rate is known.
 * @param size excess, signal, or the name of a column whose meaning isn't known
 */
export function exponentsRowOf<P>(
  point: P,
  size: string,
  exponents: Omit<Exponents, 'branching' | 'growth'>,
  { histogram }: Pick<Statistics, 'histogram'>,
): Pointed<P, ExponentsRow> {
  const { jackknife, relation, collapse, alphaCensored } = exponents;
  const { n, censored, nonPositive, nonFinite } = histogram;
  const { estimate, standardError } = jackknife;
  const { predicted, mismatch, deviations, deviationFromCriticality } = relation;
  return {
    ...point,
    size,
    excluded: nonPositive + nonFinite,
    tau: orNull(estimate.tau),
    tau_error: orNull(standardError.tau),
    alpha: orNull(estimate.alpha),
    alpha_error: orNull(standardError.alpha),
    gamma_scaling: orNull(estimate.gammaScaling),
    gamma_scaling_error: orNull(standardError.gammaScaling),
    gamma_collapse: orNull(estimate.gammaCollapse),
    gamma_collapse_error: orNull(standardError.gammaCollapse),
    gamma_collapse_curvature_error: orNull(collapse?.standardError),
    gamma_collapse_nmse: orNull(collapse?.nmse),
    gamma_predicted: orNull(predicted.estimate),
    gamma_predicted_error: orNull(predicted.standardError),
    mismatch: orNull(mismatch.estimate),
    mismatch_error: orNull(mismatch.standardError),
    mismatch_sigmas: orNull(deviations),
    deviation_from_criticality: orNull(deviationFromCriticality),
    ...footingOf('tau', exponents.size, exponents.footing.tau),
    ...footingOf('alpha', exponents.duration, exponents.footing.alpha),
    alpha_censored: orNull(alphaCensored.estimate),
    alpha_censored_error: orNull(alphaCensored.standardError),
    censored_share: orNull(censored / (n + censored)),
    window_rule: exponents.rule,
    window_accepted: exponents.windows?.accepted ?? null,
  };
}

type Footing<K extends string> = {
  [C in `${K}_${'min' | 'max' | 'count' | 'ks'}`]: number | null;
} & { [C in `${K}_${'better' | 'refuted_by' | 'mark'}`]: string | null };

/** What an exponent stands on. */
function footingOf<K extends string>(name: K, fit: FitReport | undefined, mark: string | undefined): Footing<K> {
  const compared = fit !== undefined && fit.alternatives.length > 0;
  const columns = {
    min: fit?.xmin ?? null,
    max: fit?.xmax ?? null,
    count: fit?.n_tail ?? null,
    ks: fit?.ks ?? null,
    better: compared ? betterAlternatives(fit).join(', ') : null,
    refuted_by: compared ? clearlyBetter(fit).join(', ') : null,
    mark: mark ?? null,
  };
  return Object.fromEntries(Object.entries(columns).map(([key, value]) => [`${name}_${key}`, value])) as Footing<K>;
}
