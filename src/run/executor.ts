import { ParameterError } from '../error.ts';
import { type Executor, localExecutor } from '../flow/executor.ts';
import type { ModuleFiles } from '../flow/imported-files.ts';
import { inputFiles } from '../flow/input-files.ts';
import type { WorkerStart } from '../flow/message.ts';
import { partSinks } from '../flow/part-sinks.ts';
import { type Threads, threads } from '../flow/pool.ts';
import { named, type TriesOptions, withTries } from '../flow/tries.ts';
import { allows } from '../permission.ts';
import type { Dataset } from '../store/dataset.ts';
import { fileOptions } from '../store/imprint.ts';
import type { Manifest } from '../store/manifest.ts';
import { threadCount } from '../thread-count.ts';
import type { Composed } from './compose.ts';
import { declaredBy } from './declared.ts';
import type { RunOptions } from './options.ts';
import { moduleOf, pipelineFile } from './origin.ts';

/** What evaluates the partitions of a run's phases, one phase after the other. */
export interface Executors extends AsyncDisposable {
  /**
   * @param signal ends what this thread is at; default: the run's own. Threads and machines are stopped by disposing of the executor
   * @throws ParameterError for a queue where the pipeline lives in no module; QueueError where it can't be reached
   */
  open(phase: Composed, onRetry?: (ensemble: number, index: number) => void, signal?: AbortSignal): Promise<Executor>;
}

/**
 * Executors of a run: worker threads, which stay from phase to phase, machines that share a queue, or this thread where the pipeline lives
 * in no module that others could import, or threads may not be started.
 */
export function openExecutors(
  dataset: Dataset | undefined,
  options: RunOptions & { readonly seed: number },
): Executors {
  let kept: { readonly pool: Threads; readonly together: number } | undefined;
  const close = async (): Promise<void> => {
    const pool = kept?.pool;
    kept = undefined;
    await pool?.[Symbol.asyncDispose]();
  };
  /** Threads of the phase before, with what they have compiled and opened, or new ones. */
  const threadsFor = async (start: WorkerStart, together: number): Promise<Threads> => {
    if (kept?.together === together) {
      kept.pool.turn(start.values);
      return kept.pool;
    }
    await close();
    const { workers, partitionTimeout, logger } = options;
    const timeout = partitionTimeout === undefined ? {} : { timeout: partitionTimeout };
    const count = threadCount(workers, (text) => logger?.warn(text));
    kept = { pool: threads(start, count, { ...timeout, together }), together };
    return kept.pool;
  };
  return {
    open: (phase, onRetry = () => {}, signal = options.signal) =>
      openExecutor(phase, dataset, { ...options, signal }, onRetry, threadsFor),
    [Symbol.asyncDispose]: close,
  };
}

async function openExecutor(
  { pipeline, values, composition }: Composed,
  dataset: Dataset | undefined,
  {
    seed,
    record = [],
    workers,
    partitionTimeout,
    queue,
    signal,
    logger,
  }: Omit<RunOptions, 'signal'> & { readonly seed: number; readonly signal: AbortSignal | undefined },
  onRetry: (ensemble: number, index: number) => void,
  threadsFor: (start: WorkerStart, together: number) => Promise<Threads>,
): Promise<Executor> {
  const { records } = declaredBy(pipeline);
  const { module } = pipeline;
  const written = dataset === undefined ? {} : fileOptions(dataset.manifest, 'part');
  const timeout = partitionTimeout === undefined ? {} : { timeout: partitionTimeout };
  const { together = 1 } = composition;
  const file = pipelineFile(pipeline);
  const tries: TriesOptions = {
    onLoss: (partition, loss, failed) => {
      onRetry(partition.ensemble, partition.index);
      logger?.warn(`${named(partition)}: ${loss.message}; it is tried again (${failed} of 3 tries failed)`);
    },
    ...(dataset === undefined
      ? {}
      : {
          alone: ({ ensemble, index }) =>
            `crackle replay ${dataset.address} ${ensemble} ${index}${file === undefined ? '' : ` --pipeline ${file}`}`,
        }),
  };
  if (module === undefined && queue !== undefined)
    throw new ParameterError(`pipeline ${pipeline.name} lives in no module: workers of a queue can't import it`);
  const mayThread = allows('worker');
  if (!mayThread && queue === undefined) logger?.warn('one thread computes: --allow-worker allows more');
  if (module === undefined || (!mayThread && queue === undefined)) {
    return localExecutor(composition, {
      seed,
      records,
      openSink: await partSinks(dataset?.folder, record, written),
      ...(signal === undefined ? {} : { signal }),
    });
  }
  const known = filesOf(dataset?.manifest);
  if (queue === undefined) {
    const start = { module, ...known, values, seed, folder: dataset?.folder, record, records, ...written };
    const pool = await threadsFor(start, together);
    const stays = composition.next !== undefined;
    return withTries(stays ? { ...pool, [Symbol.asyncDispose]: pool.rest } : pool, tries);
  }
  const { queueExecutor } = await import('../queue/driver.ts');
  const { url, priority = 0, heartbeat, connectTimeout } = typeof queue === 'string' ? { url: queue } : queue;
  const origin = dataset?.manifest ?? (await moduleOf(pipeline, (text) => logger?.warn(text)));
  const { module_sha256, modules } = origin;
  const inputs = dataset === undefined ? await inputFiles(composition.inputs) : dataset.manifest.inputs;
  const offered = {
    run: dataset?.manifest.run ?? '',
    pipeline: pipeline.name,
    ...(file === undefined || module_sha256 === undefined
      ? {}
      : { file, file_sha256: module_sha256, ...(modules === undefined ? {} : { modules }) }),
    ...(inputs === undefined ? {} : { inputs }),
    values,
    seed,
    ...(dataset === undefined || record.length === 0 ? {} : { folder: dataset.address }),
    record,
    ...written,
    records,
    priority,
    ...timeout,
    together,
  };
  const beats = heartbeat === undefined ? {} : { heartbeat };
  const driver = await queueExecutor(offered, { url, logger, connectTimeout, signal, ...beats });
  return withTries(
    mayThread
      ? measuringHere(driver, { module, ...filesOf(origin), values, seed, records }, threadCount(workers))
      : driver,
    tries,
  );
}

/** What the files of a user's pipeline held when a run began. */
function filesOf({ module_sha256: sha256, modules }: Pick<Manifest, 'module_sha256' | 'modules'> = {}): {
  readonly files?: ModuleFiles;
} {
  return sha256 === undefined ? {} : { files: { sha256, ...(modules === undefined ? {} : { modules }) } };
}

/** Machines of a queue compute; ensembles are measured on threads of this one, started where there are any. */
function measuringHere(
  executor: Executor,
  start: Pick<WorkerStart, 'module' | 'files' | 'values' | 'seed' | 'records'>,
  count: number,
): Executor {
  let here: Executor | undefined;
  return {
    get slots() {
      return executor.slots;
    },
    ...(executor.staff === undefined ? {} : { staff: executor.staff }),
    ...(executor.grown === undefined ? {} : { grown: executor.grown }),
    execute: executor.execute,
    measure(measurement) {
      here ??= threads({ ...start, folder: undefined, record: [] }, count);
      return here.measure!(measurement);
    },
    async rest() {
      await executor[Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      await here?.[Symbol.asyncDispose]();
      await executor[Symbol.asyncDispose]();
    },
  };
}
