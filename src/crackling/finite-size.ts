import type { Ensemble } from '../network/ensemble.ts';
import type { Composition, EnsembleResult, PartitionContext, StopRule, Study, Tables } from '../pipeline.ts';
import { asymmetryFigure } from '../report/asymmetry-figure.ts';
import { collapseFigure } from '../report/collapse-figure.ts';
import { countsSummary } from '../report/counts-summary.ts';
import { distributionCollapseFigure } from '../report/distribution-collapse-figure.ts';
import { exponentsSummary } from '../report/exponents-summary.ts';
import { finiteSizeOverviewFigure, finiteSizeScalingFigure } from '../report/finite-size-figure.ts';
import { correctionSummary, extrapolationSummary } from '../report/finite-size-summaries.ts';
import { footingSummary } from '../report/footing-summary.ts';
import { spectrumFigure } from '../report/spectrum-figure.ts';
import { stabilityFigure } from '../report/stability-figure.ts';
import { straightnessFigure } from '../report/straightness-figure.ts';
import { surrogateSummary } from '../report/surrogate-summary.ts';
import { universalityFigure } from '../report/universality-figure.ts';
import { universalitySummary } from '../report/universality-summary.ts';
import type { Stage } from '../stage.ts';
import { type AnalysedTable, analysedAvalanches } from './analysed-avalanches.ts';
import { analyseFurther, cracklingTableNames, furtherInParts, tablesOfAnalysed } from './crackling.ts';
import { cutoffTables } from './cutoff-exponents.ts';
import { extrapolatedTriple, extrapolationRows } from './extrapolation.ts';
import { type FiniteSizeValues, finiteSizeEnsembles } from './finite-size-parameters.ts';
import { quickExponents, scalingRange } from './measuring.ts';
import { type BlockedStatistics, cracklingReducer } from './reducer.ts';
import { asymmetryRows } from './shapes.ts';
import { spectrumTables } from './spectra.ts';
import {
  correctionRow,
  measureLines,
  observables,
  type Scanned,
  type Straightest,
  scaledCorrection,
  straightest,
  straightnessRows,
} from './straightness.ts';
import { measuredAlone } from './tables.ts';
import { nearestClasses, universalityRows } from './universality.ts';

type Results = readonly EnsembleResult<BlockedStatistics>[];

/** The parts of a composition that make a finite-size study, and the stage from signals to avalanches. */
export interface FiniteSize extends Study<BlockedStatistics>, Pick<Composition<BlockedStatistics>, 'next'> {
  /** Stage from signals to avalanches; those of the scan come without shapes and spectra, which nobody needs. */
  avalanches(partition: Pick<PartitionContext, 'ensemble' | 'count'>): Stage<'signal', AnalysedTable>;
}

/** Tables that a finite-size study makes. */
export const finiteSizeTableNames = [
  ...cracklingTableNames,
  'straightness',
  'correction',
  'extrapolation',
  'moment_scaling',
  'cutoff_exponent',
] as const;

/** The straightest corrections of every width, by observable. */
function found(scanned: readonly Scanned[], values: FiniteSizeValues): Straightest[] {
  return values.widths.flatMap((width) => {
    const own = scanned.filter(({ ensemble }) => ensemble.width === width);
    if (own.length === 0) return [];
    return observables.flatMap((observable) => straightest(own, observable) ?? []);
  });
}

function tablesOf(results: Results, scanLength: number, values: FiniteSizeValues): Tables {
  const scanned = results.slice(0, scanLength).map((one) => measureLines(one, values));
  const main = results.slice(scanLength).map((one) => analyseFurther(one, values, true));
  const usedAt = (width: number): number => {
    const one = main.find(({ ensemble }) => ensemble.width === width);
    return one === undefined ? Number.NaN : scaledCorrection(one.ensemble);
  };
  const tables = tablesOfAnalysed(main, values, values.engine);
  return {
    ...tables,
    straightness: scanned.flatMap((one) => straightnessRows(one, values)),
    correction: found(scanned, values).map((best) => correctionRow(best, values.size, usedAt(best.ensemble.width))),
    asymmetry: main.flatMap(asymmetryRows),
    ...cutoffTables(main, values),
    ...spectrumTables(main),
    extrapolation: extrapolationRows(main),
    universality: [
      ...(tables.universality ?? []),
      ...universalityRows({}, extrapolatedTriple(main), values.systematic),
    ],
  };
}

/**
 * The finite-size study of arXiv:2509.22649, figure 2, as part of a pipeline: for every width a scan of corrections δ in σw² = 1 + δ for
 * the straightest distribution, then avalanches at that correction, their exponents, and the exponents against 1/N. The scan is a phase
 * of its own, the avalanches are the next. Spread it into what `compose` returns.
 */
export function finiteSizeScaling(values: FiniteSizeValues): FiniteSize {
  const { scan, main } = finiteSizeEnsembles(values);
  const stop: StopRule = { valid: values.valid ?? (values.full ? 4_000_000 : 400_000) };
  const isScan = ({ index }: Ensemble): boolean => index < scan.length;
  const cost = ({ width }: Pick<Ensemble, 'width'>): number =>
    // Durations have no mean: the mean number of layers grows as √N, and so does the cost of a layer as N where neurons are simulated.
    Math.sqrt(width) * (values.engine === 'effective' ? 1 : width);
  const reducer = cracklingReducer({ ...values, unprofiled: true });
  return {
    ensembles: [...scan, ...main],
    stop,
    stopOf: (ensemble) => (isScan(ensemble) ? { valid: values.scanValid } : stop),
    avalanches: (partition) =>
      analysedAvalanches(partition, isScan(partition.ensemble) ? { size: values.size, profilePoints: 0 } : values),
    reducer,
    mergeable: true,
    ahead: {
      of: reducer,
      measure: (one) =>
        measuredAlone(isScan(one.ensemble) ? measureLines(one, values) : analyseFurther(one, values, true)),
      // The last one is of the scan in the first phase only.
      ...(main.length > 0 ? { parts: furtherInParts(values, true) } : {}),
    },
    ...(main.length > 0
      ? {}
      : {
          next: {
            values: (scanned) => {
              const best = found(
                scanned.map((one) => measureLines(one, values)),
                values,
              );
              const corrections = values.widths.map(
                (width) =>
                  best.find(({ ensemble, observable }) => ensemble.width === width && observable === values.straightest)
                    ?.x ?? 1,
              );
              return { ...values, corrections };
            },
            cost: values.widths.reduce((sum, width) => sum + cost({ width }) * stop.valid!, 0),
          },
        }),
    results: (ensembles) => tablesOf(ensembles, scan.length, values),
    estimate: ({ all }, ensemble) => quickExponents(ensemble, all, values, scalingRange(ensemble, values)),
    summaries: (tables) => [
      correctionSummary(tables),
      exponentsSummary(tables, values),
      footingSummary(tables),
      extrapolationSummary(tables),
      universalitySummary(tables),
      surrogateSummary(tables),
      countsSummary(tables),
    ],
    after: {
      each: (ensemble) => (isScan(ensemble) ? 0 : 0.9),
      all: 3 + (main.length > 0 ? 0 : 0.9),
      figures: 1.5 + 0.6 * values.widths.length,
    },
    figures: (tables) => [
      finiteSizeOverviewFigure(tables),
      finiteSizeScalingFigure(tables, values),
      straightnessFigure(tables),
      collapseFigure(tables),
      distributionCollapseFigure(tables),
      asymmetryFigure(tables),
      ...((tables.spectrum ?? []).length === 0 ? [] : [spectrumFigure(tables)]),
      stabilityFigure(tables),
      universalityFigure(tables, nearestClasses(tables.universality ?? []), values),
    ],
    cost,
  };
}
