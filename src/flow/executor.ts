import type { Composition, Counts } from '../pipeline.ts';
import { type ExecuteOptions, executePartition, type Outcome } from './execute.ts';
import type { Partition } from './partition.ts';

/** Something that evaluates partitions: this thread, a pool of worker threads. */
export interface Executor extends AsyncDisposable {
  /** Partitions it can work on at once. */
  readonly slots: number;
  execute(partition: Partition, onCount?: (tally: Partial<Counts>) => void): Promise<Outcome>;
}

/** Evaluates partitions in this thread, one at a time. */
export function localExecutor(composition: Composition, options: Omit<ExecuteOptions, 'onCount'>): Executor {
  return {
    slots: 1,
    execute: (partition, onCount) =>
      executePartition(composition, partition, onCount ? { ...options, onCount } : options),
    [Symbol.asyncDispose]: async () => {},
  };
}
