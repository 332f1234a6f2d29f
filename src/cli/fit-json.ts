import { comparisons } from '../crackling/surrogates.ts';
import { collapseRowsOf, exponentsRowOf } from '../crackling/tables.ts';
import type { FitReport } from '../fit/fit-power-law.ts';
import type { GoodnessOfFit } from '../fit/goodness-of-fit.ts';
import { footingOfTail, tailInWords } from '../fit/verdict.ts';
import type { ColumnFit } from '../recording/column.ts';
import type { CracklingFit } from '../recording/crackling.ts';
import type { Interval, MultistepEstimate } from '../recording/multistep/estimate.ts';
import type { RoundedFit } from '../recording/rounded.ts';
import type { Condition } from '../recording/rows.ts';
import { noPowerLawInWords, relationSentences, timesInWords, undecidedOf } from '../recording/sentences.ts';

const conditions = (where: readonly Condition[]): string[] =>
  where.map(({ column, comparison, value }) => `${column}${comparison}${value}`);

/** A fit of one column as `--json` prints it. */
export function columnJson({ source, column, where, counts, held, asked, ...rest }: ColumnFit, seed: number): object {
  const { report, goodness, discreteGiven } = rest;
  const { discrete, ...estimates } = report;
  return {
    ...estimates,
    file: source,
    column,
    where: conditions(where),
    discrete,
    discrete_given: discreteGiven,
    step: held.discrete ? held.step : null,
    form: held.form,
    // `standard_error` is the first of the two.
    error_at_cutoffs: report.standard_error,
    error_with_cutoffs:
      goodness?.exponentError ?? (asked.xmin === 'auto' || asked.xmax === 'auto' ? null : report.standard_error),
    n_missing: held.missing,
    n_censored: report.censored?.n ?? counts.censored,
    censored_column: rest.censoredColumn ?? null,
    censored: report.censored ?? null,
    xmin_found: asked.xmin === 'auto',
    xmax_found: asked.xmax === 'auto',
    rounded: rest.rounded === undefined ? null : roundedJson(rest.rounded),
    warnings: [...footingOfTail(report), ...tailInWords(report), ...rest.notes],
    bootstrap:
      goodness === undefined
        ? null
        : {
            repetitions: goodness.repetitions,
            seed,
            p_value_error: goodness.standardError,
            exponent_error: goodness.exponentError,
            xmin_range: goodness.xminRange,
          },
  };
}

const roundedJson = ({ grid, exponent, standardError, goodness, ...fit }: RoundedFit): object => ({
  ...grid,
  xmin: fit.xmin,
  xmin_found: fit.xminFound,
  exponent,
  standard_error: standardError,
  error_with_cutoffs: goodness?.exponentError ?? (fit.xminFound ? null : standardError),
  n_tail: fit.n,
  ks: fit.ks,
  p_value: goodness?.pValue ?? null,
  p_value_error: goodness?.standardError ?? null,
});

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Keys of an object in snake_case. */
const snakeKeys = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([name, part]) => [snake(name), part]));

const withError = (report: FitReport, goodness: GoodnessOfFit | undefined): object => ({
  ...report,
  p_value_error: goodness?.standardError ?? null,
  warnings: tailInWords(report),
});

/** A crackling analysis as `--json` prints it. */
export function cracklingJson(fit: CracklingFit): object {
  const { source, where, size, analysis, goodness, trace, blocked, surrogates } = fit;
  const { jackknife, collapse, scaling, universality } = analysis;
  const { ensemble: _, ...exponents } = exponentsRowOf({ ensemble: 0 }, size, analysis, blocked.all);
  return {
    file: source,
    where: conditions(where),
    trace:
      trace === undefined
        ? null
        : {
            column: trace.column,
            threshold: trace.threshold,
            above: trace.above,
            below: trace.below,
            size: trace.size,
            time_bin: trace.timeBin ?? null,
            events: trace.events?.count ?? null,
            events_missing: trace.events?.missing ?? null,
            channels: trace.channels ?? null,
            ...snakeKeys(trace.tally),
          },
    avalanches: blocked.all.histogram.n,
    size: withError(analysis.size, goodness.size),
    duration: withError(analysis.duration, goodness.duration),
    exponents,
    relation: { verdict: relationSentences(analysis).verdict, undecided: undecidedOf(analysis) || null },
    covariance: { names: jackknife.names.map(snake), matrix: jackknife.covariance },
    blocks: jackknife.blocks,
    universality_systematic_error: analysis.classSystematic,
    scaling:
      scaling === undefined
        ? null
        : {
            gamma: scaling.gamma,
            standard_error: scaling.standardError,
            scaled_error: scaling.scaledError,
            durations: scaling.points,
            r_squared: scaling.line.rSquared,
          },
    collapse:
      collapse === undefined
        ? null
        : {
            gamma: collapse.gamma,
            curvature_error: collapse.standardError,
            nmse: collapse.nmse,
            durations: collapse.profiles.duration.length,
            at_end: collapse.atEnd,
            shapes: collapseRowsOf({}, collapse),
          },
    branching:
      trace === undefined
        ? null
        : {
            within_avalanches: trace.branching.withinAvalanches,
            ...multistepJson(trace.branching.multistep),
          },
    universality:
      universality?.map((distance) => ({
        id: distance.class.id,
        names: distance.class.names,
        tau: distance.class.tau,
        alpha: distance.class.alpha,
        gamma: distance.class.gamma,
        basis: distance.class.basis,
        comparable: distance.comparable,
        chi_square: distance.chiSquare,
        p_value: distance.pValue,
        systematic_error: distance.systematic,
        ties: distance.ties,
      })) ?? null,
    surrogates: surrogates.map(({ kind, tally, analysis: found }) => ({
      surrogate: kind,
      avalanches: tally.valid,
      exponents: comparisons(analysis, found),
    })),
    notes: [...timesInWords(trace), ...noPowerLawInWords(analysis), ...analysis.notes],
  };
}

/** The multistep branching ratio; null where the trace is too short for one. */
function multistepJson(found: MultistepEstimate | undefined) {
  if (found === undefined) return { multistep: null };
  const { ratio, time, amplitude, offset, means, decay, fits, trials, units, significance } = found;
  const interval = ({ low, high }: Interval): number[] => [low, high];
  return {
    multistep: ratio.estimate,
    multistep_interval: interval(ratio),
    autocorrelation_time: time.estimate,
    autocorrelation_time_interval: interval(time),
    amplitude: amplitude.estimate,
    offset: offset.estimate,
    means,
    fit: decay,
    fits: Object.fromEntries(
      Object.values(fits).map((one) => [
        one.decay,
        { ratio: one.ratio, amplitude: one.amplitude, offset: one.offset, lags: one.lags, residual: one.residual },
      ]),
    ),
    trials,
    units,
    significance,
    slopes: Array.from(found.coefficients),
    slope_errors: Array.from(found.coefficientErrors),
  };
}
