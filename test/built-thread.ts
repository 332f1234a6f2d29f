import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ResourceLimits, Worker } from 'node:worker_threads';

/**
 * Takes the place of src/thread.ts in tests: threads run the build, so that sources aren't compiled anew in each of some hundreds of threads. test/thread.test.ts starts one from sources.
 */

export * from '../src/thread.ts';

const root = resolve(import.meta.dirname, '..');
const sources = pathToFileURL(root).href;

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => statSync(join(root, folder, file)).mtimeMs),
  );
if (Math.max(newest('src'), newest('pipelines')) > statSync(join(root, 'dist/src/flow/worker.js')).mtimeMs) {
  throw new Error('the build, which threads of tests run, is older than the sources: npm run build');
}

const built = (url: string): string => url.replace(sources, `${sources}/dist`).replace(/\.ts$/, '.js');

export function startThread(entry: URL, workerData: unknown, resourceLimits: ResourceLimits = {}): Worker {
  const { module } = workerData as { readonly module?: string };
  const own = module?.startsWith(`${sources}/pipelines/`) === true && !module.includes('/examples/');
  const data = own ? { ...(workerData as object), module: built(module) } : workerData;
  return new Worker(new URL(built(entry.href)), { workerData: data, resourceLimits });
}
