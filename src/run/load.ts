import { availableParallelism } from 'node:os';
import { processorTime } from '../processor-time.ts';

/** How much of the machine other processes leave to this one, measured by the processor time that it got since `createLoad`. */
export interface Load {
  /** Share of a core, 0 to 1, that each thread got if this process had that many busy ones. */
  share(threads: number): number;
  /** How many times as long a single busy thread of this process takes as it would with a core to itself; at least 1. */
  alone(): number;
}

/** A machine that is left to this process. */
export const unloaded: Load = { share: () => 1, alone: () => 1 };

/**
 * @param threads busy threads of this process, as a rule
 * @param now a clock in milliseconds
 * @param used processor time of this process in milliseconds
 */
export function createLoad(
  threads: number,
  now: () => number = () => performance.now(),
  used: () => number = processorTime,
  cores: number = availableParallelism(),
): Load {
  const [began, before] = [now(), used()];
  const share = (busy: number): number => {
    const wall = now() - began;
    // Threads have only just started.
    if (wall < 1000) return 1;
    return Math.min(1, Math.max(0.05, (used() - before) / (wall * busy)));
  };
  return {
    share,
    alone() {
      // All busy threads of the machine get equal shares of its cores; hence the number of other processes' threads.
      const others = Math.max(0, cores / share(Math.min(threads, cores)) - Math.min(threads, cores));
      return Math.max(1, (1 + others) / cores);
    },
  };
}
