import { hostname } from 'node:os';
import { pid } from 'node:process';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { addCounts, zeroCounts } from '../flow/counts.ts';
import type { Executor } from '../flow/executor.ts';
import type { Partition } from '../flow/partition.ts';
import { WorkerLoss } from '../flow/tries.ts';
import { outcomeKey } from './keys.ts';
import { leaveOutcome, reasonOf } from './outcome.ts';
import { isRefusal, reason } from './redis.ts';

/** What a job of a session's queue is about. */
export interface JobData {
  readonly partition: Partition;
}

export type PartitionJob = Job<JobData>;

/** How a worker works on a job. */
export interface JobOptions {
  readonly redis: Redis;
  readonly session: string;
  /** Milliseconds for which the job belongs to this worker; each sign of life renews them. */
  readonly lock: number;
  /** Seconds between such signs of life. */
  readonly heartbeat: number;
  readonly execute: Executor['execute'];
  /** Rejects once the job is given up. */
  readonly lost: Promise<never>;
  /** Whether the session is over, so that nobody is told of failures. */
  closed(): boolean;
}

const tallyEvery = 1000; // ms between tallies of a running partition

/** Works on a job, and leaves its outcome, or says why there is none. Never rejects. */
export async function workOn(job: PartitionJob, options: JobOptions): Promise<void> {
  const { redis, session, lock, heartbeat, execute, lost, closed } = options;
  // Set by the worker that had the job before: the driver counts this as a try, and decides about another.
  if (job.deferredFailure) return fail(job, job.deferredFailure);
  // Unreferenced: where the server is gone what follows may never end, and is no reason for a worker to stay.
  const renewal = setInterval(() => void job.extendLock(job.token!, lock).catch(() => {}), 1000 * heartbeat).unref();
  try {
    const work = execute(job.data.partition, tallies(job));
    await leaveOutcome(redis, outcomeKey(session, job.id!), await Promise.race([work, lost]));
    await job.moveToCompleted(null, job.token!, false);
  } catch (error) {
    // Its memory may be free again once the driver has taken other outcomes.
    const said = isRefusal(error) ? new WorkerLoss(`the server didn't take its outcome: ${reason(error)}`) : error;
    if (!closed()) await fail(job, reasonOf(said, `${hostname()} (worker ${pid})`));
  } finally {
    clearInterval(renewal);
  }
}

/** Tells the driver what a partition has counted since it was last told, once a second. */
function tallies(job: PartitionJob): NonNullable<Parameters<Executor['execute']>[1]> {
  let tally = zeroCounts();
  let told = performance.now();
  return (more) => {
    addCounts(tally, more);
    if (performance.now() - told < tallyEvery) return;
    void job.updateProgress({ ...tally }).catch(() => {});
    tally = zeroCounts();
    told = performance.now();
  };
}

/** Marks the job as failed. Does nothing where it no longer is this worker's: it was silent for too long, or the session is over. */
async function fail(job: PartitionJob, reason: string): Promise<void> {
  await job.moveToFailed(new Error(reason), job.token!, false).catch(() => {});
}
