import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { QueueError } from '../error.ts';
import type { Executor } from '../flow/executor.ts';
import { arithmetic } from './arithmetic.ts';
import { heartbeatOf } from './heartbeat.ts';
import { openJobs } from './jobs.ts';
import { driverKey, endedKey, offersKey, outcomeKey, prefix, queueMetaKey, queueName } from './keys.ts';
import { decodeOffer, encodeOffer, type Offer } from './offer.ts';
import { removeOutcome } from './outcome.ts';
import { closeRedis, isRefusal, openRedis, shownUrl, unusable, waits } from './redis.ts';
import { watchStaff } from './staff-watch.ts';
import { within } from './within.ts';

/** What a driver offers: an {@link Offer} without the fields that the queue itself adds. */
export type Offered = Omit<Offer, 'session' | 'driver' | 'arithmetic'>;

export interface QueueOptions {
  /** `redis://…` or `rediss://…`, with user, password and database as Redis has them. */
  readonly url: string;
  /** Seconds between signs of life, from 0.1 to 3600. Default 5. */
  readonly heartbeat?: number;
  /** Seconds to wait for a server that isn't there yet. Default: 5 for one that refuses connections, else none. */
  readonly connectTimeout?: number | undefined;
  /** Ends that waiting. */
  readonly signal?: AbortSignal | undefined;
  readonly logger?: { info(text: string): void; warn(text: string): void } | undefined;
}

/** Jobs handed out beyond the workers' slots, so that no worker waits for its next one. */
const spare = 2;

/**
 * Evaluates partitions on the workers that serve a queue (`crackle worker`), on BullMQ. What a worker that went away was at is rejected with a
 * WorkerLoss; where the server itself forgets a job, as one that is restarted may, it is handed in again.
 * @throws ParameterError for what is no URL of a server, and for another heartbeat; QueueError where it can't be reached, or refuses what it is asked
 */
export async function queueExecutor(offered: Offered, options: QueueOptions): Promise<Executor> {
  const { url, logger } = options;
  const heartbeat = heartbeatOf(options.heartbeat);
  const ours = await arithmetic(offered.values);
  const redis = await openRedis(url, options);
  const session = randomUUID();
  const offer: Offer = { ...offered, session, driver: `${hostname()} ${pid}`, arithmetic: ours };
  const text = encodeOffer(offer);
  const life = Math.ceil(4 * heartbeat);
  const sayHere = async (): Promise<void> => {
    await redis.multi().hset(offersKey, session, text).set(driverKey(session), '', 'EX', life).exec();
  };

  const jobs = openJobs(redis, session, offered.folder, heartbeat * 1000);
  const close = async (): Promise<void> => {
    await jobs.close();
    await closeRedis(redis);
  };
  try {
    await jobs.ready();
    await endEarlier(redis, offered.run, life);
    await sayHere();
  } catch (error) {
    await close();
    throw unusable(url, error);
  }

  const watch = watchStaff(redis, session, url, logger);
  let closed = false;
  let away = false;
  const beat = async (): Promise<void> => {
    try {
      await within(heartbeat * 1000, sayHere());
      await within(heartbeat * 1000, watch.look());
      if (away) logger?.info(`the queue at ${shownUrl(url)} is back`);
      away = false;
      await within(heartbeat * 1000, jobs.reconcile());
    } catch (error) {
      if (!away && !closed) logger?.warn(waits(url, error));
      away = true;
    }
  };
  let beating: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    beating = beating.then(() => (closed ? undefined : beat()));
  }, heartbeat * 1000);
  // Workers that are here already answer within a moment.
  const early = setInterval(() => void watch.look().catch(() => {}), 250);
  setTimeout(() => clearInterval(early), heartbeat * 1000).unref();

  return {
    get slots() {
      return (Math.ceil(1.25 * watch.staff.slots) + spare) * (offered.together ?? 1);
    },
    staff: () => ({ workers: watch.staff.workers, slots: watch.staff.slots }),
    grown: () => watch.growth,
    async execute(partition, onCount) {
      if (closed) throw new QueueError('the queue was closed');
      try {
        return await jobs.begin(partition, onCount);
      } catch (error) {
        throw isRefusal(error) ? unusable(url, error) : error;
      }
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      clearInterval(early);
      const left = jobs.reject(new QueueError('the queue was closed'));
      const clean = async (): Promise<void> => {
        await redis
          .multi()
          .hdel(offersKey, session)
          .del(driverKey(session))
          .set(endedKey(session), '', 'EX', life)
          .exec();
        await jobs.queue.obliterate({ force: true });
        await redis.del(queueMetaKey(session));
        for (const id of left) await removeOutcome(redis, outcomeKey(session, id));
      };
      // Where the server can't be reached, nothing needs tidying: outcomes expire, and workers drop a session without a driver.
      await within(5000, clean()).catch(() => {});
      await close();
    },
  };
}

/** Ends the session that a killed driver of the same run has left, so that its workers are free at once. */
async function endEarlier(redis: Redis, run: string, life: number): Promise<void> {
  if (run === '') return;
  for (const [session, text] of Object.entries(await redis.hgetall(offersKey))) {
    if (decodeOffer(text)?.run !== run) continue;
    await redis.multi().hdel(offersKey, session).del(driverKey(session)).set(endedKey(session), '', 'EX', life).exec();
    const queue = new Queue(queueName(session), {
      connection: redis,
      prefix,
      skipVersionCheck: true,
      skipMetasUpdate: true,
    });
    queue.on('error', () => {});
    await queue.obliterate({ force: true });
    await queue.close();
  }
}
