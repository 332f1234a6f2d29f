import { availableParallelism } from 'node:os';
import { SingleBar } from 'cli-progress';
import type { FitOptions } from '../fit/fit-power-law.ts';
import { type GoodnessOfFit, goodnessOfFit } from '../fit/goodness-of-fit.ts';
import type { Sample } from '../fit/ordered-sample.ts';
import { Interrupted, interruptible } from './interrupt.ts';

export interface BootstrapFlags {
  readonly bootstrap?: number;
  readonly seed: number;
  readonly workers?: number;
  readonly progress: string;
}

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
 * Goodness of fit by bootstrap over worker threads, with progress on stderr; undefined where none was asked for.
 * @param what is fitted, for the progress
 */
export async function bootstrapped(
  sample: Sample,
  fit: FitOptions,
  flags: BootstrapFlags,
  what: string,
): Promise<GoodnessOfFit | undefined> {
  if (flags.bootstrap === undefined) return undefined;
  const progress = progressOf(flags.progress, what);
  const { signal, release } = interruptible(() => progress.stop());
  try {
    return await goodnessOfFit(sample, fit, {
      repetitions: flags.bootstrap,
      seed: flags.seed,
      workers: flags.workers ?? availableParallelism(),
      onProgress: (done, of) => progress.show(done, of),
      signal,
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stderr.write('crackle: interrupted\n');
    throw new Interrupted();
  } finally {
    progress.stop();
    release();
  }
}

/** The p-value in plain words (Clauset et al. 2009, section 4: a power law is ruled out below 0.1). */
export function goodnessInWords({ pValue, standardError, repetitions }: GoodnessOfFit): string {
  const p = pValue < 0.001 ? pValue.toExponential(0) : pValue.toPrecision(2);
  if (Math.abs(pValue - 0.1) < 2 * standardError) {
    return `${repetitions} samples don't decide whether the power law is ruled out (p = ${p}, to be held against 0.1): take more`;
  }
  return pValue < 0.1
    ? `the power law is ruled out (p = ${p} < 0.1): samples drawn from it rarely lie as far from their own fit as the data`
    : `a power law is plausible (p = ${p} ≥ 0.1): samples drawn from it often lie as far from their own fit as the data`;
}
