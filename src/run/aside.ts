import type { Worker } from 'node:worker_threads';
import type { Counts } from '../pipeline.ts';
import { endThread, startThread } from '../thread.ts';
import type { Kept } from './states.ts';

/** What an ensemble came to. */
type Done = { readonly counts: Counts } & Kept;

/** To the thread: to leave, values to compose the pipeline with, or an ensemble's state to measure. */
export type AsideOrder =
  | 'end'
  | { readonly values: Record<string, unknown> }
  | ({ readonly id: number; readonly ensemble: number } & Done);

/** From the thread: what it made; without `made` where it couldn't. */
export interface AsideReport {
  readonly id: number;
  readonly made?: unknown;
}

/**
 * A thread beside the workers and the main one, for what would keep the latter busy: ensembles that are done are measured while others are
 * computed. Whatever it can't do is left to who asked, who then sees why.
 */
export interface Aside {
  /** Has the pipeline composed with these values from now on. */
  compose(values: Record<string, unknown>): void;
  /** What the composition's `ahead` makes of an ensemble; undefined where it couldn't. */
  measure(ensemble: number, done: Done): Promise<unknown>;
  close(): Promise<void>;
}

type Request = { readonly ensemble: number } & Done;

/** @param module URL of the pipeline's module */
export function openAside(module: string): Aside {
  // States and results are large buffers that only a collection frees: a small young generation keeps few of those that are done with.
  const worker: Worker = startThread(new URL('../run/aside-worker.ts', import.meta.url), module, {
    maxYoungGenerationSizeMb: 3,
  });
  const waiting = new Map<number, (made: unknown) => void>();
  let nextId = 0;
  let gone = false;
  const lost = (): void => {
    gone = true;
    for (const resolve of waiting.values()) resolve(undefined);
    waiting.clear();
  };
  worker.on('message', ({ id, made }: AsideReport) => {
    waiting.get(id)?.(made);
    waiting.delete(id);
  });
  worker.on('error', lost);
  worker.on('messageerror', lost);
  worker.on('exit', lost);
  // A run that fails elsewhere ends without waiting for it.
  worker.unref();
  const ask = (request: Request): Promise<unknown> =>
    new Promise((resolve) => {
      if (gone) return resolve(undefined);
      const id = nextId++;
      waiting.set(id, resolve);
      worker.ref();
      worker.postMessage({ ...request, id });
    });
  return {
    compose: (values) => worker.postMessage({ values } satisfies AsideOrder),
    measure: (ensemble, done) => ask({ ensemble, ...done }),
    close: async () => {
      if (!gone) await endThread(worker);
    },
  };
}
