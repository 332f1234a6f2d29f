import { randomUUID } from 'node:crypto';
import { StoreError } from '../../error.ts';
import { beat, lockName, lockRemoved, silence, takenOver } from '../lock.ts';
import { unfinishedName } from '../part-path.ts';
import { held, lifeOf, ownText } from '../writer.ts';
import { type Bucket, openBucket } from './bucket.ts';

/** The right to write into a run folder in a bucket. */
export interface Lease {
  /** Whether the server refuses to write over what is there where it is asked to: else two who come at once aren't told apart. */
  readonly isExclusive: boolean;
  /** @throws StoreError where another process has taken it meanwhile */
  check(): Promise<void>;
  release(): Promise<void>;
}

// Locks are numbered, and made only where there is none of their number: of two who find the same dead one, one makes the next.
const lockPath = (number: number): string => `${lockName}-${String(number).padStart(6, '0')}`;
const numberOf = (path: string): number => Number(path.slice(lockName.length + 1));

/** Milliseconds since the last put of an object, by the server's clock. */
async function ageOf(bucket: Bucket, path: string): Promise<number> {
  const now = `${unfinishedName}/${randomUUID()}.tmp`;
  await bucket.put(now, '');
  const [then, here] = [await bucket.head(path), await bucket.head(now)];
  await bucket.remove(now);
  return then === undefined || here === undefined ? Infinity : here.put - then.put;
}

/** Whether its writer is at work, or may be. */
async function isHeld(text: string, bucket: Bucket, path: string): Promise<boolean> {
  const life = lifeOf(text);
  return life === 'unknown' ? (await ageOf(bucket, path)) < silence : life === 'held';
}

/**
 * Takes the lock of a run folder in a bucket; one whose process is gone is taken over, also one of another machine that has been silent for
 * five minutes.
 * @throws StoreError where another process writes there
 */
export async function takeLease(bucket: Bucket): Promise<Lease> {
  const own = ownText();
  const taken = async (where = bucket): Promise<number[]> =>
    (await where.list(`${lockName}-`)).map(numberOf).filter(Number.isSafeInteger);
  let number = 0;
  held.add(own);
  try {
    while (number === 0) {
      const last = Math.max(0, ...(await taken()));
      const found = last === 0 ? undefined : await bucket.get(lockPath(last));
      if (found?.text === own)
        number = last; // its put was answered, and the answer was lost
      else if (found !== undefined && (await isHeld(found.text, bucket, lockPath(last)))) {
        const [pid, host] = found.text.trim().split(' ');
        throw new StoreError(
          `${bucket.url} is being written by process ${pid} on ${host}: wait for its end, or remove ${lockPath(last)} there if it is gone`,
        );
      } else if ((await bucket.put(lockPath(last + 1), own, 'nothing')) !== undefined) number = last + 1;
    }
  } catch (error) {
    held.delete(own);
    throw error;
  }
  const path = lockPath(number);
  const isExclusive = (await bucket.put(path, own, 'nothing')) === undefined;
  for (const each of await taken()) if (each < number) await bucket.remove(lockPath(each));

  const isOwn = async (where: Bucket): Promise<boolean> => {
    if (Math.max(...(await taken(where))) !== number) return false;
    return (await where.get(path))?.text === own;
  };
  // Neither a sign of life nor the end of a run waits for a server that is away.
  const brief = openBucket(bucket.url, { patience: 0 });
  const timer = setInterval(async () => {
    if (await isOwn(brief).catch(() => false)) await brief.put(path, own).catch(() => {});
  }, beat).unref();
  return {
    isExclusive,
    async check() {
      if (await isOwn(bucket)) return;
      throw (await taken()).length === 0 ? lockRemoved(bucket.url, path) : takenOver(bucket.url);
    },
    async release() {
      clearInterval(timer);
      if (held.delete(own) && (await isOwn(brief).catch(() => false))) await brief.remove(path).catch(() => {});
    },
  };
}
