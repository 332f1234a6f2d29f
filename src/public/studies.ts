/**
 * Studies: reducers, fits, figures and summaries joined into an experiment, with the parameters that they share.
 *
 * ```ts
 * import { regimeParameters, regimes } from 'crackle';
 *
 * const values = { activation: 'tanh', width: 16, depth: 10, weightVariances: [0.5, 1.5], biasVariance: 0 };
 * const study = regimes({ ...values, inputNorm: 0.1, networks: 4, traces: 1, engine: regimeParameters.engine.default });
 * console.log(study.ensembles.length); // 2: the rest of what `compose` returns, stages left out
 * ```
 */

export {
  type ActivationUniversality,
  type ActivationValues,
  activationParameters,
  activationTableNames,
  activationUniversality,
} from '../crackling/activations.ts';
export type { AnalysedTable, AvalancheValues } from '../crackling/analysed-avalanches.ts';
export { type Crackling, crackling, cracklingTableNames } from '../crackling/crackling.ts';
export type {
  ExponentName,
  Exponents as CracklingExponents,
  Measuring as MeasuringOptions,
} from '../crackling/exponents.ts';
export { type FiniteSize, finiteSizeScaling, finiteSizeTableNames } from '../crackling/finite-size.ts';
export { type FiniteSizeValues, finiteSizeParameters } from '../crackling/finite-size-parameters.ts';
export { type CracklingValues, cracklingParameters, detectionParameters } from '../crackling/parameters.ts';
export type { BlockedStatistics, Statistics as CracklingStatistics } from '../crackling/reducer.ts';
export { spectrumParameters } from '../crackling/spectra.ts';
export type { Cutoffs, StatedCutoffs, WindowChoice, Windows as FitWindows } from '../crackling/windows.ts';
export { type LearningValues, learningParameters } from '../learning/parameters.ts';
export { learningTableNames, type Trainability, trainability } from '../learning/trainability.ts';
export {
  type CorrelationDepth,
  correlationDepth,
  correlationTableNames,
  type PairBlocks,
} from '../phase/correlation-depth.ts';
export { type CorrelationValues, correlationParameters } from '../phase/correlation-parameters.ts';
export type { PairStatistics } from '../phase/correlation-tables.ts';
export type { LayerMomentsResult } from '../phase/layer-moments.ts';
export { type PhaseValues, phaseParameters } from '../phase/parameters.ts';
export { type PhaseDiagram, phaseDiagram, phaseTableNames } from '../phase/phase.ts';
export type { CellResult } from '../phase/reducer.ts';
export { type RegimeResult, type RegimeValues, regimeParameters, regimes } from '../phase/regimes.ts';
export { type SteadyStateOptions, steadyState } from '../phase/steady-state.ts';
export { type KnownExponentsStudy, knownExponents, knownExponentsTableNames } from '../process/known-exponents.ts';
export { type KnownExponentsValues, knownExponentsParameters } from '../process/parameters.ts';
export { type ResidualValues, residualParameters } from '../residual/parameters.ts';
export type { ResidualResult } from '../residual/reducer.ts';
export {
  type ResidualAvalanches,
  type ResidualPartition,
  residualAvalanches,
  residualTableNames,
} from '../residual/residual.ts';
export type { TrainedPartition } from '../trained/networks.ts';
export { type TrainedValues, trainedParameters } from '../trained/parameters.ts';
export {
  type TrainedAvalanches,
  type TrainedResult,
  trainedAvalanches,
  trainedTableNames,
} from '../trained/trained.ts';
