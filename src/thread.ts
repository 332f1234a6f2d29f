import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ResourceLimits, Worker } from 'node:worker_threads';

/**
 * Starts a thread of the package's own, in sources and in the build. From TypeScript the thread loads the compiler first: it doesn't see
 * one that came with `--import`.
 * @param entry URL of its source file; in the build the compiled one beside it is meant
 */
export function startThread(entry: URL, workerData: unknown, resourceLimits: ResourceLimits = {}): Worker {
  const options = { workerData, resourceLimits };
  if (extname(fileURLToPath(import.meta.url)) !== '.ts')
    return new Worker(new URL(entry.href.replace(/\.ts$/, '.js')), options);
  const compiler = import.meta.resolve('tsx/esm/api');
  const start = `import { register } from '${compiler}'; register(); await import('${entry.href}');`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(start)}`), options);
}
