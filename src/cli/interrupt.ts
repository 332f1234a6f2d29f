/** Thrown by a command that was interrupted and has put everything in order: exit code 130. */
export class Interrupted extends Error {}

/** `timeout` of coreutils signals a process and its group, npx hands on what the terminal sent to both: one interrupt comes twice. */
const SAME = 250; // ms

/**
 * An abort signal that the first SIGINT or SIGTERM raises; a later one ends the process at once. Call `release` when there is nothing left
 * to put in order.
 */
export function interruptible(onFirst: () => void): {
  signal: AbortSignal;
  release: () => void;
  /** What SIGINT does. */
  interrupt: () => void;
} {
  const controller = new AbortController();
  let heard = 0;
  const hear = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - heard < SAME) return;
      process.exit(130);
    }
    controller.abort();
    onFirst();
    heard = performance.now();
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return {
    signal: controller.signal,
    interrupt: hear,
    release: () => {
      process.off('SIGINT', hear);
      process.off('SIGTERM', hear);
    },
  };
}

/** Has a terminal that is closed (SIGHUP) end nothing, until what it returns is called. Node takes back that `nohup` had the signal ignored. */
export function outliveTerminal(): () => void {
  const goOn = (): void => {};
  process.on('SIGHUP', goOn);
  return () => process.off('SIGHUP', goOn);
}
