import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { threadCount } from '../thread-count.ts';
import { driverKey, endedKey, offersKey, queueMetaKey } from './keys.ts';
import { decodeOffer, type Offer } from './offer.ts';
import { closeRedis, openRedis, shownUrl } from './redis.ts';
import { answer, shownModule } from './refusal.ts';
import { type Serving, serve } from './serving.ts';
import { sayGone, sayPresent } from './staff.ts';

export interface WorkerOptions {
  readonly url: string;
  /** Partitions at once. Default: one a core. */
  readonly slots?: number;
  /** Files of users' pipelines, for runs whose driver has them elsewhere. */
  readonly pipelines?: readonly string[];
  /** Seconds between signs of life. Default 5. */
  readonly heartbeat?: number;
  /** Seconds that what is in progress may take once the worker is told to leave. Default 20. */
  readonly drain?: number;
  /** Seconds without a run after which it leaves. Default: never. */
  readonly idle?: number;
  /** Tells the worker to leave. */
  readonly signal?: AbortSignal;
  readonly logger?: { info(text: string): void; warn(text: string): void } | undefined;
}

const lookEvery = 1000; // ms between looks at which runs there are

/**
 * Works on the partitions of all runs that a queue offers, runs of higher priority first, until it is told to leave. A run that would not
 * have the same bits here, or whose files are not here, is refused in a sentence.
 * @throws ParameterError for what is no URL of a server; QueueError where it can't be reached
 */
export async function work(options: WorkerOptions): Promise<void> {
  const { url, pipelines = [], heartbeat = 5, drain = 20, idle = Infinity } = options;
  const { signal, logger } = options;
  const slots = threadCount(options.slots, (text) => logger?.warn(text));
  const redis = await openRedis(url);
  const id = `${hostname()}-${pid}-${randomUUID().slice(0, 8)}`;
  const life = Math.ceil(4 * heartbeat);
  const servings = new Map<string, Serving>();
  const refuses = new Map<string, string>();
  /** When sessions whose driver is silent were last heard of. */
  const heard = new Map<string, number>();
  let freed: () => void = () => {};
  const done = (): void => freed();
  const running = (): number => [...servings.values()].reduce((sum, one) => sum + one.running, 0);
  const free = (): number => slots - [...servings.values()].reduce((sum, { occupied }) => sum + occupied, 0);
  const told = new Promise<void>((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  const left = told.then(() => sleep(3000, undefined));
  const leaving = (): boolean => signal?.aborted === true;
  const present = (): Promise<void> =>
    sayPresent(
      redis,
      id,
      {
        host: hostname(),
        pid,
        slots: leaving() ? 0 : slots,
        serves: [...servings.keys()],
        refuses: Object.fromEntries(refuses),
      },
      life,
    );

  const drop = async (session: string, why: string): Promise<void> => {
    const serving = servings.get(session);
    servings.delete(session);
    refuses.delete(session);
    heard.delete(session);
    if (serving === undefined) return;
    logger?.info(`${serving.offer.pipeline} of ${serving.offer.driver}: ${why}`);
    await serving.close();
  };

  const consider = async (offer: Offer): Promise<void> => {
    const { session, pipeline, driver } = offer;
    const answered = await answer(offer, pipelines);
    if ('refusal' in answered) {
      refuses.set(session, answered.refusal);
      logger?.warn(`refuses ${pipeline} of ${driver}: ${answered.refusal}`);
    } else {
      servings.set(session, serve(offer, { redis, module: answered.module, slots, heartbeat }));
      logger?.info(`works on ${pipeline} of ${driver} (${shownModule(answered.module)})`);
    }
  };

  /** Which sessions there are: takes up new ones, drops those that have ended or whose driver is gone. */
  const look = async (): Promise<void> => {
    const offers = await redis.hgetall(offersKey);
    const known = new Set([...Object.keys(offers), ...servings.keys(), ...refuses.keys()]);
    let changed = false;
    for (const session of known) {
      const [alive, ended] = await redis.mget(driverKey(session), endedKey(session));
      const text = offers[session];
      const isNew = !servings.has(session) && !refuses.has(session);
      if (alive !== null) heard.set(session, performance.now());
      if (isNew && (alive === null || text === undefined)) continue;
      if (isNew) {
        const offer = decodeOffer(text!);
        if (offer === undefined) refuses.set(session, "this version of crackle can't read its offer");
        else await consider(offer);
        changed = true;
      } else if (ended !== null) {
        await drop(session, 'it has ended');
        await redis.del(queueMetaKey(session));
        changed = true;
      } else if (performance.now() - (heard.get(session) ?? 0) > 1000 * life) {
        await drop(session, 'its driver is gone');
        await redis.hdel(offersKey, session);
        changed = true;
      }
    }
    if (changed) await present();
  };

  let beaten = 0;
  let away = false;
  let over = false;
  const wake = new AbortController();
  void told.then(() => wake.abort());
  const rounds = async (): Promise<void> => {
    while (!over) {
      try {
        await look();
        if (performance.now() - beaten > 1000 * heartbeat) {
          await present();
          beaten = performance.now();
        }
        if (away) logger?.info(`the queue at ${shownUrl(url)} is back`);
        away = false;
      } catch {
        if (!away) logger?.warn(`the queue at ${shownUrl(url)} doesn't answer: waiting for it`);
        away = true;
      }
      await sleep(lookEvery, undefined, wake.signal.aborted ? {} : { signal: wake.signal }).catch(() => {});
    }
  };
  const looking = rounds();

  logger?.info(`${slots} slots for the runs at ${shownUrl(url)}`);
  let worked = performance.now();
  let turn = 0;
  while (!leaving() && performance.now() - worked < 1000 * idle) {
    if (servings.size > 0 && [...servings.values()].every((one) => one.room(free()) <= 0)) {
      const over = new Promise<void>((resolve) => {
        freed = resolve;
      });
      await Promise.race([over, told]);
      continue;
    }
    // Highest priority first; runs of one priority take turns.
    const order = [...servings.values()];
    const turned = order.map((_, i) => order[(i + turn) % order.length]!);
    turned.sort((a, b) => b.offer.priority - a.offer.priority);
    if (turned.length > 0) worked = performance.now();
    turn++;
    let found = false;
    for (const serving of turned) {
      const room = serving.room(free());
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

  if (running() > 0) {
    logger?.info(`leaves once ${running()} partitions are done, or in ${drain} s`);
    const end = performance.now() + 1000 * drain;
    while (running() > 0 && performance.now() < end) await sleep(50);
    for (const serving of servings.values()) await serving.handBack();
  }
  // Before it takes itself off the list: a sign of life on its way would put it back.
  over = true;
  wake.abort();
  await Promise.race([looking, sleep(1000)]);
  for (const serving of servings.values()) await serving.close();
  servings.clear();
  await Promise.race([sayGone(redis, id).catch(() => {}), sleep(1000)]);
  await closeRedis(redis);
  await looking;
}
