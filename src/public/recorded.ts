/**
 * Recorded data: what `crackle fit` does, as functions.
 *
 * ```ts
 * import { columnsSource, fitAvalanches, fitColumn } from 'crackle';
 *
 * const size = Float64Array.from({ length: 1000 }, (_, i) => ((i + 0.5) / 1000) ** -2); // quantiles of x^-1.5
 * const { report } = await fitColumn(columnsSource({ size }), { xmin: 1, alternatives: false });
 * console.log(report.exponent.toFixed(1)); // 1.5
 *
 * const duration = size.map((x) => Math.round(Math.sqrt(x)));
 * const area = duration.map((d, i) => (1 + (i % 2)) * d ** 1.5); // columns may have any names: first that of sizes, then that of durations
 * const { analysis } = await fitAvalanches(columnsSource({ area, duration }), { avalanches: ['area', 'duration'] });
 * console.log(analysis.jackknife.estimate.gammaScaling.toFixed(1)); // 1.5
 * ```
 */

export {
  analyseRecorded,
  type Collected as CollectedAvalanches,
  type Collection as AvalancheCollection,
  type CollectOptions,
  collectAvalanches,
  type RecordedAnalysis,
  type RecordedOptions,
} from '../recording/analysis.ts';
export { type ColumnFit, fitColumn } from '../recording/column.ts';
export {
  type ColumnComparison,
  type ComparedTail,
  compareColumns,
  compareExponents,
  type ExponentDifference,
  type Sampled,
  samplesBy,
} from '../recording/compare.ts';
export { type CracklingFit, fitAvalanches, fitTrace } from '../recording/crackling.ts';
export { followRecording, type Recording, type RecordingOptions, type RecordingTally } from '../recording/follow.ts';
export type { MeanRule } from '../recording/multistep/coefficients.ts';
export type { Decay as DecayLaw, DecayFit } from '../recording/multistep/decay-fit.ts';
export {
  estimateMultistep,
  type Interval as BootstrapInterval,
  type MultistepEstimate,
  type MultistepOptions,
} from '../recording/multistep/estimate.ts';
export {
  PairCollector,
  type PairSums,
  type Recent as RecentValues,
  type TrialSums,
} from '../recording/multistep/pair-sums.ts';
export type { NullAvalanches, RecordedSurrogate } from '../recording/null-models.ts';
export type {
  AvalancheOptions,
  ColumnOptions,
  ComparisonOptions,
  FitRun,
  Given as OptionsOf,
  Threshold as TraceThreshold,
  TraceOptions,
} from '../recording/parameters.ts';
export type { RecordedRun } from '../recording/pooled-runs.ts';
export type { RasterChannel } from '../recording/raster.ts';
export type { RoundedFit } from '../recording/rounded.ts';
export type { RoundingGrid } from '../recording/rounding-grid.ts';
export type { Comparator as RowComparator, Condition as RowCondition, RowCounts } from '../recording/rows.ts';
export { type ScannedOver, scanTrace, type TraceScan } from '../recording/scan.ts';
export { cracklingSentences } from '../recording/sentences.ts';
export { type SignalsContext, type SignalsOptions, signalsFrom } from '../recording/signals.ts';
export { columnsSource, type DataSource, joinedSource, openNwb, openSource } from '../recording/source.ts';
export type { TableAvalanches } from '../recording/table.ts';
export { columnTables, cracklingTables } from '../recording/tables.ts';
export type { BranchingEstimates, TraceAvalanches } from '../recording/trace.ts';
export type { Held as HeldValues } from '../recording/values.ts';
export type { NumberStyle } from '../store/read/cells.ts';
export type { Delimiter as TextDelimiter, Parting as TextParting } from '../store/read/dialect/rows.ts';
export type { Dialect as TextDialect, TextOptions } from '../store/read/dialect.ts';
export type { NwbPart } from '../store/read/nwb.ts';
export type { TableSource } from '../store/read/open.ts';
