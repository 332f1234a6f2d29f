import { hostname } from 'node:os';
import { pid } from 'node:process';
import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { addCounts, zeroCounts } from '../flow/counts.ts';
import type { Executor } from '../flow/executor.ts';
import type { Partition } from '../flow/partition.ts';
import { threads } from '../flow/pool.ts';
import { WorkerLoss } from '../flow/tries.ts';
import { outcomeKey, prefix, queueName } from './keys.ts';
import type { Offer } from './offer.ts';
import { leaveOutcome, reasonOf } from './outcome.ts';

/** A session that this worker works for. */
export interface Serving {
  readonly offer: Offer;
  /** Jobs in progress. */
  readonly running: number;
  /** Slots that they take: one for as many as the run has a thread work on at once. */
  readonly occupied: number;
  /** Jobs that it has room for, with so many slots more. */
  room(more: number): number;
  /**
   * Takes the next job, where there is one, with others as far as they go together and there is room, and works on them; `done` is called when
   * one is over.
   * @param wait whether to wait for one for a moment
   */
  take(wait: boolean, room: number, done: () => void): Promise<boolean>;
  /** Gives all that is in progress back, for other workers to try. */
  handBack(): Promise<void>;
  /** Drops what is in progress. */
  close(): Promise<void>;
}

export interface ServingOptions {
  readonly redis: Redis;
  readonly module: string;
  readonly slots: number;
  readonly heartbeat: number;
}

const tallyEvery = 1000; // ms between tallies of a running partition

/** Begins to serve a session: threads are started once there are jobs. */
export function serve(offer: Offer, { redis, module, slots, heartbeat }: ServingOptions): Serving {
  const { session, values, seed, folder, record, encodings, records, timeout, together = 1 } = offer;
  // A worker is taken for dead when it has been silent for four heartbeats, and found to be within two more.
  const lock = 4000 * heartbeat;
  const worker = new Worker<{ partition: Partition }>(queueName(session), null, {
    connection: redis,
    prefix,
    lockDuration: lock,
    stalledInterval: 2000 * heartbeat,
    maxStalledCount: 0, // the driver counts tries
    drainDelay: 1,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    skipVersionCheck: true,
  });
  worker.on('error', () => {}); // the connection comes back; a session without a driver is dropped
  void worker.startStalledCheckTimer();
  const start = {
    module,
    values,
    seed,
    folder,
    record,
    ...(encodings === undefined ? {} : { encodings }),
    records,
    staged: true,
  };
  let pool: Executor | undefined;
  const jobs = new Map<Job, { reject: (error: Error) => void; ended: Promise<void> }>();
  let taken = 0;
  let closed = false;

  const evaluate = async (job: Job<{ partition: Partition }>, lost: Promise<never>): Promise<void> => {
    let tally = zeroCounts();
    let told = performance.now();
    // Of the worker that had it before: its driver counts it as a try, and decides about another.
    if (job.deferredFailure) {
      await job.moveToFailed(new Error(job.deferredFailure), job.token!, false).catch(() => {});
      return;
    }
    const renewal = setInterval(() => void job.extendLock(job.token!, lock).catch(() => {}), 1000 * heartbeat);
    try {
      pool ??= threads(start, slots, { together, ...(timeout === undefined ? {} : { timeout }) });
      const work = pool.execute(job.data.partition, (more) => {
        addCounts(tally, more);
        if (performance.now() - told < tallyEvery) return;
        void job.updateProgress({ ...tally }).catch(() => {});
        tally = zeroCounts();
        told = performance.now();
      });
      await leaveOutcome(redis, outcomeKey(session, job.id!), await Promise.race([work, lost]));
      await job.moveToCompleted(null, job.token!, false);
    } catch (error) {
      if (closed) return;
      const host = `${hostname()} (worker ${pid})`;
      const reason = new Error(reasonOf(error, host));
      // Fails too where the job is no longer this worker's: it was silent for too long, or the session is over.
      await job.moveToFailed(reason, job.token!, false).catch(() => {});
    } finally {
      clearInterval(renewal);
    }
  };

  const next = (wait: boolean): Promise<Job<{ partition: Partition }> | undefined> =>
    worker.getNextJob(`${worker.id}:${taken++}`, { block: wait });
  const begin = (job: Job<{ partition: Partition }>, done: () => void): void => {
    let reject: (error: Error) => void = () => {};
    const lost = new Promise<never>((_, fail) => {
      reject = fail;
    });
    lost.catch(() => {});
    const ended = evaluate(job, lost).finally(() => {
      jobs.delete(job);
      done();
    });
    jobs.set(job, { reject, ended });
  };
  const occupied = (): number => Math.ceil(jobs.size / together);

  return {
    offer,
    get running() {
      return jobs.size;
    },
    get occupied() {
      return occupied();
    },
    room: (more) => (occupied() + more) * together - jobs.size,
    async take(wait, room, done) {
      const first = await next(wait);
      if (first === undefined) return false;
      // Those that go together begin together, once all are here.
      const group = [first];
      while (group.length < Math.min(room, together)) {
        const one = await next(false).catch(() => undefined);
        if (one === undefined) break;
        group.push(one);
      }
      for (const job of group) begin(job, done);
      return true;
    },
    async handBack() {
      const leaving = new WorkerLoss('the worker was asked to leave', { counts: false });
      const all = [...jobs.values()];
      for (const { reject } of all) reject(leaving);
      await Promise.all(all.map(({ ended }) => ended));
    },
    async close() {
      closed = true;
      for (const { reject } of jobs.values()) reject(new Error('the session is over'));
      await pool?.[Symbol.asyncDispose]();
      await worker.close(true).catch(() => {});
    },
  };
}
