import { SingleBar } from 'cli-progress';
import type { FitRun } from '../recording/parameters.ts';
import { Interrupted, interruptible } from './interrupt.ts';

interface Shown {
  show(done: number, of: number): void;
  stop(): void;
}

function progressOf(kind: string, what: string): Shown {
  if (kind === 'none') return { show: () => {}, stop: () => {} };
  if (kind === 'auto' && process.stderr.isTTY) {
    const bar = new SingleBar({
      stream: process.stderr,
      hideCursor: true,
      fps: 5,
      format: `bootstrap of ${what} {bar} {percentage} %  {value} of {total}`,
    });
    let started = false;
    return {
      show(done, of) {
        if (!started) bar.start(of, 0);
        started = true;
        bar.update(done);
      },
      stop: () => bar.stop(),
    };
  }
  const every = kind === 'json' ? 500 : 5000;
  let last = performance.now();
  return {
    show(done, of) {
      if (performance.now() - last < every && done < of) return;
      last = performance.now();
      const line =
        kind === 'json' ? JSON.stringify({ bootstrap: what, done, of }) : `bootstrap of ${what}: ${done} of ${of}`;
      process.stderr.write(`${line}\n`);
    },
    stop: () => {},
  };
}

/**
 * Runs a fit that may take a bootstrap: with its progress on stderr, and ended by SIGINT or SIGTERM.
 * @param progress `auto`, `json` or `none`
 */
export async function withProgress<T>(
  progress: string,
  run: Pick<FitRun, 'seed' | 'workers'>,
  measure: (run: FitRun) => Promise<T>,
): Promise<T> {
  let current: { of: string; shown: Shown } | undefined;
  const stop = (): void => current?.shown.stop();
  const { signal, release } = interruptible(() => {
    stop();
    // Nothing but a bootstrap hears the signal.
    if (current === undefined) process.exit(130);
  });
  const onProgress = (of: string, done: number, all: number): void => {
    if (current?.of !== of) {
      stop();
      current = { of, shown: progressOf(progress, of) };
    }
    current.shown.show(done, all);
  };
  try {
    return await measure({ ...run, signal, onProgress });
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stderr.write('crackle: interrupted\n');
    throw new Interrupted();
  } finally {
    stop();
    release();
  }
}
