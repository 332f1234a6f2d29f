import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileDigest } from '../store/digest.ts';
import { threadCount } from '../thread-count.ts';
import { heartbeatOf } from './heartbeat.ts';
import { closeRedis, isLasting, openRedis, shownUrl, unusable, waits } from './redis.ts';
import { openSessions, type Sessions } from './sessions.ts';
import { sayGone, sayPresent } from './staff.ts';
import { within } from './within.ts';

export interface WorkerOptions {
  readonly url: string;
  /** Partitions at once. Default: one a core. */
  readonly slots?: number;
  /** Files of users' pipelines, for runs whose driver has them elsewhere. */
  readonly pipelines?: readonly string[];
  /** Seconds between signs of life, from 0.1 to 3600. Default 5. */
  readonly heartbeat?: number;
  /** Seconds that what is in progress may take once the worker is told to leave. Default 20. */
  readonly drain?: number;
  /** Seconds without a run after which it leaves. Default: never. */
  readonly idle?: number;
  /** Seconds to wait for a server that isn't there yet. Default: 5 for one that refuses connections, else none. */
  readonly connectTimeout?: number;
  /** Tells the worker to leave. */
  readonly signal?: AbortSignal;
  readonly logger?: { info(text: string): void; warn(text: string): void } | undefined;
}

const lookEvery = 1000; // ms between looks at which runs there are

/** Rounds of a worker beside its work. */
interface Rounds {
  /** Stops the rounds; `ended` resolves once those that wait for the server are over, too. */
  stop(): void;
  readonly ended: Promise<void>;
}

/** Looks for runs every second and gives signs of life, also while the server is away. */
function makeRounds(
  sessions: Sessions,
  present: () => Promise<void>,
  told: Promise<void>,
  { url, heartbeat = 5, logger }: WorkerOptions,
): Rounds {
  let beaten = 0;
  let away = false;
  let over = false;
  const wake = new AbortController();
  void told.then(() => wake.abort());
  const rounds = async (): Promise<void> => {
    while (!over) {
      try {
        if (await sessions.look()) await present();
        if (performance.now() - beaten > 1000 * heartbeat) {
          await present();
          beaten = performance.now();
        }
        if (away) logger?.info(`the queue at ${shownUrl(url)} is back`);
        away = false;
      } catch (error) {
        if (!away) logger?.warn(waits(url, error));
        away = true;
      }
      await sleep(lookEvery, undefined, wake.signal.aborted ? {} : { signal: wake.signal }).catch(() => {});
    }
  };
  return {
    ended: rounds(),
    stop() {
      over = true;
      wake.abort();
    },
  };
}

/** Takes partitions of all sessions, highest priority first, until the worker is told to leave or was idle for too long. */
async function takeTurns(
  sessions: Sessions,
  told: Promise<void>,
  { signal, idle = Infinity }: WorkerOptions,
): Promise<void> {
  let freed: () => void = () => {};
  const done = (): void => freed();
  const left = told.then(() => sleep(3000, undefined));
  let worked = performance.now();
  let turn = 0;
  while (signal?.aborted !== true && performance.now() - worked < 1000 * idle) {
    const order = sessions.servings;
    if (order.length > 0 && order.every((one) => one.room(sessions.free) <= 0)) {
      const over = new Promise<void>((resolve) => {
        freed = resolve;
      });
      await Promise.race([over, told]);
      continue;
    }
    // Runs of one priority take turns.
    const turned = order.map((_, i) => order[(i + turn) % order.length]!);
    turned.sort((a, b) => b.offer.priority - a.offer.priority);
    if (turned.length > 0) worked = performance.now();
    turn++;
    let found = false;
    for (const serving of turned) {
      const room = serving.room(sessions.free);
      if (room <= 0) continue;
      // A server that is away doesn't keep a worker from leaving.
      const took = await Promise.race([serving.take(turned.length === 1, room, done).catch(() => undefined), left]);
      if (took === undefined) await sleep(200);
      if (took !== true) continue;
      found = true;
      break;
    }
    if (!found && turned.length !== 1) await sleep(turned.length === 0 ? 100 : 20);
  }
}

/** Waits for partitions in progress for so many seconds, then returns the rest to the queue. */
async function drained(sessions: Sessions, seconds: number): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (sessions.running > 0 && performance.now() < end) await sleep(50);
  for (const serving of sessions.servings) await serving.handBack('the worker was asked to leave');
}

/**
 * Works on the partitions of all runs that a queue offers, runs of higher priority first, until it is told to leave. A run that would not
 * have the same bits here, or whose files are not here, is refused in a sentence.
 * @throws ParameterError for what is no URL of a server, and for another heartbeat; StoreError for a file of a pipeline that isn't there; QueueError
 * where the server can't be reached, or won't have a worker
 */
export async function work(options: WorkerOptions): Promise<void> {
  const { url, pipelines = [], drain = 20, signal, logger } = options;
  const heartbeat = heartbeatOf(options.heartbeat);
  const slots = threadCount(options.slots, (text) => logger?.warn(text));
  for (const file of pipelines) await fileDigest(file);
  const redis = await openRedis(url, options).catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
  });
  if (redis === undefined) return;
  const id = `${hostname()}-${pid}-${randomUUID().slice(0, 8)}`;
  const life = Math.ceil(4 * heartbeat);
  const sessions = openSessions({ redis, pipelines, slots, heartbeat, silence: life, again: 2000 * heartbeat, logger });
  const told = new Promise<void>((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  const present = (): Promise<void> => {
    const { serves, refuses } = sessions;
    const leaving = signal?.aborted === true;
    return sayPresent(redis, id, { host: hostname(), pid, slots: leaving ? 0 : slots, serves, refuses }, life);
  };
  try {
    await within(1000 * heartbeat, present());
  } catch (error) {
    if (isLasting(error)) {
      await closeRedis(redis);
      throw unusable(url, error);
    }
  }
  const rounds = makeRounds(sessions, present, told, options);
  logger?.info(`${slots} ${slots === 1 ? 'slot' : 'slots'} for the runs at ${shownUrl(url)}`);
  await takeTurns(sessions, told, options);
  if (sessions.running > 0) {
    logger?.info(`leaves once ${sessions.running} partitions are done, or in ${drain} s`);
    await drained(sessions, drain);
  }
  // Awaited before the worker leaves the list: a sign of life still on its way would put it back.
  rounds.stop();
  await Promise.race([rounds.ended, sleep(1000)]);
  await sessions.close();
  await Promise.race([sayGone(redis, id).catch(() => {}), sleep(1000)]);
  await closeRedis(redis);
  // What it had asked of a server that is away stays unanswered.
  await Promise.race([rounds.ended, sleep(1000)]);
}
