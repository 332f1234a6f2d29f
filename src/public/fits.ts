/**
 * Fits: samples and statistics to exponents with errors.
 *
 * ```ts
 * import { createStream, fitPowerLaw } from 'crackle';
 *
 * const stream = createStream(1);
 * const sizes = Float64Array.from({ length: 20_000 }, () => (1 - stream.uniform()) ** -2); // p(x) ∝ x^-1.5
 * console.log(fitPowerLaw(sizes, { xmin: 1, alternatives: false }).exponent.toFixed(1)); // 1.5
 * ```
 */

export { type AdaptiveBins, adaptiveBins, type StraightnessOptions, straightness } from '../fit/adaptive-bins.ts';
export type { BinnedSample } from '../fit/binned.ts';
export type { BinnedData } from '../fit/binned-bootstrap.ts';
export type { BinnedCutoffs } from '../fit/binned-xmin.ts';
export type { CensoredSample } from '../fit/censored/sample.ts';
export { type CollapseFit, type CollapseOptions, fitCollapse, type Normalise } from '../fit/collapse-fit.ts';
export type { CollapseRange, Profiles as MeanProfiles } from '../fit/collapse-profiles.ts';
export type { CountedSample } from '../fit/counted.ts';
export {
  type CracklingRelation,
  cracklingRelation,
  deviationFromCriticality,
  type Measured,
  predictedGamma,
} from '../fit/crackling-relation.ts';
export {
  type AlternativeReport,
  type CensoredPart,
  type CutoffOptions,
  type FitOptions,
  type FitReport,
  fitBounded,
  fitPowerLaw,
} from '../fit/fit-power-law.ts';
export { type BootstrapOptions, type GoodnessOfFit, goodnessOfFit } from '../fit/goodness-of-fit.ts';
export { type Approach, type Extrapolation, extrapolateWidth } from '../fit/infinite-width.ts';
export { type Jackknife, jackknife } from '../fit/jackknife.ts';
export type { KsConvention } from '../fit/kolmogorov-smirnov.ts';
export type { Sample } from '../fit/ordered-sample.ts';
export type { PowerLaw, PowerLawEstimate } from '../fit/power-law.ts';
export { spearman } from '../fit/rank-correlation.ts';
export type { RareDurations } from '../fit/rare.ts';
export {
  fitScaling,
  type ScalingFit,
  type ScalingOf,
  type ScalingOptions,
  type ScalingRange,
  type ScalingWeights,
  type SizesByDuration,
} from '../fit/scaling-fit.ts';
export {
  type ComparedSample,
  compareSamples,
  type TwoSampleOptions,
  type TwoSampleReport,
} from '../fit/two-samples.ts';
export {
  type ClassDistance,
  compareUniversality,
  type ExponentValues,
  type UniversalityOptions,
} from '../fit/universality.ts';
export { type GoodnessOfReport, sentencesOf } from '../fit/verdict.ts';
export type { Acceptance as WindowAcceptance } from '../fit/window/acceptance.ts';
export type { WindowOptions } from '../fit/window/candidates.ts';
export type { WindowRule } from '../fit/window/rule.ts';
export type { WeightedLine } from '../numeric/weighted-line.ts';
