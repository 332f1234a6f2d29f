/**
 * The public surface of crackle, in groups; everything is documented where it is defined. `pipelines/examples/` has a short, tested file for
 * each thing that a user may add. The examples below are run by the tests, in the packed package.
 */

/**
 * A pipeline: parameters declared as data, and what `compose` makes of their values.
 *
 * ```ts
 * import { avalanches, definePipeline, gaussianEnsembles, gaussianParameters, moments, propagate, run } from 'crackle';
 *
 * const mine = definePipeline({
 *   name: 'mine',
 *   doc: 'durations of avalanches',
 *   parameters: gaussianParameters,
 *   compose: (values) => ({
 *     ensembles: gaussianEnsembles(values),
 *     stop: { perturbations: 200 },
 *     stages: (partition) =>
 *       partition.perturbation$.pipe(propagate(partition, { engine: 'effective' }), avalanches(partition)),
 *     reducer: moments('duration'),
 *     results: () => ({}),
 *   }),
 * });
 * const { ensembles } = await run(mine, { widths: [16], depth: 50 });
 * console.log(ensembles[0]?.counts.perturbations); // 200
 * ```
 */

export {
  BackendError,
  CrackleError,
  ParameterError,
  PipelineError,
  QueueError,
  SchemaError,
  StoreError,
  WorkerError,
} from './error.ts';
export {
  auto,
  choice,
  flag,
  integer,
  list,
  optional,
  type ParameterSpec,
  type ParameterSpecs,
  parameter,
  positive,
  real,
  text,
  upperCutoff,
  type ValuesOf,
} from './parameter.ts';
export * from './pipeline.ts';

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

export { type AvalanchesOptions, avalanches } from './avalanche/avalanches.ts';
export { createDetector } from './avalanche/detector.ts';
export { energySpectrum, type SpectrumOptions } from './avalanche/spectrum.ts';
export { floorOf, relativeToDrive } from './avalanche/threshold.ts';
export { train } from './learning/train.ts';
export { type PairOptions, propagatePairs } from './propagation/correlation.ts';
export { type PropagateOptions, propagate } from './propagation/propagate.ts';
export { beside, pulled, type Stage } from './stage.ts';

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

export { readIdx } from './images/idx.ts';
export { type BatchTally, openTrainer, type Trainer, type TrainerOptions } from './learning/trainer.ts';
export {
  type Activation,
  type ActivationDefinition,
  activation,
  activationNames,
  registerActivation,
} from './network/activation.ts';
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
export { createStream, type RandomStream } from './numeric/random.ts';
export { type DenseOptions, dense } from './propagation/dense.ts';
export { type LayeredModel, type LayerWeights, modelWeights } from './propagation/dense-weights.ts';
export type { Engine, EngineOptions, SignalWindow } from './propagation/engine.ts';
export { type EngineLoader, engine, engineNames, registerEngine } from './propagation/engines.ts';
export { engineParameters, stopParameters, stopRule } from './propagation/parameters.ts';
export { type ResidualEngine, type ResidualEngineOptions, residual } from './propagation/residual/engine.ts';
export { gaussianImages, type InputSource, imagesFrom } from './propagation/residual/inputs.ts';
export { type Calibration, type ResidualSettings, thresholdsOf } from './propagation/residual/runner.ts';
export { SignalRows } from './propagation/signal-rows.ts';

/**
 * Control processes: signals whose exponents are known.
 *
 * ```ts
 * import { processOf } from 'crackle';
 *
 * console.log(processOf('random-walk').name); // random-walk
 * ```
 */

export {
  type KnownExponents,
  leastActivity,
  type Process,
  type ProcessParameters,
  processEnsemble,
  type Trajectory,
} from './process/control.ts';
export { processEngine } from './process/engine.ts';
export { processes, processOf } from './process/processes.ts';
export { scalingWindow } from './process/scaling-window.ts';

/**
 * Null models: surrogates of signals.
 *
 * ```ts
 * import { layeredSurrogate } from 'crackle';
 *
 * const signals = { traces: 2, depth: 1, strength: Float32Array.of(3, 5) };
 * const shuffled = layeredSurrogate('shuffle', signals, { seed: 1, ensemble: 0, block: 0 });
 * console.log([0, 1].map((trace) => shuffled(trace)(1)).sort().join()); // 3,5
 * ```
 */

export { surrogateEngine, surrogateEnsemble } from './surrogate/engine.ts';
export { type WithSurrogates, withSurrogates } from './surrogate/ensembles.ts';
export { type SurrogateKind, surrogateKinds, surrogateParameters } from './surrogate/kinds.ts';
export { type LayeredSignals, layeredSurrogate } from './surrogate/layered.ts';

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

export { learning } from './learning/learning-reducer.ts';
export { blocks } from './reduce/blocks.ts';
export { branching } from './reduce/branching.ts';
export { byEnsemble } from './reduce/by-ensemble.ts';
export { byTable } from './reduce/by-table.ts';
export { collapse } from './reduce/collapse.ts';
export type { GroupedSample } from './reduce/grouped.ts';
export { histogram } from './reduce/histogram.ts';
export { moments } from './reduce/moments.ts';
export { only } from './reduce/only.ts';
export type { Reducer, ResultOf } from './reduce/reducer.ts';
export { scaling } from './reduce/scaling.ts';
export { spectrum } from './reduce/spectrum.ts';
export { together } from './reduce/together.ts';
export { valueHistogram } from './reduce/value-histogram.ts';

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

export { adaptiveBins, straightness } from './fit/adaptive-bins.ts';
export { fitCollapse } from './fit/collapse-fit.ts';
export { cracklingRelation, deviationFromCriticality, predictedGamma } from './fit/crackling-relation.ts';
export { type FitOptions, type FitReport, fitBounded, fitPowerLaw } from './fit/fit-power-law.ts';
export { type BootstrapOptions, type GoodnessOfFit, goodnessOfFit } from './fit/goodness-of-fit.ts';
export { type Approach, type Extrapolation, extrapolateWidth } from './fit/infinite-width.ts';
export { jackknife } from './fit/jackknife.ts';
export { spearman } from './fit/rank-correlation.ts';
export { fitScaling } from './fit/scaling-fit.ts';
export { type ClassDistance, compareUniversality, type UniversalityOptions } from './fit/universality.ts';
export { sentencesOf } from './fit/verdict.ts';

/**
 * Theory: mean field of wide networks, universality classes.
 *
 * ```ts
 * import { activation, edgeOfChaos } from 'crackle';
 *
 * console.log(edgeOfChaos(activation('tanh'), 0)?.weightVariance.toFixed(3)); // 1.000
 * ```
 */

export {
  type ActivationFunction,
  type CurvePoint,
  edgeOfChaos,
  lengthRecursion,
  type MeanFieldPoint,
  meanFieldPoint,
  phaseCurves,
  widomLine,
} from './theory/meanfield.ts';
export { type UniversalityClass, universalityClasses } from './theory/universality.ts';

/**
 * Tables: definitions, batches, rows, files.
 *
 * ```ts
 * import { column, defineTable, rowsToBatch } from 'crackle';
 *
 * defineTable({
 *   name: 'deepest',
 *   version: 1,
 *   doc: 'Deepest layer.',
 *   fields: [{ name: 'layer', type: 'int32', unit: 'layer', doc: 'The layer.' }],
 * });
 * console.log(column(rowsToBatch('deepest', [{ layer: 3 }]), 'layer')[0]); // 3
 * ```
 */

export { arrowSchema, column, makeBatch } from './schema/batch.ts';
export type { TableName, TableRows } from './schema/columns.ts';
export { orNull, type Row, rowsToBatch } from './schema/rows.ts';
export { defineTable, type RowOf, type TableSchema, tableNames, tableSchema } from './schema/table.ts';
export { type ColumnChunk, type ColumnValues, readChunks, readRows, readTable } from './store/read-table.ts';
export type { Part, Sink } from './store/sink.ts';
export { writeTable } from './store/write-table.ts';

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

export { accuracyMapFigure } from './report/accuracy-map-figure.ts';
export { accuracyPredictionFigure } from './report/accuracy-prediction-figure.ts';
export { asymmetryFigure } from './report/asymmetry-figure.ts';
export { calibrationFigure } from './report/calibration-figure.ts';
export { collapseFigure } from './report/collapse-figure.ts';
export {
  correlationDecayFigure,
  correlationDepthsFigure,
} from './report/correlation-figures.ts';
export { cracklingFigure } from './report/crackling-figure.ts';
export { distributionCollapseFigure } from './report/distribution-collapse-figure.ts';
export {
  durationDistributionFigure,
  sizeDistributionFigure,
} from './report/distribution-figure.ts';
export { emptyFigure } from './report/empty-figure.ts';
export type { Figure } from './report/figure.ts';
export type { Finding, Quantity } from './report/finding.ts';
export { finiteSizeOverviewFigure, finiteSizeScalingFigure } from './report/finite-size-figure.ts';
export { fitFigure } from './report/fit-figure.ts';
export { knownExponentsFigure } from './report/known-exponents-figure.ts';
export { learnedSignalFigure } from './report/learned-signal-figure.ts';
export { accuracyPerEpochFigure, epochsToAccuracyFigure } from './report/learning-curve-figures.ts';
export { type LogChannel, logChannel, positiveExtent } from './report/log-axis.ts';
export { meanFieldFigure } from './report/meanfield-figure.ts';
export { phaseMapFigure } from './report/phase-figures.ts';
export { phaseSectionsFigure } from './report/phase-sections-figure.ts';
export { rankCorrelationFigure } from './report/rank-correlation-figure.ts';
export { regimesFigure } from './report/regimes-figure.ts';
export { scalingFigure } from './report/scaling-figure.ts';
export { scanFigure } from './report/scan-figure.ts';
export { type Series, seriesChannels, seriesOf } from './report/series.ts';
export { spectrumFigure } from './report/spectrum-figure.ts';
export { stabilityFigure } from './report/stability-figure.ts';
export { straightnessFigure } from './report/straightness-figure.ts';
export type { Brief, Summary } from './report/summary.ts';
export { surrogatesFigure } from './report/surrogate-figure.ts';
export { palette, themed } from './report/theme.ts';
export { thresholdExponentsFigure } from './report/threshold-figure.ts';
export { universalityFigure } from './report/universality-figure.ts';

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

export { activationParameters, activationTableNames, activationUniversality } from './crackling/activations.ts';
export { type Crackling, crackling, cracklingTableNames } from './crackling/crackling.ts';
export { type FiniteSize, finiteSizeScaling, finiteSizeTableNames } from './crackling/finite-size.ts';
export { finiteSizeParameters } from './crackling/finite-size-parameters.ts';
export { cracklingParameters, detectionParameters } from './crackling/parameters.ts';
export { spectrumParameters } from './crackling/spectra.ts';
export { learningParameters } from './learning/parameters.ts';
export { learningTableNames, trainability } from './learning/trainability.ts';
export { type CorrelationDepth, correlationDepth, correlationTableNames } from './phase/correlation-depth.ts';
export { correlationParameters } from './phase/correlation-parameters.ts';
export { phaseParameters } from './phase/parameters.ts';
export { type PhaseDiagram, phaseDiagram, phaseTableNames } from './phase/phase.ts';
export { regimeParameters, regimes } from './phase/regimes.ts';
export { type SteadyStateOptions, steadyState } from './phase/steady-state.ts';
export { type KnownExponentsStudy, knownExponents, knownExponentsTableNames } from './process/known-exponents.ts';
export { knownExponentsParameters } from './process/parameters.ts';
export { residualParameters } from './residual/parameters.ts';
export {
  type ResidualAvalanches,
  type ResidualPartition,
  residualAvalanches,
  residualTableNames,
} from './residual/residual.ts';

/**
 * Runs: pipelines run, resumed, streamed, merged.
 *
 * ```ts
 * import { run } from 'crackle';
 *
 * const { tables } = await run('regimes', { width: 16, depth: 10, networks: 4, weightVariances: [0.5] });
 * console.log(Math.max(...tables.regime.map(({ layer }) => layer))); // 10
 * ```
 */

export { type MergeOptions, mergeRuns } from './run/merge.ts';
export type { Queue, RunOptions, RunResult, Snapshot } from './run/options.ts';
export { type Repair, repair } from './run/repair.ts';
export { type ResumeOptions, resume } from './run/resume.ts';
export { run, stream } from './run/run.ts';
export type { Shard } from './run/split.ts';
export { type Damage, type Verdict, verify } from './store/verify.ts';

/**
 * Recorded data: what `crackle fit` does, as functions.
 *
 * ```ts
 * import { columnsSource, fitColumn } from 'crackle';
 *
 * const size = Float64Array.from({ length: 1000 }, (_, i) => ((i + 0.5) / 1000) ** -2); // quantiles of x^-1.5
 * const { report } = await fitColumn(columnsSource({ size }), { xmin: 1, alternatives: false });
 * console.log(report.exponent.toFixed(1)); // 1.5
 * ```
 */

export { analyseRecorded, collectAvalanches, type RecordedAnalysis } from './recording/analysis.ts';
export { type ColumnFit, fitColumn } from './recording/column.ts';
export { type CracklingFit, fitAvalanches, fitTrace } from './recording/crackling.ts';
export { followRecording, type Recording } from './recording/follow.ts';
export { estimateMultistep, type MultistepEstimate, type MultistepOptions } from './recording/multistep/estimate.ts';
export { PairCollector } from './recording/multistep/pair-sums.ts';
export type { AvalancheOptions, ColumnOptions, FitRun, TraceOptions } from './recording/parameters.ts';
export { type ScannedOver, scanTrace, type TraceScan } from './recording/scan.ts';
export { cracklingSentences } from './recording/sentences.ts';
export { type SignalsOptions, signalsFrom } from './recording/signals.ts';
export { columnsSource, type DataSource, joinedSource, openNwb, openSource } from './recording/source.ts';
export { columnTables, cracklingTables } from './recording/tables.ts';
