import { Observable } from 'rxjs';
import { BackendError, ParameterError } from '../error.ts';
import { inputFiles } from '../flow/input-files.ts';
import { loadPipeline, pipelineUrl } from '../flow/load.ts';
import type { Pipeline } from '../pipeline.ts';
import { arithmeticOf } from '../propagation/arithmetic.ts';
import { createAnyDataset } from '../store/any-dataset.ts';
import type { Dataset } from '../store/dataset.ts';
import { encodingSets } from '../store/parquet/encoding-set.ts';
import type { GivenTo, ResultOfRun, Runnable } from './built-in.ts';
import { checkCard, withCardRemedy } from './card.ts';
import { complete } from './complete.ts';
import { type Composed, composePipeline } from './compose.ts';
import { checkDeclared } from './declared.ts';
import { withRemedy } from './disk-room.ts';
import { checkEngines, enginesHead } from './engines.ts';
import type { RunOptions, RunResult, Snapshot } from './options.ts';
import { moduleOf } from './origin.ts';
import { abandon } from './publish.ts';
import { settled } from './settle.ts';
import { checkShardable, splitOf } from './split.ts';

/**
 * Runs a pipeline to its stop rule: the one path of command line, library and tests.
 *
 * The data depends on the pipeline, its values and the seed only, never on workers, timing or interruptions.
 * @param pipeline a pipeline, or the name of a built-in one
 * @param given values of its parameters; defaults are filled in
 * @throws ParameterError for values out of range, StoreError where the run folder can't be written, PipelineError where a user's
 * pipeline throws
 */
export function run<Which extends Runnable>(
  pipeline: Which,
  given?: GivenTo<Which>,
  options?: RunOptions,
): Promise<ResultOfRun<Which>>;
export async function run(pipeline: unknown, given: object = {}, options: RunOptions = {}): Promise<RunResult> {
  const named = typeof pipeline === 'string' ? await loadPipeline(pipelineUrl(pipeline)) : (pipeline as Pipeline);
  const record = options.record ?? [];
  checkDeclared(named, record);
  const seed = options.seed ?? 1;
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new ParameterError(`seed must be an integer of at least 0, got ${seed}`);
  if (record.length > 0 && options.out === undefined) {
    throw new ParameterError(`recording ${record.join(', ')} needs a run folder: give out`);
  }
  if (options.keepState === true && options.out === undefined) {
    throw new ParameterError('keeping the state needs a run folder: give out');
  }
  const { shard, partitionSize } = options;
  const asked = composePipeline(named, { ...given });
  if (shard !== undefined) checkShardable(asked, shard, options.out);
  if (partitionSize !== undefined && (!Number.isSafeInteger(partitionSize) || partitionSize < 1)) {
    throw new ParameterError(`partition-size must be an integer of at least 1, got ${partitionSize}`);
  }
  const { parquet = 'portable' } = options;
  if (!encodingSets.includes(parquet))
    throw new ParameterError(`parquet must be one of ${encodingSets.join(', ')}, got '${String(parquet)}'`);
  const composed = await settled(asked, options);
  return begun(composed, { ...options, seed }, composed === asked ? undefined : asked);
}

/**
 * Begins a run and brings it to its end.
 * @param otherwise what is run in its place where its card fails before anything of it is kept
 */
async function begun(
  composed: Composed,
  options: RunOptions & { readonly seed: number },
  otherwise?: Composed,
): Promise<RunResult> {
  const { pipeline, values, composition } = composed;
  const { seed, record = [], shard, partitionSize, parquet = 'portable', logger } = options;
  const head = {
    ...(shard === undefined ? {} : { shard }),
    ...(partitionSize === undefined ? {} : { partition_sizes: [partitionSize] }),
  };
  await checkEngines(composed);
  await checkCard(values, options, pipeline.module, composition.ensembles);
  let dataset: Dataset | undefined;
  if (options.out !== undefined) {
    const inputs = await inputFiles(composition.inputs);
    const manifest = {
      pipeline: pipeline.name,
      ...(await moduleOf(pipeline, (text) => logger?.warn(text))),
      ...(inputs === undefined ? {} : { inputs }),
      parameters: values,
      ...enginesHead(composed),
      seed,
      kernel: await arithmeticOf(values),
      record,
      parquet,
      ...head,
      ...(options.keepState === true ? { keep_state: true } : {}),
      ...(options.figures === false ? { figures: false } : {}),
    };
    dataset = await createAnyDataset(options.out, manifest, { warn: (text) => logger?.warn(text) });
    logger?.info(`${pipeline.name} → ${dataset.address}`);
  }
  try {
    return await complete(composed, dataset, { ...options, split: splitOf(head) });
  } catch (error) {
    const left = await abandon(dataset, error);
    if (left) throw withCardRemedy(withRemedy(error, dataset!.address), values, dataset!.address);
    if (otherwise === undefined || !(error instanceof BackendError)) throw withCardRemedy(error, values);
    logger?.warn(`${error.message}; engine annealed computes on processors, from the beginning`);
  }
  return begun(otherwise, options);
}

/** How to run a pipeline as a stream. */
export type StreamOptions = Omit<RunOptions, 'onSnapshot' | 'signal'>;

/**
 * A run as a stream of live results: emits snapshots while it runs, completes with it. Unsubscribing interrupts it.
 */
export function stream<Which extends Runnable>(
  pipeline: Which,
  given?: GivenTo<Which>,
  options?: StreamOptions,
): Observable<Snapshot>;
export function stream(pipeline: unknown, given: object = {}, options: StreamOptions = {}): Observable<Snapshot> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    run(pipeline as Pipeline, given, {
      ...options,
      signal: controller.signal,
      onSnapshot: (snapshot) => subscriber.next(snapshot),
    })
      .then(() => subscriber.complete())
      .catch((error: unknown) => subscriber.error(error));
    return () => controller.abort();
  });
}
