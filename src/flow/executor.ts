import { setMaxListeners } from 'node:events';
import type { Composition, Counts } from '../pipeline.ts';
import { type ExecuteOptions, executePartition, type Outcome } from './execute.ts';
import type { Made, Measurement } from './message.ts';
import type { Partition } from './partition.ts';

/** Something that evaluates partitions: this thread, a pool of worker threads, machines that share a queue. */
export interface Executor extends AsyncDisposable {
  /** Partitions it can work on at once; may change as machines come and go. */
  readonly slots: number;
  /** Machines that are there now and what they can work on at once; not there where all is done on this one. */
  staff?(): Readonly<Record<'workers' | 'slots', number>>;
  /** Resolves once there are more slots than before; not there where their number stays. */
  grown?(): Promise<void>;
  execute(partition: Partition, onCount?: (tally: Partial<Counts>) => void): Promise<Outcome>;
  /**
   * What the composition's `ahead` makes of an ensemble, before partitions that wait; undefined where it couldn't. Not there where that is done here.
   * @param inTurn waits for the thread that has measured the fewest, so that each has done it once before one is waited for
   */
  measure?(measurement: Measurement, inTurn?: boolean): Promise<Made | undefined>;
  /** Leaves partitions off as when it is disposed of, and goes on measuring. */
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
