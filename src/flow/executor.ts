import { setMaxListeners } from 'node:events';
import type { Composition, Counts } from '../pipeline.ts';
import { type ExecuteOptions, executePartition, type Outcome } from './execute.ts';
import type { Made, Measurement } from './message.ts';
import type { Partition } from './partition.ts';

/** What evaluates partitions: this thread, a pool of worker threads, or machines that share a queue. */
export interface Executor extends AsyncDisposable {
  /** Partitions it can work on at once; may change as machines come and go. */
  readonly slots: number;
  /** The machines at work now, and their slots; absent where all is done on this machine. */
  staff?(): Readonly<Record<'workers' | 'slots', number>>;
  /** Resolves once there are more slots than before; absent where their number is fixed. */
  grown?(): Promise<void>;
  execute(partition: Partition, onCount?: (tally: Partial<Counts>) => void): Promise<Outcome>;
  /**
   * Measures an ensemble by the composition's `ahead`, before partitions that wait; undefined where that failed. Absent where the caller is to do it.
   * @param inTurn takes the thread that has measured the fewest, so that each has done it once before the last ensemble, for which the run waits
   */
  measure?(measurement: Measurement, inTurn?: boolean): Promise<Made | undefined>;
  /** Drops partitions, as disposal does, but goes on measuring. */
  rest?(): Promise<void>;
}

/** Evaluates partitions in this thread, as many at a time as the composition says. */
export function localExecutor(composition: Composition, options: Omit<ExecuteOptions, 'onCount'>): Executor {
  // One a partition.
  if (options.signal !== undefined && (composition.together ?? 1) > 1) setMaxListeners(0, options.signal);
  return {
    slots: composition.together ?? 1,
    async execute(partition, onCount) {
      const outcome = await executePartition(composition, partition, onCount ? { ...options, onCount } : options);
      return { ...outcome, release: () => composition.reducer.release?.(outcome.state) };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
