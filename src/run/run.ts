import { Observable } from 'rxjs';
import { ParameterError } from '../error.ts';
import { inputFiles } from '../flow/input-files.ts';
import { loadPipeline, pipelineUrl } from '../flow/load.ts';
import type { Pipeline } from '../pipeline.ts';
import { arithmeticOf } from '../propagation/arithmetic.ts';
import { createAnyDataset } from '../store/any-dataset.ts';
import type { Dataset } from '../store/dataset.ts';
import { encodingSets } from '../store/parquet/encoding-set.ts';
import type { GivenTo, ResultOfRun, Runnable } from './built-in.ts';
import { checkCard } from './card.ts';
import { complete } from './complete.ts';
import { composePipeline } from './compose.ts';
import { checkDeclared } from './declared.ts';
import { withRemedy } from './disk-room.ts';
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
  const composed = await settled(composePipeline(named, { ...given }), options);
  const { shard, partitionSize } = options;
  if (shard !== undefined) checkShardable(composed, shard, options.out);
  if (partitionSize !== undefined && (!Number.isSafeInteger(partitionSize) || partitionSize < 1)) {
    throw new ParameterError(`partition-size must be an integer of at least 1, got ${partitionSize}`);
  }
  const head = {
    ...(shard === undefined ? {} : { shard }),
    ...(partitionSize === undefined ? {} : { partition_sizes: [partitionSize] }),
  };
  const { parquet = 'portable' } = options;
  if (!encodingSets.includes(parquet))
    throw new ParameterError(`parquet must be one of ${encodingSets.join(', ')}, got '${String(parquet)}'`);
  await checkCard(composed.values, options);
  let dataset: Dataset | undefined;
  if (options.out !== undefined) {
    const inputs = await inputFiles(composed.composition.inputs);
    const manifest = {
      pipeline: named.name,
      ...(await moduleOf(named, (text) => options.logger?.warn(text))),
      ...(inputs === undefined ? {} : { inputs }),
      parameters: composed.values,
      seed,
      kernel: await arithmeticOf(composed.values),
      record,
      parquet,
      ...head,
      ...(options.keepState === true ? { keep_state: true } : {}),
      ...(options.figures === false ? { figures: false } : {}),
    };
    dataset = await createAnyDataset(options.out, manifest, { warn: (text) => options.logger?.warn(text) });
    options.logger?.info(`${named.name} → ${dataset.address}`);
  }
  try {
    return await complete(composed, dataset, { ...options, seed, split: splitOf(head) });
  } catch (error) {
    const left = await abandon(dataset, error);
    throw left ? withRemedy(error, dataset!.address) : error;
  }
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
