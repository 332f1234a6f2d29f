import type { Redis } from 'ioredis';
import { outcomeLife, workerKey, workersKey } from './keys.ts';

/** What a worker says of itself with every sign of life. */
export interface Presence {
  readonly host: string;
  readonly pid: number;
  readonly slots: number;
  /** Sessions that it works for. */
  readonly serves: readonly string[];
  /** Sessions that it doesn't, and why. */
  readonly refuses: Readonly<Record<string, string>>;
}

/** The workers of one session. */
export interface Staff {
  readonly workers: number;
  readonly slots: number;
  /** What other workers said. */
  readonly refusals: readonly string[];
}

/** Takes a sign of life to the server. The list itself goes when no worker signs any more: one that was killed can't take itself off. */
export async function sayPresent(redis: Redis, id: string, presence: Presence, seconds: number): Promise<void> {
  await redis
    .multi()
    .sadd(workersKey, id)
    .expire(workersKey, Math.max(outcomeLife, seconds))
    .set(workerKey(id), JSON.stringify(presence), 'EX', seconds)
    .exec();
}

/** Takes a worker off the list. */
export async function sayGone(redis: Redis, id: string): Promise<void> {
  await redis.multi().srem(workersKey, id).unlink(workerKey(id)).exec();
}

/** The living workers that serve a session; those that are gone are taken off the list. */
export async function staffOf(redis: Redis, session: string): Promise<Staff> {
  const ids = await redis.smembers(workersKey);
  if (ids.length === 0) return { workers: 0, slots: 0, refusals: [] };
  const texts = await redis.mget(ids.map(workerKey));
  const gone = ids.filter((_, i) => texts[i] === null);
  if (gone.length > 0) await redis.srem(workersKey, ...gone);
  const living = texts
    .filter((text) => text !== null && text !== undefined)
    .map((text) => JSON.parse(text) as Presence);
  const serving = living.filter(({ serves }) => serves.includes(session));
  return {
    workers: serving.length,
    slots: serving.reduce((sum, { slots }) => sum + slots, 0),
    refusals: living.flatMap(({ host, pid, refuses }) => {
      const refusal = refuses[session];
      return refusal === undefined ? [] : [`worker ${pid} on ${host} doesn't work on this run: ${refusal}`];
    }),
  };
}
