import { availableParallelism } from 'node:os';
import { type Executor, localExecutor } from '../flow/executor.ts';
import { partSinks } from '../flow/part-sinks.ts';
import { workerPool } from '../flow/pool.ts';
import type { Dataset } from '../store/dataset.ts';
import type { Composed } from './compose.ts';
import { declaredBy } from './declared.ts';
import type { RunOptions } from './options.ts';

/** What evaluates the partitions of a run's phase: worker threads, or this one where the pipeline lives in no module that they could import. */
export async function openExecutor(
  { pipeline, values, composition }: Composed,
  dataset: Dataset | undefined,
  { seed, record = [], workers, signal }: RunOptions & { readonly seed: number },
): Promise<Executor> {
  const { records } = declaredBy(pipeline);
  const { module } = pipeline;
  if (module !== undefined) {
    const start = { module, values, seed, folder: dataset?.folder, record, records };
    return workerPool(start, workers ?? availableParallelism());
  }
  return localExecutor(composition, {
    seed,
    records,
    openSink: await partSinks(dataset?.folder, record),
    ...(signal === undefined ? {} : { signal }),
  });
}
