/**
 * Figures and summaries: what is drawn and said of finished tables, as data.
 *
 * ```ts
 * import { themed } from 'crackle';
 *
 * const values = [{ width: 128, tau: 1.33 }];
 * const encoding = { x: { field: 'width', type: 'quantitative' }, y: { field: 'tau', type: 'quantitative' } };
 * const figure = { name: 'tau', title: 'τ', caption: 'τ by width.', spec: themed({ data: { values }, mark: 'point', encoding }) };
 * console.log(figure.spec.mark); // point
 * ```
 */

export { type AccuracyMapOptions, accuracyMapFigure } from '../report/accuracy-map-figure.ts';
export { accuracyPredictionFigure } from '../report/accuracy-prediction-figure.ts';
export { asymmetryFigure } from '../report/asymmetry-figure.ts';
export { calibrationFigure } from '../report/calibration-figure.ts';
export { type CollapseFigureOptions, collapseFigure } from '../report/collapse-figure.ts';
export {
  correlationDecayFigure,
  correlationDepthsFigure,
} from '../report/correlation-figures.ts';
export { cracklingFigure } from '../report/crackling-figure.ts';
export { distributionCollapseFigure } from '../report/distribution-collapse-figure.ts';
export {
  type DistributionOptions,
  durationDistributionFigure,
  sizeDistributionFigure,
} from '../report/distribution-figure.ts';
export { emptyFigure } from '../report/empty-figure.ts';
export type { Figure } from '../report/figure.ts';
export type { Finding, Quantity } from '../report/finding.ts';
export { finiteSizeOverviewFigure, finiteSizeScalingFigure } from '../report/finite-size-figure.ts';
export { type FitFigureOptions, type FitFigureRows, fitFigure } from '../report/fit-figure.ts';
export { knownExponentsFigure } from '../report/known-exponents-figure.ts';
export { layerStrengthFigure } from '../report/layer-strength-figure.ts';
export { learnedSignalFigure } from '../report/learned-signal-figure.ts';
export { accuracyPerEpochFigure, epochsToAccuracyFigure } from '../report/learning-curve-figures.ts';
export { type LogChannel, logChannel, positiveExtent } from '../report/log-axis.ts';
export { meanFieldFigure } from '../report/meanfield-figure.ts';
export { type MapQuantity, type PhaseMapOptions, phaseMapFigure } from '../report/phase-figures.ts';
export { type PhaseSectionsOptions, phaseSectionsFigure } from '../report/phase-sections-figure.ts';
export { rankCorrelationFigure } from '../report/rank-correlation-figure.ts';
export { type RegimesOptions, regimesFigure } from '../report/regimes-figure.ts';
export { type ScalingFigureOptions, scalingFigure } from '../report/scaling-figure.ts';
export { scanFigure } from '../report/scan-figure.ts';
export { type Series, seriesChannels, seriesOf } from '../report/series.ts';
export type { GammaFit } from '../report/size-words.ts';
export { spectrumFigure } from '../report/spectrum-figure.ts';
export { stabilityFigure } from '../report/stability-figure.ts';
export { straightnessFigure } from '../report/straightness-figure.ts';
export type { Brief, Summary } from '../report/summary.ts';
export { surrogatesFigure } from '../report/surrogate-figure.ts';
export type { Row as ReportRow, Tables as ReportTables } from '../report/table-row.ts';
export { palette, themed } from '../report/theme.ts';
export { thresholdExponentsFigure } from '../report/threshold-figure.ts';
export { universalityFigure } from '../report/universality-figure.ts';
