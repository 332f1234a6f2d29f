import { availableParallelism } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { ParameterError } from '../error.ts';
import { allows } from '../permission.ts';
import { startThread } from '../thread.ts';
import { threadCount } from '../thread-count.ts';
import type { BinnedData } from './binned-bootstrap.ts';
import { type AnyPlan, perRepetition, planAny, repetition } from './bootstrap.ts';
import type { BootstrapTask } from './bootstrap-worker.ts';
import type { CensoredSample } from './censored/sample.ts';
import type { FitOptions } from './fit-power-law.ts';
import type { Sample } from './ordered-sample.ts';

/** How the bootstrap of a fit is done. */
export interface BootstrapOptions {
  /** Synthetic samples; default 1000, for a p-value to about ±0.015. */
  readonly repetitions?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Threads; default one a core. 1 stays in this thread. The result doesn't depend on it. */
  readonly workers?: number;
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/** What the bootstrap says of a fit. */
export interface GoodnessOfFit {
  /** (1 + number of synthetic samples at least as far from their own fit as the data from theirs) / (1 + repetitions). */
  readonly pValue: number;
  /** Of the p-value, from the number of repetitions. */
  readonly standardError: number;
  readonly repetitions: number;
  readonly ks: number;
  /** Distances of the synthetic samples, in order of repetition. */
  readonly distances: Float64Array;
  /**
   * Standard deviation of the exponents of the data drawn again with replacement, cutoffs found again where they were found: an error that includes
   * their choice. NaN below two repetitions.
   */
  readonly exponentError: number;
  /** Where the middle 68 % of the lower cutoffs lay that were found so. */
  readonly xminRange: readonly [low: number, high: number];
}

/**
 * Goodness of fit by semi-parametric bootstrap (Clauset et al. 2009, section 4.1): a small p says that data from the
 * fitted law would hardly ever lie as far from it. Seeded, the same for any number of threads. With given cutoffs p is
 * uniform for power-law data; with cutoffs that are found it is so at small p and too large elsewhere, as the search
 * adapts to each sample. Where values are censored, synthetic ones are seen as long as the data were, by the product-limit estimate of that.
 * @throws ParameterError where the data or the options don't allow a fit; what `signal` was aborted with
 */
export async function goodnessOfFit(
  sample: Sample | CensoredSample | BinnedData,
  fit: FitOptions = {},
  options: BootstrapOptions = {},
): Promise<GoodnessOfFit> {
  const { repetitions = 1000, seed = 1, workers = availableParallelism() } = options;
  for (const [name, value] of Object.entries({ repetitions, workers })) {
    if (!(Number.isInteger(value) && value > 0))
      throw new ParameterError(`${name} must be a positive integer, got ${value}`);
  }
  options.signal?.throwIfAborted();
  const plan = planAny(sample, fit);
  const numbers = new Float64Array(perRepetition * repetitions);
  const threads = allows('worker') ? Math.min(workers, repetitions) : 1;
  if (threads > 1) await inThreads(plan, seed, numbers, threads, options);
  else await here(plan, seed, numbers, options);
  const [distances, exponents, xmins] = [0, 1, 2].map((c) =>
    Float64Array.from({ length: repetitions }, (_, i) => numbers[perRepetition * i + c]!),
  ) as [Float64Array, Float64Array, Float64Array];
  let reached = 0;
  for (const distance of distances) if (distance >= plan.ks) reached++;
  const pValue = (1 + reached) / (1 + repetitions);
  return {
    pValue,
    standardError: Math.sqrt((pValue * (1 - pValue)) / repetitions),
    repetitions,
    ks: plan.ks,
    distances,
    exponentError: deviation(exponents.filter((x) => !Number.isNaN(x))),
    xminRange: middle(xmins.filter((x) => !Number.isNaN(x))),
  };
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
}

function middle(values: Float64Array): [number, number] {
  const sorted = values.sort();
  const at = (q: number): number => sorted[Math.round(q * (sorted.length - 1))] ?? Number.NaN;
  return [at(0.16), at(0.84)];
}

async function here(
  plan: AnyPlan,
  seed: number,
  numbers: Float64Array,
  { signal, onProgress }: BootstrapOptions,
): Promise<void> {
  const repetitions = numbers.length / perRepetition;
  for (let i = 0; i < repetitions; i++) {
    signal?.throwIfAborted();
    numbers.set(repetition(plan, seed, i), perRepetition * i);
    onProgress?.(i + 1, repetitions);
    if (i % 16 === 15) await turn();
  }
}

async function inThreads(
  plan: AnyPlan,
  seed: number,
  numbers: Float64Array,
  threads: number,
  { signal, onProgress }: BootstrapOptions,
): Promise<void> {
  const total = numbers.length / perRepetition;
  const size = Math.max(1, Math.floor(total / (threads * 16)));
  let next = 0;
  let done = 0;
  const pool = Array.from({ length: threadCount(threads) }, () =>
    startThread(new URL('../fit/bootstrap-worker.ts', import.meta.url), { plan, seed }),
  );
  const feed = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const give = (): void => {
        if (next >= total) {
          resolve();
          return;
        }
        const task: BootstrapTask = { first: next, count: Math.min(size, total - next) };
        next += task.count;
        worker.postMessage(task);
      };
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`a bootstrap thread ended early with code ${code}`)));
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.on('message', (part: { first: number; numbers: Float64Array }) => {
        numbers.set(part.numbers, perRepetition * part.first);
        done += part.numbers.length / perRepetition;
        onProgress?.(done, total);
        give();
      });
      give();
    });
  try {
    await Promise.all(pool.map(feed));
  } finally {
    await Promise.all(pool.map((worker) => worker.terminate()));
  }
}
