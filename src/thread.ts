import { once } from 'node:events';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ResourceLimits, Worker } from 'node:worker_threads';

const fromSources = extname(fileURLToPath(import.meta.url)) === '.ts';
const builtOf = (entry: URL): URL => new URL(entry.href.replace(/\.ts$/, '.js'));

/** What loads the compiler, then an entry: a thread or a process doesn't see one that came with `--import`. */
function compiling(entry: URL): string {
  const compiler = import.meta.resolve('tsx/esm/api');
  return `import { register } from '${compiler}'; register(); await import('${entry.href}');`;
}

/**
 * Starts a thread of the package's own, in sources and in the build.
 * @param entry URL of its source file; in the build the compiled one beside it is meant
 */
export function startThread(entry: URL, workerData: unknown, resourceLimits: ResourceLimits = {}): Worker {
  const options = { workerData, resourceLimits };
  if (!fromSources) return new Worker(builtOf(entry), options);
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(compiling(entry))}`), options);
}

/** What Node is given to run an entry of the package's own in a process, as {@link startThread} runs one in a thread. */
export function wordsFor(entry: URL): readonly string[] {
  if (!fromSources) return [fileURLToPath(builtOf(entry))];
  // Its words begin at the same place then.
  return ['--input-type=module', '-e', `process.argv.splice(1, 0, '${entry.href}'); ${compiling(entry)}`];
}

/** Milliseconds that a thread is given to leave by itself. */
export const usualGrace = 200;

/**
 * Ends a thread that takes the message 'end' for a request to leave: by itself where it comes to it, else by force. Node aborts the whole process
 * where a thread is terminated at the very moment at which it calls the file system; who is busy computing doesn't call it.
 * @param grace milliseconds that it has for leaving by itself
 */
export async function endThread(worker: Worker, grace: number = usualGrace): Promise<void> {
  const gone = once(worker, 'exit').catch(() => {});
  worker.postMessage('end');
  const waiting = new AbortController();
  await Promise.race([gone, sleep(grace, undefined, { signal: waiting.signal }).catch(() => {})]);
  waiting.abort();
  await worker.terminate();
}
