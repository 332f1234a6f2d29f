import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Executor } from '../flow/executor.ts';
import { threads } from '../flow/pool.ts';
import { WorkerLoss } from '../flow/tries.ts';
import { watchFiles } from '../flow/watched-files.ts';
import { type JobData, type PartitionJob, workOn } from './job.ts';
import { prefix, queueName } from './keys.ts';
import type { Offer } from './offer.ts';
import { within } from './within.ts';

/** A session that this worker works for. */
export interface Serving {
  readonly offer: Offer;
  /** Jobs in progress. */
  readonly running: number;
  /** Slots that they occupy: one slot works on as many jobs at once as the run says (`together`). */
  readonly occupied: number;
  /** Jobs that there is room for with so many more slots. */
  room(more: number): number;
  /**
   * Takes the next job, and further ones up to `room` where the run works on several at once; `done` is called as each of them ends.
   * @param wait whether to wait a moment for the first
   * @returns whether there was one
   */
  take(wait: boolean, room: number, done: () => void): Promise<boolean>;
  /** Returns the jobs in progress to the queue, for other workers, and says why. */
  handBack(why: string): Promise<void>;
  /** Drops what is in progress. */
  close(): Promise<void>;
}

export interface ServingOptions {
  readonly redis: Redis;
  readonly module: string;
  readonly slots: number;
  readonly heartbeat: number;
  /** Why the worker would refuse the session now; undefined where it wouldn't. */
  reconsider(): Promise<string | undefined>;
  /** Called once the session is to be given up for such a reason. */
  onUnfit(refusal: string): void;
}

/**
 * Takes jobs of a session's queue, and finds those of dead workers: a worker is taken for dead once its lock has run out, four heartbeats after it was
 * last heard of, and found to be within two more.
 */
function queueWorker(session: string, redis: Redis, lock: number): Worker<JobData> {
  const worker = new Worker<JobData>(queueName(session), null, {
    connection: redis,
    prefix,
    lockDuration: lock,
    stalledInterval: lock / 2,
    maxStalledCount: 0, // the driver counts tries
    drainDelay: 1,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    skipVersionCheck: true,
  });
  worker.on('error', () => {}); // the connection comes back; a session without a driver is dropped
  void worker.startStalledCheckTimer();
  return worker;
}

/** Begins to serve a session: threads are started once there are jobs. */
export function serve(offer: Offer, options: ServingOptions): Serving {
  const { redis, module, slots, heartbeat, reconsider, onUnfit } = options;
  const { session, values, seed, folder, record, encodings, metadata, records, timeout, together = 1 } = offer;
  const lock = 4000 * heartbeat;
  const worker = queueWorker(session, redis, lock);
  const { file_sha256: sha256, modules } = offer;
  const start = {
    module,
    ...(sha256 === undefined ? {} : { files: { sha256, ...(modules === undefined ? {} : { modules }) } }),
    values,
    seed,
    folder,
    record,
    ...(encodings === undefined ? {} : { encodings }),
    ...(metadata === undefined ? {} : { metadata }),
    records,
    staged: true,
  };
  let pool: Executor | undefined;
  const watched = watchFiles(offer.inputs);
  const jobs = new Map<PartitionJob, { reject: (error: Error) => void; ended: Promise<void> }>();
  let taken = 0;
  let closed = false;

  const evaluate = (job: PartitionJob, lost: Promise<never>): Promise<void> => {
    const compute: Executor['execute'] = (partition, onCount) => {
      pool ??= threads(start, slots, { together, ...(timeout === undefined ? {} : { timeout }) });
      return pool.execute(partition, onCount);
    };
    const execute: Executor['execute'] = async (partition, onCount) => {
      let failure: unknown;
      try {
        const outcome = await compute(partition, onCount);
        if ((await (await watched)()) === undefined) return outcome;
      } catch (error) {
        // An error of a thread has its class by name only.
        if ((error as Error).name !== 'StoreError') throw error;
        failure = error;
      }
      // What was fit when the session was taken up may not be any more: a folder that is gone, a file that was altered. Others do better.
      const refusal = await reconsider();
      if (refusal === undefined) throw failure ?? new WorkerLoss('a file that it reads was altered for a moment');
      onUnfit(refusal);
      throw new WorkerLoss(refusal, { counts: false });
    };
    return workOn(job, { redis, session, lock, heartbeat, execute, lost, closed: () => closed });
  };

  const next = (wait: boolean): Promise<PartitionJob | undefined> =>
    worker.getNextJob(`${worker.id}:${taken++}`, { block: wait });
  const begin = (job: PartitionJob, done: () => void): void => {
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
    async handBack(why) {
      const leaving = new WorkerLoss(why, { counts: false });
      const all = [...jobs.values()];
      for (const { reject } of all) reject(leaving);
      // A server that is away isn't told, and finds them itself once their locks have run out.
      await within(1000 * heartbeat, Promise.all(all.map(({ ended }) => ended))).catch(() => {});
    },
    async close() {
      closed = true;
      for (const { reject } of jobs.values()) reject(new Error('the session is over'));
      await pool?.[Symbol.asyncDispose]();
      // Its connection, too, may be waiting for a server that is away.
      await within(2000, worker.close(true)).catch(() => {});
    },
  };
}
