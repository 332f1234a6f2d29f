import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { Counts } from '../pipeline.ts';
import { endThread, startThread, usualGrace } from '../thread.ts';
import type { Outcome } from './execute.ts';
import type { Executor } from './executor.ts';
import { later } from './later.ts';
import { fromFailure, type Made, type Order, type Report, type Work, type WorkerStart } from './message.ts';
import { WorkerLoss } from './tries.ts';

interface Waiting {
  readonly work: Work;
  /** Waits for the thread that measured the fewest ensembles. */
  readonly inTurn?: boolean;
  readonly resolve: (made: Outcome | Made) => void;
  readonly reject: (error: unknown) => void;
  readonly onCount?: ((tally: Partial<Counts>) => void) | undefined;
}

interface Job extends Waiting {
  /** Calls its time limit off. */
  readonly settled: (() => void) | undefined;
}

interface Slot {
  readonly worker: Worker;
  /** It has composed the pipeline. */
  ready: boolean;
  /** Jobs in progress, by their numbers. */
  readonly jobs: Map<number, Job>;
  /** Partitions that it was told to leave off, by their numbers. */
  readonly leaving: Set<number>;
  /** Told that it has left them. */
  left?: () => void;
  /** Whole ensembles that it was given to measure. */
  measured: number;
  /** The ensemble that it was last given to measure in parts, and still has. */
  held?: number | undefined;
  /** Why it is being ended. */
  verdict?: string;
}

export interface ThreadOptions {
  /** Seconds that a partition may take before its thread is taken to hang. Default: any time. */
  readonly timeout?: number;
  /** Partitions that a thread works on at once. Default 1. */
  readonly together?: number;
}

function causeOfDeath(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') return 'its thread ran out of memory';
  return `its thread died: ${error instanceof Error ? error.message : String(error)}`;
}

/** Worker threads as an executor. */
export interface Threads extends Executor {
  rest(): Promise<void>;
  /** Has them go on with what the pipeline composes of other values, once they {@link rest}. */
  turn(values: Record<string, unknown>): void;
}

/** Of worker threads. Windows are short-lived buffers that only a scavenge frees: a small young generation keeps them few. */
export const workerLimits = { maxYoungGenerationSizeMb: 3 } as const;

/**
 * Worker threads, started as there is work for them. Each composes the pipeline module itself, so that only partitions, states, tallies and
 * what was measured cross threads; ensembles are measured before partitions that wait. A thread that dies, busy or idle, or takes too long
 * is replaced; the partitions it was at are rejected with a {@link WorkerLoss}. Where a thread takes several at once, it is filled before
 * another gets any. What a thread throws while it starts is what the partition is rejected with that it was started for.
 */
export function threads(first: WorkerStart, workers: number, { timeout, together = 1 }: ThreadOptions = {}): Threads {
  let start = first;
  // Dawn ends the process where a thread is terminated that waits for a card, which may compile for seconds.
  const patience = first.values.backend === 'webgpu' ? 10_000 : usualGrace;
  /** Slots with room. */
  const open: Slot[] = [];
  const all = new Set<Slot>();
  const queue: Waiting[] = [];
  const urgent: Waiting[] = [];
  let starting = 0;
  let nextId = 0;
  let closed = false;

  /** A slot gets no more jobs. */
  const shut = (slot: Slot): void => {
    const at = open.indexOf(slot);
    if (at >= 0) open.splice(at, 1);
  };
  const assign = (slot: Slot, job: Waiting): void => {
    const overdue = (): void => {
      shut(slot);
      slot.verdict = `it took longer than ${timeout} s`;
      void slot.worker.terminate();
    };
    const timed = timeout !== undefined && 'partition' in job.work;
    const settled = timed ? later(timeout, overdue) : undefined;
    const id = nextId++;
    slot.jobs.set(id, { ...job, settled });
    try {
      slot.worker.postMessage({ id, ...workFor(slot, job.work) } satisfies Order);
    } catch (error) {
      // What doesn't cross threads, or finds no memory for its copy.
      slot.held = undefined;
      take(slot, id)?.reject(error);
    }
  };
  /** What a thread is told to do: the state of an ensemble that it has already isn't sent again. */
  const workFor = (slot: Slot, work: Work): Work => {
    const { held } = slot;
    slot.held = undefined;
    if (!('measure' in work)) return work;
    if (work.measure.part === undefined) {
      slot.measured++;
      return work;
    }
    const { ensemble, counts, part } = work.measure;
    slot.held = ensemble;
    return held === ensemble ? { measure: { ensemble, counts, part, held: true } } : work;
  };
  /** An outcome whose state goes back to its thread: left to be collected here, states would take the more memory the longer a run is. */
  const returned = (slot: Slot, { outcome, buffers }: Report & { readonly kind: 'done' }): Outcome =>
    buffers.length === 0
      ? outcome
      : { ...outcome, release: () => slot.worker.postMessage({ spent: outcome.state } satisfies Order, buffers) };
  /** A job of a slot, which is free of it from now on. */
  const take = (slot: Slot, id: number): Job | undefined => {
    const job = slot.jobs.get(id);
    slot.jobs.delete(id);
    job?.settled?.();
    return job;
  };
  const takeAll = (slot: Slot): Job[] => [...slot.jobs.keys()].map((id) => take(slot, id)!);
  /**
   * The slot for what is to be measured: in turn, one that has measured fewest of those that measure nothing, or none while that one is at a partition. A
   * thread that measures for the first time takes two and a half times as long, as none of its code is compiled.
   */
  const measurer = ({ inTurn }: Waiting): Slot | undefined => {
    if (inTurn !== true) return open.at(-1);
    const measures = ({ jobs }: Slot): boolean => [...jobs.values()].some(({ work }) => 'measure' in work);
    const others = [...all].filter((slot) => slot.ready && !measures(slot));
    const fewest = Math.min(...others.map(({ measured }) => measured));
    return open.findLast(({ measured }) => measured === fewest);
  };
  const pump = (): void => {
    while (open.length > 0) {
      const first = urgent[0] && measurer(urgent[0]);
      const slot = first ?? open.at(-1)!;
      const job = (first && urgent.shift()) ?? queue.shift();
      if (job === undefined) break;
      assign(slot, job);
      if (slot.jobs.size === together) shut(slot);
    }
    while (!closed && starting * together < urgent.length + queue.length && all.size < workers) launch();
  };
  const release = (slot: Slot): void => {
    if (slot.verdict === undefined && !open.includes(slot)) open.push(slot);
    pump();
  };
  const hear = (slot: Slot, report: Report): void => {
    if (report.kind === 'ready') {
      slot.ready = true;
      starting--;
      release(slot);
      return;
    }
    if (report.kind === 'count') {
      slot.jobs.get(report.id)?.onCount?.(report.tally);
      return;
    }
    if (report.kind === 'failed' && report.id === undefined) {
      bury(slot, fromFailure(report.failure));
      return;
    }
    const job = take(slot, report.id!);
    if (job === undefined && !slot.leaving.delete(report.id!)) return;
    if (slot.leaving.size === 0) slot.left?.();
    release(slot);
    if (report.kind === 'done') job?.resolve(returned(slot, report));
    else if (report.kind === 'measured') job?.resolve(report);
    else job?.reject(fromFailure(report.failure));
  };
  /** Takes a slot out of the pool; who waits for it hears why. */
  const bury = (slot: Slot, why: unknown): void => {
    if (!all.delete(slot)) return;
    shut(slot);
    for (const job of takeAll(slot)) job.reject(why);
    if (!slot.ready) {
      starting--;
      (queue.shift() ?? urgent.shift())?.reject(why);
    }
    slot.left?.();
    void slot.worker.terminate();
    pump();
  };

  const launch = (): void => {
    starting++;
    const worker = startThread(new URL('../flow/worker.ts', import.meta.url), start, workerLimits);
    const slot: Slot = { worker, ready: false, jobs: new Map(), leaving: new Set(), measured: 0 };
    all.add(slot);
    worker.on('message', (report: Report) => hear(slot, report));
    worker.on('messageerror', (error) => bury(slot, error));
    worker.on('error', (error) => bury(slot, new WorkerLoss(causeOfDeath(error), { cause: error })));
    worker.on('exit', (code) =>
      bury(
        slot,
        new WorkerLoss(slot.verdict ?? (closed ? 'the pool was closed' : `its thread ended with code ${code}`)),
      ),
    );
  };

  /** Has a thread leave its partitions off; one that doesn't come to it is ended. */
  const leave = async (slot: Slot, gone: Error): Promise<void> => {
    const partitions = [...slot.jobs].filter(([, { work }]) => 'partition' in work);
    if (partitions.length === 0) return;
    const left = new Promise<boolean>((done) => {
      slot.left = () => done(true);
    });
    for (const [id] of partitions) {
      slot.leaving.add(id);
      take(slot, id)?.reject(gone);
    }
    slot.worker.postMessage('leave' satisfies Order);
    const waiting = new AbortController();
    const late = sleep(patience, false, { signal: waiting.signal }).catch(() => false);
    if (!(await Promise.race([left, late]))) {
      bury(slot, gone);
      await slot.worker.terminate();
    }
    waiting.abort();
  };

  return {
    slots: workers * together,
    execute: (partition, onCount) =>
      new Promise((resolve, reject) => {
        if (closed) throw new Error('the worker pool was closed');
        queue.push({ work: { partition }, resolve: resolve as Waiting['resolve'], reject, onCount });
        pump();
      }),
    measure: (measure, inTurn = false) =>
      new Promise((resolve) => {
        if (closed) return resolve(undefined);
        // Who asked does it again where it can't be done here, and sees why.
        const reject = (): void => resolve(undefined);
        urgent.push({ work: { measure }, inTurn, resolve: resolve as Waiting['resolve'], reject });
        pump();
      }),
    async rest() {
      const gone = new Error('the worker pool was closed');
      for (const { reject } of queue.splice(0)) reject(gone);
      await Promise.all([...all].map((slot) => leave(slot, gone)));
    },
    turn(values) {
      start = { ...start, values };
      for (const slot of all) {
        slot.held = undefined;
        slot.worker.postMessage({ compose: values } satisfies Order);
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      const gone = new Error('the worker pool was closed');
      for (const { reject } of [...urgent.splice(0), ...queue.splice(0)]) reject(gone);
      const slots = [...all];
      for (const slot of slots) for (const job of takeAll(slot)) job.reject(gone);
      await Promise.all(slots.map(({ worker }) => endThread(worker, patience)));
    },
  };
}
