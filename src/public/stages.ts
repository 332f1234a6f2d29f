/**
 * Stages: operators over record batches, from perturbations to signals to avalanches.
 *
 * ```ts
 * import { avalanches, column, rowsToBatch } from 'crackle';
 * import { of } from 'rxjs';
 *
 * const ensemble = { index: 0, width: 1, depth: 3, inputStrength: 1, reuse: 1 };
 * const trace = [2, 3, 0.5].map((strength, l) => ({ ensemble: 0, perturbation: 0, layer: l + 1, strength }));
 * const found$ = of(rowsToBatch('signal', trace)).pipe(avalanches({ ensemble, count: () => {} }));
 * found$.subscribe((found) => console.log(column(found, 'duration')[0])); // 2
 * ```
 */

export { type AvalanchesContext, type AvalanchesOptions, avalanches } from '../avalanche/avalanches.ts';
export { createDetector, type Detector, type SignalColumns } from '../avalanche/detector.ts';
export type { DetectorOptions, LastLayer } from '../avalanche/detector-options.ts';
export type { ProfileOptions } from '../avalanche/profile-options.ts';
export { energySpectrum, type SpectrumOptions } from '../avalanche/spectrum.ts';
export {
  floorOf,
  type Precision,
  type Rule as AvalancheRule,
  relativeToDrive,
  type Strengths,
  type Threshold,
} from '../avalanche/threshold.ts';
export type { SignalPlan, TrainingPlan } from '../learning/plan.ts';
export { type TrainContext, train } from '../learning/train.ts';
export type { Growth as GrowthSums } from '../numeric/growth.ts';
export { type PairOptions, propagatePairs } from '../propagation/correlation.ts';
export { type PropagateContext, type PropagateOptions, propagate } from '../propagation/propagate.ts';
export type {
  AvalancheColumns,
  Branching as BranchingSums,
  Sums as AvalancheSums,
  Tally as AvalancheTally,
} from '../shortcut.ts';
export { beside, pulled, type Stage } from '../stage.ts';
