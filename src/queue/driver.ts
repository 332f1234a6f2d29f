import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { QueueError } from '../error.ts';
import type { Executor } from '../flow/executor.ts';
import type { Counts } from '../pipeline.ts';
import { adoptParts } from '../store/staged-part.ts';
import { arithmetic } from './arithmetic.ts';
import { createFlights, type Flight } from './flights.ts';
import { driverKey, endedKey, offersKey, outcomeKey, prefix, queueMetaKey, queueName } from './keys.ts';
import { decodeOffer, encodeOffer, type Offer } from './offer.ts';
import { errorOf, fetchOutcome, removeOutcome } from './outcome.ts';
import { closeRedis, openRedis, shownUrl, unusable } from './redis.ts';
import { type Staff, staffOf } from './staff.ts';

/** What a driver offers: an {@link Offer} but for what the queue makes of it. */
export type Offered = Omit<Offer, 'session' | 'driver' | 'arithmetic'>;

export interface QueueOptions {
  /** `redis://…` or `rediss://…`, with user, password and database as Redis has them. */
  readonly url: string;
  /** Seconds between signs of life. Default 5. */
  readonly heartbeat?: number;
  readonly logger?: { info(text: string): void; warn(text: string): void } | undefined;
}

/** Slots that jobs are out for beside those that workers have, so that none of them waits for the next. */
const spare = 2;

/**
 * Evaluates partitions on the workers that serve a queue (`crackle worker`), on BullMQ. What a worker that went away was at is rejected with a
 * WorkerLoss; where the server itself forgets a job, as one that is restarted may, it is handed in again.
 * @throws ParameterError for what is no URL of a server; QueueError where it can't be reached, or refuses what it is asked
 */
export async function queueExecutor(offered: Offered, options: QueueOptions): Promise<Executor> {
  const { url, heartbeat = 5, logger } = options;
  const ours = await arithmetic(offered.values);
  const redis = await openRedis(url);
  const session = randomUUID();
  const name = queueName(session);
  const offer: Offer = { ...offered, session, driver: `${hostname()} ${pid}`, arithmetic: ours };
  const text = encodeOffer(offer);
  const life = Math.ceil(4 * heartbeat);
  const sayHere = async (): Promise<void> => {
    await redis.multi().hset(offersKey, session, text).set(driverKey(session), '', 'EX', life).exec();
  };

  const kept = { removeOnComplete: true, removeOnFail: true, attempts: 1 };
  // Retries are the driver's own: it counts tries the same way for threads and machines.
  const queue = new Queue(name, {
    connection: redis,
    prefix,
    defaultJobOptions: kept,
    streams: { events: { maxLen: 10_000 } },
    skipVersionCheck: true,
  });
  const events = new QueueEvents(name, { connection: redis.duplicate(), prefix, skipVersionCheck: true });
  // The connections come back, or are closed below.
  queue.on('error', () => {});
  events.on('error', () => {});
  const close = async (): Promise<void> => {
    await within(2000, events.close()).catch(() => {});
    await within(2000, queue.close()).catch(() => {});
    await closeRedis(redis);
  };
  try {
    await events.waitUntilReady();
    await endEarlier(redis, offered.run, life);
    await sayHere();
  } catch (error) {
    await close();
    throw unusable(url, error);
  }

  const flights = createFlights();
  let closed = false;
  let staff: Staff = { slots: 0, workers: 0, refusals: [] };
  let grow: () => void = () => {};
  const nextGrowth = (): Promise<void> =>
    new Promise((resolve) => {
      grow = resolve;
    });
  let growth = nextGrowth();

  const land = async (id: string, flight: Flight): Promise<boolean> => {
    const fetched = await fetchOutcome(redis, outcomeKey(session, id));
    if (fetched === undefined) return false;
    if (!flights.take(id)) return true;
    const { outcome, keys } = fetched;
    try {
      flight.resolve({ ...outcome, parts: await adoptParts(offered.folder, outcome.parts) });
    } catch (error) {
      flight.reject(error);
    }
    void redis.unlink([...keys]).catch(() => {});
    return true;
  };
  events.on('completed', ({ jobId }) => {
    const flight = flights.get(jobId);
    if (flight !== undefined) void land(jobId, flight).catch(() => {}); // looked for again below
  });
  events.on('failed', ({ jobId, failedReason }) => {
    const flight = flights.get(jobId);
    if (flight !== undefined && flights.take(jobId)) flight.reject(errorOf(failedReason));
  });
  events.on('progress', ({ jobId, data }) => flights.get(jobId)?.onCount?.(data as Partial<Counts>));

  const hand = (id: string, { partition }: Flight): Promise<unknown> =>
    queue.add('partition', { partition }, { jobId: id });

  /** Looks for jobs that the server has forgotten, and for outcomes whose news was lost with it. */
  const reconcile = async (): Promise<void> => {
    for (const [id, flight] of flights.overdue(heartbeat * 1000)) {
      if (await land(id, flight)) continue;
      if ((await redis.exists(queue.toKey(id))) === 1) flight.missed = 0;
      else if (++flight.missed >= 2 && flights.get(id) !== undefined) {
        flight.missed = 0;
        await hand(id, flight);
      }
    }
  };

  const told = new Set<string>();
  let alone = performance.now();
  const lookAround = async (): Promise<void> => {
    const before = staff;
    staff = await staffOf(redis, session);
    for (const refusal of staff.refusals) {
      if (!told.has(refusal)) logger?.warn(refusal);
      told.add(refusal);
    }
    if (staff.workers !== before.workers) {
      logger?.info(`${staff.workers} workers with ${staff.slots} slots at ${shownUrl(url)}`);
    }
    if (staff.slots > before.slots) {
      grow();
      growth = nextGrowth();
    }
    if (staff.workers > 0) alone = performance.now();
    else if (performance.now() - alone > 30_000) {
      alone = performance.now();
      logger?.warn(`no worker is at ${shownUrl(url)}: start one with crackle worker ${shownUrl(url)}`);
    }
  };

  let away = false;
  const beat = async (): Promise<void> => {
    try {
      await within(heartbeat * 1000, sayHere());
      await within(heartbeat * 1000, lookAround());
      if (away) logger?.info(`the queue at ${shownUrl(url)} is back`);
      away = false;
      await within(heartbeat * 1000, reconcile());
    } catch {
      if (!away && !closed) logger?.warn(`the queue at ${shownUrl(url)} doesn't answer: waiting for it`);
      away = true;
    }
  };
  let beating: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    beating = beating.then(() => (closed ? undefined : beat()));
  }, heartbeat * 1000);
  // Workers that are here already answer within a moment.
  const early = setInterval(() => void lookAround().catch(() => {}), 250);
  setTimeout(() => clearInterval(early), heartbeat * 1000).unref();

  return {
    get slots() {
      return (Math.ceil(1.25 * staff.slots) + spare) * (offered.together ?? 1);
    },
    staff: () => ({ workers: staff.workers, slots: staff.slots }),
    grown: () => growth,
    async execute(partition, onCount) {
      if (closed) throw new QueueError('the queue was closed');
      const { id, flight, outcome } = flights.begin(partition, onCount);
      hand(id, flight).catch((error: unknown) => {
        if (flights.take(id)) flight.reject(error);
      });
      return outcome;
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      clearInterval(early);
      const left = flights.close(new QueueError('the queue was closed'));
      const clean = async (): Promise<void> => {
        await redis
          .multi()
          .hdel(offersKey, session)
          .del(driverKey(session))
          .set(endedKey(session), '', 'EX', life)
          .exec();
        await queue.obliterate({ force: true });
        await redis.del(queueMetaKey(session));
        for (const id of left) await removeOutcome(redis, outcomeKey(session, id));
      };
      // Where the server is away, what is there goes by itself: outcomes expire, workers drop a session without a driver.
      await within(5000, clean()).catch(() => {});
      await close();
    },
  };
}

/** Ends what a driver of the same run left that was killed: its workers are free at once. */
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

/** Rejects where something takes longer than so many milliseconds. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
