import type { PairRow } from '../fit/half-samples.ts';
import { jackknife, jackknives } from '../fit/jackknife.ts';
import {
  type Ahead,
  type EnsembleResult,
  type PartitionContext,
  type Study,
  type Tables,
  withMore,
} from '../pipeline.ts';
import { asymmetryFigure } from '../report/asymmetry-figure.ts';
import { collapseFigure } from '../report/collapse-figure.ts';
import { countsSummary } from '../report/counts-summary.ts';
import { durationDistributionFigure, sizeDistributionFigure } from '../report/distribution-figure.ts';
import { exponentsSummary } from '../report/exponents-summary.ts';
import { footingSummary } from '../report/footing-summary.ts';
import { scalingFigure } from '../report/scaling-figure.ts';
import { spectrumFigure } from '../report/spectrum-figure.ts';
import { stabilityFigure } from '../report/stability-figure.ts';
import { surrogatesFigure } from '../report/surrogate-figure.ts';
import { surrogateSummary } from '../report/surrogate-summary.ts';
import { universalityFigure } from '../report/universality-figure.ts';
import { universalitySummary } from '../report/universality-summary.ts';
import type { Stage } from '../stage.ts';
import { type AnalysedTable, type AvalancheValues, analysedAvalanches } from './analysed-avalanches.ts';
import { ensembleRow, pointOf } from './ensemble-row.ts';
import { type Exponents, measureHalves, measureWhole, type WholeExponents, withErrors } from './exponents.ts';
import { type Further, furtherOf } from './further.ts';
import { measureExponents, measuringOf, quickExponents, scalingRange } from './measuring.ts';
import type { AnalysisValues, CracklingValues } from './parameters.ts';
import { type BlockedStatistics, cracklingReducer, type Statistics } from './reducer.ts';
import { asymmetryRows } from './shapes.ts';
import { spectrumTables } from './spectra.ts';
import { stabilityOf } from './stability.ts';
import { surrogateRows } from './surrogates.ts';
import {
  type Analysed,
  collapseErrorRows,
  collapseRows,
  exponentsRow,
  fitRows,
  histogramRows,
  measuredAhead,
  measuredAlone,
  scalingRows,
} from './tables.ts';
import { classSystematics, nearestClasses, tripleOf, universalityRows } from './universality.ts';
import { type Cutoffs, disordered } from './windows.ts';

/** The parts of a composition that analyse avalanches, and the stage from signals to them. */
export interface Crackling extends Omit<Study<BlockedStatistics>, 'ensembles' | 'stop'> {
  avalanches(partition: Pick<PartitionContext, 'ensemble' | 'count'>): Stage<'signal', AnalysedTable>;
}

/** Tables that the crackling analysis makes; `surrogate` where there are null models. */
export const cracklingTableNames = [
  'ensemble',
  'exponents',
  'fit',
  'histogram',
  'scaling',
  'stability',
  'collapse',
  'collapse_error',
  'universality',
  'surrogate',
  'asymmetry',
  'spectrum',
  'spectrum_exponent',
] as const;

/** Measures an ensemble's exponents from its statistics. */
export const analyse = (result: EnsembleResult<BlockedStatistics>, values: CracklingValues): Analysed =>
  analyseWithin(result, values, scalingRange(result.ensemble, values));

/** {@link analyse} for a system that scales between other durations than a network of N neurons; undefined where they aren't known. */
export function analyseWithin(
  result: EnsembleResult<BlockedStatistics>,
  values: AnalysisValues,
  scaling: Cutoffs | undefined,
): Analysed {
  const known = measuredAhead<Omit<Analysed, keyof EnsembleResult<unknown>>>(result);
  if (known !== undefined) return withMore(result, known);
  const { ensemble, result: blocked } = result;
  const { all, leaveOneOut } = blocked;
  const exponents = measureExponents(ensemble, blocked, values, scaling);
  const stability = stabilityOf(pointOf(ensemble), blocked, exponents);
  const rows = stability.rows(jackknife(all, leaveOneOut, stability.estimate, disordered));
  return withMore(result, { statistics: all, exponents, stability: rows });
}

/** {@link analyse} and what is measured beside exponents, in one walk that leaves blocks out. @param moments of durations and sizes, too */
export function analyseFurther(
  result: EnsembleResult<BlockedStatistics>,
  values: CracklingValues,
  moments = false,
): Further {
  const known = measuredAhead<Omit<Further, keyof EnsembleResult<unknown>>>(result);
  if (known !== undefined) return withMore(result, known);
  const { ensemble, result: blocked } = result;
  const exponents = measureExponents(ensemble, blocked, values, scalingRange(ensemble, values));
  return withMore(result, {
    statistics: blocked.all,
    exponents,
    ...besideExponents(result, exponents, values, moments),
  });
}

/** What {@link analyseFurther} measures beside exponents. */
function besideExponents(
  { ensemble, result: blocked }: EnsembleResult<BlockedStatistics>,
  exponents: Pick<Exponents, 'windows' | 'duration'>,
  values: CracklingValues,
  moments: boolean,
): Omit<Further, keyof EnsembleResult<unknown> | 'statistics' | 'exponents'> {
  const { all, leaveOneOut } = blocked;
  const stability = stabilityOf(pointOf(ensemble), blocked, exponents);
  const beside = furtherOf({ ensemble }, blocked, exponents, values, moments);
  const sets = { stability: stability.estimate, beside: beside.estimate };
  const found = jackknives(all, leaveOneOut, sets, disordered);
  return { stability: stability.rows(found.stability), ...beside.measured(found.beside) };
}

/** Shares of the walk over halves, of which most of a measurement is made. */
const shares = 4;

/** {@link analyseFurther} in parts: shares of the halves, then what leaves blocks out, then what is measured on all. */
export function furtherInParts(
  values: CracklingValues,
  moments = false,
): NonNullable<Ahead<BlockedStatistics>['parts']> {
  return {
    count: shares + 2,
    measure(one, part) {
      const { ensemble, result } = one;
      const how = measuringOf(ensemble, values, scalingRange(ensemble, values));
      if (part < shares) return measureHalves(result, how, { share: { index: part, of: shares } });
      // Alternatives move no cutoff.
      if (part === shares) {
        return besideExponents(one, measureWhole(result, { ...how, alternatives: false }), values, moments);
      }
      return { statistics: result.all, whole: measureWhole(result, how) };
    },
    join(_, parts) {
      const { statistics, whole } = parts[shares + 1] as { statistics: Statistics; whole: WholeExponents };
      const pairs = parts.slice(0, shares).flatMap((part) => part as readonly PairRow[]);
      return { statistics, exponents: withErrors(whole, pairs), ...(parts[shares] as object) };
    },
  };
}

/** All tables of the crackling analysis. */
export function tablesOfAnalysed(analysed: readonly Analysed[], values: AnalysisValues, engine: string): Tables {
  return {
    ensemble: analysed.map((one) => ensembleRow(one, engine)),
    exponents: analysed.map((one) => exponentsRow(one, values)),
    fit: analysed.flatMap((one) => fitRows(one, values)),
    histogram: analysed.flatMap((one) => histogramRows(one, values)),
    scaling: analysed.flatMap(scalingRows),
    stability: analysed.flatMap(({ stability }) => stability),
    collapse: analysed.flatMap(collapseRows),
    collapse_error: analysed.flatMap(collapseErrorRows),
    universality: analysed.flatMap(({ ensemble, exponents }) =>
      universalityRows(pointOf(ensemble), tripleOf(exponents), classSystematics(exponents.duration, values.systematic)),
    ),
    ...(analysed.some(({ ensemble }) => ensemble.surrogate !== undefined)
      ? { surrogate: surrogateRows(analysed) }
      : {}),
  };
}

/**
 * The crackling analysis as the second half of a pipeline: distributions of size (excess or signal) and duration with their exponents τ and α, size
 * against duration with γ, shape collapse with γ_c, and the crackling relation between them; spread it into what `compose` returns.
 */
export function crackling(
  values: CracklingValues & AvalancheValues & { readonly engine?: string; readonly inputStrength?: number | null },
): Crackling {
  // With one total norm for all widths sizes from zero begin at √N times it, so that S/√N aligns them; the excess begins at the norm itself.
  const perRootWidth = values.size === 'signal' && (values.inputStrength ?? null) === null;
  const reducer = cracklingReducer(values);
  return {
    avalanches: (partition) => analysedAvalanches(partition, values),
    reducer,
    mergeable: true,
    ahead: { of: reducer, measure: (one) => measuredAlone(analyseFurther(one, values)), parts: furtherInParts(values) },
    results: (ensembles) => {
      const further = ensembles.map((one) => analyseFurther(one, values));
      return {
        ...tablesOfAnalysed(further, values, values.engine ?? ''),
        asymmetry: further.flatMap(asymmetryRows),
        ...spectrumTables(further),
      };
    },
    estimate: ({ all }, ensemble) => quickExponents(ensemble, all, values, scalingRange(ensemble, values)),
    summaries: (tables) => [
      exponentsSummary(tables, values),
      footingSummary(tables),
      universalitySummary(tables),
      surrogateSummary(tables),
      countsSummary(tables),
    ],
    figures: (tables) => [
      sizeDistributionFigure(tables, { perRootWidth }),
      durationDistributionFigure(tables),
      scalingFigure(tables, { ...values, perRootWidth }),
      ...((tables.spectrum ?? []).length === 0 ? [] : [spectrumFigure(tables)]),
      collapseFigure(tables),
      asymmetryFigure(tables),
      stabilityFigure(tables),
      universalityFigure(tables, nearestClasses(tables.universality ?? []), values),
      ...(tables.surrogate === undefined ? [] : [surrogatesFigure(tables, values)]),
    ],
    after: { each: () => 0.9, all: 0.3, figures: 0.6, figuresEach: 0.25 },
    cost: (ensemble) => (values.engine === 'effective' ? 1 : ensemble.width),
  };
}
