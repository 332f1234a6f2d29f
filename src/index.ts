/** The public surface of crackle. Everything here is documented where it is defined. */

export { type AvalanchesOptions, avalanches } from './avalanche/avalanches.ts';
export { createDetector } from './avalanche/detector.ts';
export { energySpectrum, type SpectrumOptions } from './avalanche/spectrum.ts';
export { floorOf, relativeToDrive } from './avalanche/threshold.ts';
export { activationParameters, activationTableNames, activationUniversality } from './crackling/activations.ts';
export { type Crackling, crackling, cracklingTableNames } from './crackling/crackling.ts';
export { type FiniteSize, finiteSizeScaling, finiteSizeTableNames } from './crackling/finite-size.ts';
export { finiteSizeParameters } from './crackling/finite-size-parameters.ts';
export { cracklingParameters, detectionParameters } from './crackling/parameters.ts';
export { spectrumParameters } from './crackling/spectra.ts';
export { BackendError, CrackleError, ParameterError, PipelineError, SchemaError, StoreError } from './error.ts';
export { adaptiveBins, straightness } from './fit/adaptive-bins.ts';
export { fitCollapse } from './fit/collapse-fit.ts';
export { cracklingRelation, deviationFromCriticality, predictedGamma } from './fit/crackling-relation.ts';
export { fitBounded, fitPowerLaw } from './fit/fit-power-law.ts';
export { type Approach, type Extrapolation, extrapolateWidth } from './fit/infinite-width.ts';
export { jackknife } from './fit/jackknife.ts';
export { spearman } from './fit/rank-correlation.ts';
export { fitScaling } from './fit/scaling-fit.ts';
export { sentencesOf } from './fit/verdict.ts';
export { readIdx } from './images/idx.ts';
export { learning } from './learning/learning-reducer.ts';
export { learningParameters } from './learning/parameters.ts';
export { train } from './learning/train.ts';
export { learningTableNames, trainability } from './learning/trainability.ts';
export { openTrainer, type Trainer } from './learning/trainer.ts';
export { type Activation, activation, activationNames, registerActivation } from './network/activation.ts';
export { type CriticalPoint, criticalPoint } from './network/critical-point.ts';
export type { Ensemble } from './network/ensemble.ts';
export { gaussianEnsembles, gaussianParameters } from './network/gaussian.ts';
export {
  type LayerRule,
  type ResidualArchitecture,
  type ResidualOptions,
  residualArchitecture,
} from './network/resnet/architecture.ts';
export type { ResidualLayout } from './network/resnet/layout.ts';
export * from './parameter.ts';
export { type CorrelationDepth, correlationDepth, correlationTableNames } from './phase/correlation-depth.ts';
export { correlationParameters } from './phase/correlation-parameters.ts';
export { phaseParameters } from './phase/parameters.ts';
export { type PhaseDiagram, phaseDiagram, phaseTableNames } from './phase/phase.ts';
export { regimeParameters, regimes } from './phase/regimes.ts';
export { type SteadyStateOptions, steadyState } from './phase/steady-state.ts';
export * from './pipeline.ts';
export {
  type KnownExponents,
  leastActivity,
  type Process,
  type ProcessParameters,
  processEnsemble,
  type Trajectory,
} from './process/control.ts';
export { processEngine } from './process/engine.ts';
export { type KnownExponentsStudy, knownExponents, knownExponentsTableNames } from './process/known-exponents.ts';
export { knownExponentsParameters } from './process/parameters.ts';
export { processes, processOf } from './process/processes.ts';
export { scalingWindow } from './process/scaling-window.ts';
export { type PairOptions, propagatePairs } from './propagation/correlation.ts';
export { type DenseOptions, dense } from './propagation/dense.ts';
export { type LayerWeights, modelWeights } from './propagation/dense-weights.ts';
export type { Engine, EngineOptions, SignalWindow } from './propagation/engine.ts';
export { engine, engineNames, registerEngine } from './propagation/engines.ts';
export { engineParameters, stopParameters, stopRule } from './propagation/parameters.ts';
export { type PropagateOptions, propagate } from './propagation/propagate.ts';
export { type ResidualEngine, type ResidualEngineOptions, residual } from './propagation/residual/engine.ts';
export { gaussianImages, type InputSource, imagesFrom } from './propagation/residual/inputs.ts';
export { type Calibration, type ResidualSettings, thresholdsOf } from './propagation/residual/runner.ts';
export { blocks } from './reduce/blocks.ts';
export { branching } from './reduce/branching.ts';
export { collapse } from './reduce/collapse.ts';
export type { GroupedSample } from './reduce/grouped.ts';
export { histogram } from './reduce/histogram.ts';
export { moments } from './reduce/moments.ts';
export type { Reducer, ResultOf } from './reduce/reducer.ts';
export { scaling } from './reduce/scaling.ts';
export { spectrum } from './reduce/spectrum.ts';
export { together } from './reduce/together.ts';
export { valueHistogram } from './reduce/value-histogram.ts';
export type { Figure } from './report/figure.ts';
export type { Brief, Summary } from './report/summary.ts';
export { residualParameters } from './residual/parameters.ts';
export {
  type ResidualAvalanches,
  type ResidualPartition,
  residualAvalanches,
  residualTableNames,
} from './residual/residual.ts';
export { type MergeOptions, mergeRuns } from './run/merge.ts';
export { type RunOptions, type RunResult, resume, run, type Snapshot, stream } from './run.ts';
export { arrowSchema, column, makeBatch } from './schema/batch.ts';
export type { TableName, TableRows } from './schema/columns.ts';
export { defineTable, type RowOf, type TableSchema, tableNames, tableSchema } from './schema/table.ts';
export { beside } from './stage.ts';
export type { Part, Sink } from './store/sink.ts';

// Recorded data: what `crackle fit` does, as functions.

export { analyseRecorded, collectAvalanches, type RecordedAnalysis } from './recording/analysis.ts';
export { type ColumnFit, fitColumn } from './recording/column.ts';
export { type CracklingFit, fitAvalanches, fitTrace } from './recording/crackling.ts';
export { followRecording, type Recording } from './recording/follow.ts';
export { estimateMultistep, type MultistepEstimate, type MultistepOptions } from './recording/multistep/estimate.ts';
export { PairCollector } from './recording/multistep/pair-sums.ts';
export type { AvalancheOptions, ColumnOptions, FitRun, TraceOptions } from './recording/parameters.ts';
export { type ScannedOver, scanTrace, type TraceScan } from './recording/scan.ts';
export { columnsSource, type DataSource, joinedSource, openSource } from './recording/source.ts';
export { columnTables, cracklingTables } from './recording/tables.ts';

// Null models.

export { surrogateEngine, surrogateEnsemble } from './surrogate/engine.ts';
export { type WithSurrogates, withSurrogates } from './surrogate/ensembles.ts';
export { type SurrogateKind, surrogateKinds, surrogateParameters } from './surrogate/kinds.ts';
export { type LayeredSignals, layeredSurrogate } from './surrogate/layered.ts';
