import { availableParallelism } from 'node:os';
import { processorTime } from '../processor-time.ts';

/** What other processes leave of the machine, by the processor time that this one got since the load was made. */
export interface Load {
  /** Share of a core that each of so many busy threads of this process got, 0 to 1. */
  share(threads: number): number;
  /** How many times as long a thread takes that is the only busy one of this process, at least 1, as if it had a core of its own. */
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
      // Cores are shared out among all busy threads alike: so many are others'.
      const others = Math.max(0, cores / share(Math.min(threads, cores)) - Math.min(threads, cores));
      return Math.max(1, (1 + others) / cores);
    },
  };
}
