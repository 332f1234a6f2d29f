import { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Outcome } from '../flow/execute.ts';
import type { Partition } from '../flow/partition.ts';
import type { Counts } from '../pipeline.ts';
import { adoptParts } from '../store/staged-part.ts';
import { createFlights, type Flight } from './flights.ts';
import { outcomeKey, prefix, queueName } from './keys.ts';
import { errorOf, fetchOutcome } from './outcome.ts';
import { within } from './within.ts';

/** The partitions of a session as jobs of its queue on the server. */
export interface Jobs {
  readonly queue: Queue;
  /** Resolves once news of jobs comes in. */
  ready(): Promise<void>;
  /** Hands a partition in. */
  begin(partition: Partition, onCount: Flight['onCount']): Promise<Outcome>;
  /** Looks for jobs that the server has forgotten, and for outcomes whose news was lost with it. */
  reconcile(): Promise<void>;
  /** Rejects what is out; returns the ids. */
  reject(error: Error): string[];
  close(): Promise<void>;
}

/**
 * Opens the queue of a session. What comes back has its parts taken into the run folder, where there is one.
 * @param patience milliseconds after which a job that hasn't come back is looked for
 */
export function openJobs(redis: Redis, session: string, folder: string | undefined, patience: number): Jobs {
  const name = queueName(session);
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
  const flights = createFlights();

  const land = async (id: string, flight: Flight): Promise<boolean> => {
    const fetched = await fetchOutcome(redis, outcomeKey(session, id));
    if (fetched === undefined) return false;
    if (!flights.take(id)) return true;
    const { outcome, keys } = fetched;
    try {
      flight.resolve({ ...outcome, parts: await adoptParts(folder, outcome.parts) });
    } catch (error) {
      flight.reject(error);
    }
    void redis.unlink([...keys]).catch(() => {});
    return true;
  };
  events.on('completed', ({ jobId }) => {
    const flight = flights.get(jobId);
    if (flight !== undefined) void land(jobId, flight).catch(() => {}); // looked for again by `reconcile`
  });
  events.on('failed', ({ jobId, failedReason }) => {
    const flight = flights.get(jobId);
    if (flight !== undefined && flights.take(jobId)) flight.reject(errorOf(failedReason));
  });
  events.on('progress', ({ jobId, data }) => flights.get(jobId)?.onCount?.(data as Partial<Counts>));

  const hand = (id: string, { partition }: Flight): Promise<unknown> =>
    queue.add('partition', { partition }, { jobId: id });

  return {
    queue,
    async ready() {
      await events.waitUntilReady();
    },
    begin(partition, onCount) {
      const { id, flight, outcome } = flights.begin(partition, onCount);
      hand(id, flight).catch((error: unknown) => {
        if (flights.take(id)) flight.reject(error);
      });
      return outcome;
    },
    async reconcile() {
      for (const [id, flight] of flights.overdue(patience)) {
        if (await land(id, flight)) continue;
        if ((await redis.exists(queue.toKey(id))) === 1) flight.missed = 0;
        else if (++flight.missed >= 2 && flights.get(id) !== undefined) {
          flight.missed = 0;
          await hand(id, flight);
        }
      }
    },
    reject: (error) => flights.close(error),
    async close() {
      await Promise.all([events, queue].map((one) => within(2000, one.close()).catch(() => {})));
    },
  };
}
