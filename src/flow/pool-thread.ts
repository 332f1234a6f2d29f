import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { messageOf } from '../error.ts';
import type { Counts } from '../pipeline.ts';
import { endThread, startThread } from '../thread.ts';
import type { Outcome } from './execute.ts';
import { later } from './later.ts';
import { fromFailure, type Made, type Order, type Report, type Work, type WorkerStart } from './message.ts';
import { WorkerLoss } from './tries.ts';

/** Limits of worker threads. Windows are short-lived buffers that only a scavenge frees: a small young generation keeps them few. */
export const workerLimits = { maxYoungGenerationSizeMb: 3 } as const;

/** Work for a thread, and who waits for it. */
export interface Job {
  readonly work: Work;
  readonly resolve: (made: Outcome | Made) => void;
  readonly reject: (error: unknown) => void;
  readonly onCount?: ((tally: Partial<Counts>) => void) | undefined;
}

/** Who hears what becomes of a thread. */
export interface ThreadListener {
  /** It has composed the pipeline, or is through with a job. */
  onFree(thread: PoolThread): void;
  /** It is being ended, since a partition took too long, and takes no more jobs. */
  onOverdue(thread: PoolThread): void;
  /** It has died, or couldn't compose the pipeline. */
  onLost(thread: PoolThread, why: unknown): void;
}

interface Assigned extends Job {
  /** Cancels its time limit. */
  readonly settled: (() => void) | undefined;
}

/** A worker thread of a pool, and the jobs that it has. */
export class PoolThread {
  readonly #worker: Worker;
  readonly #listener: ThreadListener;
  /** Seconds that a partition may take. */
  readonly #timeout: number | undefined;
  /** Jobs in progress, by their numbers. */
  readonly #jobs = new Map<number, Assigned>();
  #nextId = 0;
  /** Numbers of the partitions that it was told to drop. */
  readonly #leaving = new Set<number>();
  /** Called once it has dropped them, or is gone. */
  #left: (() => void) | undefined;
  /** The ensemble that it was last given to measure in parts, and still has. */
  #held: number | undefined;
  /** Why it is being ended. */
  #verdict: string | undefined;
  #ready = false;
  #measured = 0;

  constructor(start: WorkerStart, timeout: number | undefined, listener: ThreadListener) {
    this.#timeout = timeout;
    this.#listener = listener;
    this.#worker = startThread(new URL('../flow/worker.ts', import.meta.url), start, workerLimits);
    this.#worker.on('message', (report: Report) => this.#hear(report));
    this.#worker.on('messageerror', (error) => listener.onLost(this, error));
    this.#worker.on('error', (error) => listener.onLost(this, new WorkerLoss(causeOfDeath(error), { cause: error })));
    this.#worker.on('exit', (code) =>
      listener.onLost(this, new WorkerLoss(this.#verdict ?? `its thread ended with code ${code}`)),
    );
  }

  /** Whether it has composed the pipeline. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Whether it is being ended. */
  get overdue(): boolean {
    return this.#verdict !== undefined;
  }

  /** Number of jobs in progress. */
  get load(): number {
    return this.#jobs.size;
  }

  /** Whole ensembles that it was given to measure. */
  get measured(): number {
    return this.#measured;
  }

  /** Whether it is measuring an ensemble. */
  get measures(): boolean {
    return [...this.#jobs.values()].some(({ work }) => 'measure' in work);
  }

  assign(job: Job): void {
    const timed = this.#timeout !== undefined && 'partition' in job.work;
    const settled = timed ? later(this.#timeout, () => this.#endOverdue()) : undefined;
    const id = this.#nextId++;
    this.#jobs.set(id, { ...job, settled });
    try {
      this.#tell({ id, ...this.#orderFor(job.work) });
    } catch (error) {
      // The message can't be cloned, or there is no memory for its copy.
      this.#held = undefined;
      this.#take(id)?.reject(error);
    }
  }

  /** Has it compose the pipeline again, of other values. */
  compose(values: Record<string, unknown>): void {
    this.#held = undefined;
    this.#tell({ compose: values });
  }

  /**
   * Has it drop its partitions, whose jobs are rejected.
   * @param patience milliseconds that are waited for it
   * @returns whether it did so in time
   */
  async leave(gone: Error, patience: number): Promise<boolean> {
    const partitions = [...this.#jobs].filter(([, { work }]) => 'partition' in work);
    if (partitions.length === 0) return true;
    const left = new Promise<boolean>((done) => {
      this.#left = () => done(true);
    });
    for (const [id] of partitions) {
      this.#leaving.add(id);
      this.#take(id)?.reject(gone);
    }
    this.#tell('leave');
    const waiting = new AbortController();
    const late = sleep(patience, false, { signal: waiting.signal }).catch(() => false);
    const done = await Promise.race([left, late]);
    waiting.abort();
    return done;
  }

  /** Ends it by force; all jobs are rejected. */
  async terminate(why: unknown): Promise<void> {
    this.#rejectAll(why);
    this.#left?.();
    await this.#worker.terminate();
  }

  /**
   * Asks it to end, and ends it by force after `patience` milliseconds; all jobs are rejected.
   * @param patience milliseconds
   */
  async end(why: unknown, patience: number): Promise<void> {
    this.#rejectAll(why);
    await endThread(this.#worker, patience);
  }

  #hear(report: Report): void {
    if (report.kind === 'ready') {
      this.#ready = true;
      this.#listener.onFree(this);
    } else if (report.kind === 'count') {
      this.#jobs.get(report.id)?.onCount?.(report.tally);
    } else if (report.kind === 'failed' && report.id === undefined) {
      this.#listener.onLost(this, fromFailure(report.failure));
    } else this.#hearOf(report.id!, report);
  }

  /** A job is done, or a partition was dropped. */
  #hearOf(id: number, report: Exclude<Report, { kind: 'ready' | 'count' }>): void {
    const job = this.#take(id);
    if (job === undefined && !this.#leaving.delete(id)) return;
    if (this.#leaving.size === 0) this.#left?.();
    this.#listener.onFree(this);
    if (report.kind === 'done') job?.resolve(this.#returned(report));
    else if (report.kind === 'measured') job?.resolve(report);
    else job?.reject(fromFailure(report.failure));
  }

  /** An outcome whose state's memory goes back to the thread on release: left to the garbage collector here, such states pile up over a long run. */
  #returned({ outcome, buffers }: Report & { readonly kind: 'done' }): Outcome {
    return buffers.length === 0
      ? outcome
      : { ...outcome, release: () => this.#tell({ spent: outcome.state }, buffers) };
  }

  /** The order for a job, without the state of an ensemble that the thread has already. */
  #orderFor(work: Work): Work {
    const held = this.#held;
    this.#held = undefined;
    if (!('measure' in work)) return work;
    const { ensemble, counts, part } = work.measure;
    if (part === undefined) {
      this.#measured++;
      return work;
    }
    this.#held = ensemble;
    return held === ensemble ? { measure: { ensemble, counts, part, held: true } } : work;
  }

  /** Removes a job, and returns it. */
  #take(id: number): Assigned | undefined {
    const job = this.#jobs.get(id);
    this.#jobs.delete(id);
    job?.settled?.();
    return job;
  }

  #rejectAll(why: unknown): void {
    for (const id of [...this.#jobs.keys()]) this.#take(id)!.reject(why);
  }

  #endOverdue(): void {
    this.#listener.onOverdue(this);
    this.#verdict = `it took longer than ${this.#timeout} s`;
    void this.#worker.terminate();
  }

  #tell(order: Order, moved: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(order, moved);
  }
}

function causeOfDeath(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') return 'its thread ran out of memory';
  return `its thread died: ${messageOf(error)}`;
}
