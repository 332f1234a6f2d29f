import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Counts } from '../pipeline.ts';
import type { Outcome } from './execute.ts';
import type { Executor } from './executor.ts';
import { fromFailure, type Order, type Report, type WorkerStart } from './message.ts';
import type { Partition } from './partition.ts';

interface Job {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
  readonly onCount: ((tally: Partial<Counts>) => void) | undefined;
}

interface Slot {
  readonly worker: Worker;
  /** The job in progress. */
  job: (Job & { readonly id: number }) | undefined;
}

const extension = extname(fileURLToPath(import.meta.url));

/** The worker's entry. From TypeScript sources (tests, development) the thread loads the compiler first: it ignores `--import tsx`. */
function workerEntry(): URL {
  const entry = new URL(`../flow/worker${extension}`, import.meta.url);
  if (extension !== '.ts') return entry;
  const compiler = import.meta.resolve('tsx/esm/api');
  const start = `import { register } from '${compiler}'; register(); await import('${entry.href}');`;
  return new URL(`data:text/javascript,${encodeURIComponent(start)}`);
}

/**
 * A pool of worker threads. Each composes the pipeline module itself, so that only partitions, states and tallies cross threads.
 * @throws what a worker failed with while it started
 */
export async function workerPool(start: WorkerStart, workers: number): Promise<Executor> {
  const idle: Slot[] = [];
  const queue: { partition: Partition; job: Job }[] = [];
  let nextId = 0;
  let closed = false;

  const assign = (slot: Slot, partition: Partition, job: Job): void => {
    slot.job = { ...job, id: nextId++ };
    slot.worker.postMessage({ id: slot.job.id, partition } satisfies Order);
  };
  const release = (slot: Slot): void => {
    slot.job = undefined;
    const next = queue.shift();
    if (next === undefined) idle.push(slot);
    else assign(slot, next.partition, next.job);
  };
  const hear = (slot: Slot, report: Report): void => {
    const { job } = slot;
    if (job === undefined) return;
    if (report.kind === 'count') job.onCount?.(report.tally);
    if (report.kind === 'done') {
      release(slot);
      job.resolve(report.outcome);
    }
    if (report.kind === 'failed') {
      release(slot);
      job.reject(fromFailure(report.failure));
    }
  };

  const launch = (): Promise<Slot> =>
    new Promise((resolve, reject) => {
      // Windows are short-lived buffers that only a scavenge frees: a small young generation keeps them few.
      const resourceLimits = { maxYoungGenerationSizeMb: 3 };
      const worker = new Worker(workerEntry(), { workerData: start, resourceLimits });
      const slot: Slot = { worker, job: undefined };
      worker.on('message', (report: Report) => {
        if (report.kind === 'ready') resolve(slot);
        else if (report.kind === 'failed' && report.id === undefined) reject(fromFailure(report.failure));
        else hear(slot, report);
      });
      worker.on('error', (error) => {
        reject(error);
        slot.job?.reject(error);
      });
      worker.on('exit', (code) => {
        const gone = new Error(closed ? 'the worker pool was closed' : `a worker thread ended with code ${code}`);
        reject(gone);
        slot.job?.reject(gone);
      });
    });

  const launched = await Promise.allSettled(Array.from({ length: workers }, launch));
  const slots = launched.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const close = async (): Promise<void> => {
    closed = true;
    await Promise.all(slots.map(({ worker }) => worker.terminate()));
  };
  const failed = launched.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  idle.push(...slots);

  return {
    slots: workers,
    execute: (partition, onCount) =>
      new Promise((resolve, reject) => {
        const job: Job = { resolve, reject, onCount };
        const slot = idle.pop();
        if (slot === undefined) queue.push({ partition, job });
        else assign(slot, partition, job);
      }),
    [Symbol.asyncDispose]: close,
  };
}
