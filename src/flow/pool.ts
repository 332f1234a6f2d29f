import { usualGrace } from '../thread.ts';
import { Crew } from './crew.ts';
import type { Executor } from './executor.ts';
import type { WorkerStart } from './message.ts';
import type { Job } from './pool-thread.ts';

export interface ThreadOptions {
  /** Seconds that a partition may take before its thread is taken to hang. Default: any time. */
  readonly timeout?: number;
  /** Partitions that a thread works on at once. Default 1. */
  readonly together?: number;
}

/** Worker threads as an executor. */
export interface Threads extends Executor {
  rest(): Promise<void>;
  /** Has them go on with what the pipeline composes of other values, once they {@link rest}. */
  turn(values: Record<string, unknown>): void;
}

/**
 * Worker threads, started as there is work for them. Each composes the pipeline module itself, so that only partitions, states, tallies and
 * what was measured cross threads; ensembles are measured before partitions that wait. A thread that dies, busy or idle, or takes too long
 * is replaced; the partitions it was at are rejected with a `WorkerLoss` (`tries.ts`). Where a thread takes several at once, it is filled before
 * another gets any. What a thread throws while it starts is what the partition is rejected with that it was started for.
 */
export function threads(start: WorkerStart, workers: number, { timeout, together = 1 }: ThreadOptions = {}): Threads {
  // Dawn ends the process where a thread is terminated that waits for a card, which may compile for seconds.
  const patience = start.values.backend === 'webgpu' ? 10_000 : usualGrace;
  const crew = new Crew(start, { workers, together, timeout, patience });
  const closed = (): Error => new Error('the worker pool was closed');
  return {
    slots: workers * together,
    execute: (partition, onCount) =>
      new Promise((resolve, reject) => {
        if (crew.closed) throw closed();
        crew.evaluate({ work: { partition }, resolve: resolve as Job['resolve'], reject, onCount });
      }),
    measure: (measure, inTurn = false) =>
      new Promise((resolve) => {
        if (crew.closed) return resolve(undefined);
        // Who asked does it again where it can't be done here, and sees why.
        const reject = (): void => resolve(undefined);
        crew.measure({ work: { measure }, inTurn, resolve: resolve as Job['resolve'], reject });
      }),
    rest: () => crew.rest(closed()),
    turn: (values) => crew.turn(values),
    [Symbol.asyncDispose]: () => crew.close(closed()),
  };
}
