/**
 * Engines and networks: what perturbations go through; an engine draws from streams that are keyed, never by worker or time.
 *
 * ```ts
 * import { activation, createStream } from 'crackle';
 *
 * const draw = () => createStream(1, 0, 7).normal(); // seed 1, ensemble 0, perturbation 7: the same in every thread
 * console.log(draw() === draw()); // true
 * console.log(activation('relu').phi(-1)); // 0
 * ```
 */

export { type IdxArray, type IdxValues, readIdx } from '../images/idx.ts';
export type { LabelledImages } from '../images/labelled.ts';
export type { HiddenAvalanches } from '../learning/signal-columns.ts';
export {
  type BatchTally,
  type FirstWeights,
  openTrainer,
  type Trainer,
  type TrainerOptions,
  type Watch as TrainerWatch,
} from '../learning/trainer.ts';
export {
  type Activation,
  type ActivationDefinition,
  activation,
  activationNames,
  registerActivation,
} from '../network/activation.ts';
export { type CriticalPoint, criticalPoint } from '../network/critical-point.ts';
export type { Ensemble } from '../network/ensemble.ts';
export { type GaussianValues, gaussianEnsembles, gaussianParameters } from '../network/gaussian.ts';
export {
  type LayerRule,
  type ResidualArchitecture,
  type ResidualOptions,
  residualArchitecture,
} from '../network/resnet/architecture.ts';
export type { ResidualLayout } from '../network/resnet/layout.ts';
export type {
  Operation as ResidualOperation,
  Place as ResidualPlace,
  Shape as ImageShape,
  Window as ResidualWindow,
} from '../network/resnet/operation.ts';
export { createStream, type RandomStream } from '../numeric/random.ts';
export type { DataPoints } from '../propagation/data-points.ts';
export { type DenseOptions, dense } from '../propagation/dense.ts';
export { type LayeredModel, type LayerWeights, modelWeights } from '../propagation/dense-weights.ts';
export type { Engine, EngineOptions, SignalWindow, Strength } from '../propagation/engine.ts';
export { type EngineLoader, engine, engineNames, registerEngine } from '../propagation/engines.ts';
export { engineParameters, stopParameters, stopRule } from '../propagation/parameters.ts';
export { type ResidualEngine, type ResidualEngineOptions, residual } from '../propagation/residual/engine.ts';
export { gaussianImages, type InputKey, type InputSource, imagesFrom } from '../propagation/residual/inputs.ts';
export { type Calibration, type ResidualSettings, thresholdsOf } from '../propagation/residual/runner.ts';
export { SignalRows } from '../propagation/signal-rows.ts';
export type { WeightLayout, WeightsOptions } from '../weights/chain.ts';
export { readWeights, type SavedLayer } from '../weights/read-weights.ts';
