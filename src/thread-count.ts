import { availableParallelism } from 'node:os';

/** Threads a core at most: computing gains nothing from more, and each takes some 45 MB. */
const mostACore = 4;

/**
 * How many threads to start: as many as asked for, one a core where nothing is, and no more than four a core.
 * @param warn hears in a sentence that it is fewer than were asked for
 */
export function threadCount(asked?: number, warn?: (text: string) => void): number {
  const cores = availableParallelism();
  const most = mostACore * cores;
  if (asked === undefined || asked <= most) return asked ?? cores;
  warn?.(
    `${asked} threads were asked for: more than ${most} gain nothing on ${cores} cores and take some 45 MB each, so ${most} are started`,
  );
  return most;
}
