import type { Redis } from 'ioredis';
import { driverKey, endedKey, offersKey, queueMetaKey } from './keys.ts';
import { openLooks } from './looks.ts';
import { decodeOffer, type Offer } from './offer.ts';
import { answer, shownModule } from './refusal.ts';
import { type Serving, serve } from './serving.ts';

export interface SessionsOptions {
  readonly redis: Redis;
  /** Files of users' pipelines, for runs whose driver has them elsewhere. */
  readonly pipelines: readonly string[];
  readonly slots: number;
  readonly heartbeat: number;
  /** Seconds without a sign of life after which a driver is gone. */
  readonly silence: number;
  /** Milliseconds after which a session that was refused for what may have changed is looked at again; twice as many each time. */
  readonly again: number;
  readonly logger?: { info(text: string): void; warn(text: string): void } | undefined;
}

/** The sessions that a worker works for, and those that it refuses. */
export interface Sessions {
  readonly servings: readonly Serving[];
  /** Sessions that it works for. */
  readonly serves: readonly string[];
  /** Sessions that it doesn't, and why. */
  readonly refuses: Readonly<Record<string, string>>;
  /** Partitions in progress. */
  readonly running: number;
  /** Slots that none of them takes. */
  readonly free: number;
  /** Takes up sessions that are new, drops those that have ended or whose driver is gone. Gives whether there were such. */
  look(): Promise<boolean>;
  /** Drops what is in progress. */
  close(): Promise<void>;
}

/** Why a session is refused. */
interface Refusal {
  readonly why: string;
  /** Milliseconds between this look and the next; none where only another start of this worker can change it. */
  readonly wait?: number;
  readonly next: number;
}

const longestWait = 300_000; // ms

/** Why a session would be refused now; undefined where it wouldn't. */
async function refusalOf(offer: Offer, pipelines: readonly string[]): Promise<string | undefined> {
  const now = await answer(offer, pipelines);
  return 'refusal' in now ? now.refusal : undefined;
}

export function openSessions(options: SessionsOptions): Sessions {
  const { redis, pipelines, slots, heartbeat, silence, again, logger } = options;
  const servings = new Map<string, Serving>();
  const refuses = new Map<string, Refusal>();
  const looks = openLooks(500 * heartbeat);
  let closed = false;
  /** Whether what it says of itself has changed since it was asked. */
  let changed = false;
  /** When sessions whose driver is silent were last heard of. */
  const heard = new Map<string, number>();

  const drop = async (session: string, why: string): Promise<void> => {
    const serving = servings.get(session);
    servings.delete(session);
    refuses.delete(session);
    heard.delete(session);
    if (serving === undefined) return;
    logger?.info(`${serving.offer.pipeline} of ${serving.offer.driver}: ${why}`);
    await serving.close();
  };

  const refuse = ({ session, pipeline, driver }: Offer, why: string, lasting = false): void => {
    const before = refuses.get(session);
    const wait = Math.min(before?.wait === undefined ? again : 2 * before.wait, longestWait);
    refuses.set(session, { why, ...(lasting ? {} : { wait }), next: performance.now() + wait });
    if (before?.why === why) return;
    changed = true;
    const then = lasting ? '' : '; it is looked at again, now and then';
    logger?.warn(`refuses ${pipeline} of ${driver}: ${why}${then}`);
  };

  /** Hands all jobs of a session back that this worker isn't fit for any more. */
  const giveUp = async (offer: Offer, refusal: string): Promise<void> => {
    const serving = servings.get(offer.session);
    if (!servings.delete(offer.session)) return;
    refuse(offer, refusal);
    await serving?.handBack(refusal);
    await serving?.close();
  };

  const consider = async (offer: Offer): Promise<void> => {
    const { session, pipeline, driver } = offer;
    const answered = await answer(offer, pipelines);
    if (closed) return;
    if ('refusal' in answered) return refuse(offer, answered.refusal, answered.lasting);
    const reconsider = () => refusalOf(offer, pipelines);
    const onUnfit = (refusal: string): void => void giveUp(offer, refusal);
    refuses.delete(session);
    servings.set(session, serve(offer, { redis, module: answered.module, slots, heartbeat, reconsider, onUnfit }));
    changed = true;
    logger?.info(`works on ${pipeline} of ${driver} (${shownModule(answered.module)})`);
    if (answered.untried !== undefined) logger?.warn(`${pipeline} of ${driver}: ${answered.untried}`);
  };

  const begin = (offer: Offer): Promise<void> =>
    looks.begin(offer.session, () =>
      consider(offer).catch((error: Error) => refuse(offer, `it can't be looked at here: ${error.message}`)),
    );

  /** Looks at a refused session again. */
  const lookAgain = (session: string, text: string | undefined): void => {
    const refused = refuses.get(session);
    const offer = text === undefined ? undefined : decodeOffer(text);
    if (refused?.wait === undefined || performance.now() < refused.next || offer === undefined) return;
    if (!looks.busy(session)) void begin(offer);
  };

  return {
    get servings() {
      return [...servings.values()];
    },
    get serves() {
      return [...servings.keys()];
    },
    get refuses() {
      return Object.fromEntries([...refuses].map(([session, { why }]) => [session, why]));
    },
    get running() {
      return [...servings.values()].reduce((sum, { running }) => sum + running, 0);
    },
    get free() {
      return slots - [...servings.values()].reduce((sum, { occupied }) => sum + occupied, 0);
    },
    async look() {
      const offers = await redis.hgetall(offersKey);
      const known = new Set([...Object.keys(offers), ...servings.keys(), ...refuses.keys()]);
      for (const session of known) {
        const [alive, ended] = await redis.mget(driverKey(session), endedKey(session));
        const text = offers[session];
        const isNew = !servings.has(session) && !refuses.has(session) && !looks.busy(session);
        if (alive !== null) heard.set(session, performance.now());
        if (isNew && (alive === null || text === undefined)) continue;
        if (isNew) {
          const offer = decodeOffer(text!);
          if (offer === undefined) {
            refuses.set(session, { why: "this version of crackle can't read its offer", next: Infinity });
            changed = true;
          } else await begin(offer);
        } else if (ended !== null) {
          await drop(session, 'it has ended');
          await redis.del(queueMetaKey(session));
          changed = true;
        } else if (performance.now() - (heard.get(session) ?? 0) > 1000 * silence) {
          await drop(session, 'its driver is gone');
          await redis.hdel(offersKey, session);
          changed = true;
        } else if (refuses.has(session)) lookAgain(session, text);
      }
      const told = changed;
      changed = false;
      return told;
    },
    async close() {
      closed = true;
      for (const serving of servings.values()) await serving.close();
      servings.clear();
    },
  };
}
