/** Thrown by a command that was interrupted and has put everything in order: exit code 130. */
export class Interrupted extends Error {}

/**
 * An abort signal that the first SIGINT or SIGTERM raises; a second one ends the process at once. Call `release` when there is nothing left
 * to put in order.
 */
export function interruptible(onFirst: () => void): {
  signal: AbortSignal;
  release: () => void;
  /** What SIGINT does. */
  interrupt: () => void;
} {
  const controller = new AbortController();
  const hear = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    onFirst();
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
