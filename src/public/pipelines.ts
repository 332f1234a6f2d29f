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
  CompleteError,
  CrackleError,
  ParameterError,
  PipelineError,
  QueueError,
  type Remedy,
  SchemaError,
  StoreError,
  WorkerError,
} from '../error.ts';
export {
  auto,
  choice,
  flag,
  idleWhere,
  integer,
  list,
  optional,
  type ParameterSpec,
  type ParameterSpecs,
  parameter,
  positive,
  real,
  refusedWhere,
  text,
  upperCutoff,
  type ValuesOf,
} from '../parameter.ts';
export * from '../pipeline.ts';
