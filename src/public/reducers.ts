/**
 * Reducers: statistics whose states merge.
 *
 * ```ts
 * import { moments, rowsToBatch } from 'crackle';
 *
 * const mean = moments('strength');
 * const parts = [1, 2, 6].map((strength) => {
 *   const batch = rowsToBatch('signal', [{ ensemble: 0, perturbation: 0, layer: 1, strength }]);
 *   return mean.step(mean.init(), batch); // in any thread
 * });
 * console.log(mean.finish(parts.reduce((a, b) => mean.merge(a, b))).mean); // 3
 * ```
 */

export type { EpochRow } from '../learning/learning-batch.ts';
export {
  type EpochSummary,
  type LearningResult,
  type LearningState,
  type LookSummary,
  learning,
  type RunSummary,
} from '../learning/learning-reducer.ts';
export { type BlocksResult, type BlocksState, blocks } from '../reduce/blocks.ts';
export { type BranchingResult, type BranchingState, branching } from '../reduce/branching.ts';
export { type ByEnsembleState, byEnsemble } from '../reduce/by-ensemble.ts';
export { byTable } from '../reduce/by-table.ts';
export type { CensoredOption } from '../reduce/censored.ts';
export { checkReducer, type ReducerCheck } from '../reduce/check-reducer.ts';
export { type CollapseResult, type CollapseState, collapse } from '../reduce/collapse.ts';
export type { FineBins } from '../reduce/fine-bins.ts';
export type { GroupedSample } from '../reduce/grouped.ts';
export { type GrowthResult, type GrowthState, growth } from '../reduce/growth.ts';
export type { Halves as BlockHalves, HalvesWalk, Share as BlockShare } from '../reduce/halves.ts';
export { type HistogramOptions, type HistogramResult, type HistogramState, histogram } from '../reduce/histogram.ts';
export { type MomentsResult, type MomentsState, moments } from '../reduce/moments.ts';
export { only } from '../reduce/only.ts';
export type { Reducer, ResultOf } from '../reduce/reducer.ts';
export { type ScalingReducerOptions, type ScalingResult, type ScalingState, scaling } from '../reduce/scaling.ts';
export type { SizeOptions } from '../reduce/size-option.ts';
export { type OctaveEnergy, type SpectrumResult, type SpectrumState, spectrum } from '../reduce/spectrum.ts';
export { type ResultsOf, type StateOf, type StatesOf, together } from '../reduce/together.ts';
export {
  type ValueHistogramOptions,
  type ValueHistogramResult,
  type ValueHistogramState,
  valueHistogram,
} from '../reduce/value-histogram.ts';
