import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { inject } from 'vitest';

/**
 * Takes the place of src/thread.ts in tests: threads and processes run the build, so that sources aren't compiled anew in each of some hundreds. test/thread.test.ts starts one from sources.
 */

export * from '../src/thread.ts';

const root = resolve(import.meta.dirname, '..');
const sources = pathToFileURL(root).href;

if (!inject('built')) throw new Error('the build, which threads of tests run, is of other sources: npm run build');

const built = (url: string): string => url.replace(sources, `${sources}/dist`).replace(/\.ts$/, '.js');

export function startThread(entry: URL, workerData: unknown, resourceLimits: ResourceLimits = {}): Worker {
  const { module } = workerData as { readonly module?: string };
  const own = module?.startsWith(`${sources}/pipelines/`) === true && !module.includes('/examples/');
  const data = own ? { ...(workerData as object), module: built(module) } : workerData;
  return new Worker(new URL(built(entry.href)), { workerData: data, resourceLimits });
}

export const wordsFor = (entry: URL): readonly string[] => [fileURLToPath(built(entry.href))];
