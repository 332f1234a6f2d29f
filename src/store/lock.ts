import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { StoreError } from '../error.ts';
import { storeError } from './file.ts';
import { ownPlace, startOf } from './writer.ts';

export const lockName = 'run.lock';

export const beat = 20_000; // ms between signs of life
const silence = 300_000; // ms after which a writer is taken for dead: it may be busy with its analysis for a while

const moment = 10_000; // ms after which a process that was just about to write or remove a file is taken for dead

/** The right to write into a run folder. */
export interface Lock {
  /**
   * Before what others count on is written: a writer that was suspended, or computed for minutes without a turn of the loop, may have been taken
   * for dead where the system doesn't know its process.
   * @throws StoreError where another process has taken it meanwhile
   */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** What a writer says that finds another one's lock in the place of its own. */
export const takenOver = (folder: string): StoreError =>
  new StoreError(`${folder} was taken over by another process, which took this one for dead`);

const moved = (folder: string): StoreError =>
  new StoreError(
    `${folder} is not the folder that was written into until now: bring that one back, or resume it where it is`,
  );

/** What tells a folder from another one of its name; undefined where there is none. */
async function placeOf(folder: string): Promise<string | undefined> {
  const found = await stat(folder).catch(() => undefined);
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}

/** Locks that this process holds, by what is in their files. */
export const held = new Set<string>();

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

async function age(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? Infinity : Date.now() - found.mtimeMs;
}

/** A time still to come, after the clock was set back, is no sign of life. */
const isYoung = async (path: string): Promise<boolean> => Math.abs(await age(path)) < moment;

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** What a lock says of its writer: number, host, a random id, and, where the system tells, boot, namespace and start of the process. */
export function ownText(): string {
  const where = ownPlace === undefined ? [] : [ownPlace.boot, ownPlace.namespace, startOf(process.pid) ?? '?'];
  return `${[process.pid, hostname(), randomUUID(), ...where].join(' ')}\n`;
}

/**
 * Whether the writer of a lock is at work: a writer that was killed leaves its lock behind, and another process may get its number. Where
 * processes are counted as here, the system knows; the host's name tells less (containers share one, each with a process 1), and signs of
 * life are all there is of other places.
 * @param age milliseconds since its last sign of life
 */
export async function isHeld(text: string, age: () => Promise<number>): Promise<boolean> {
  const [pid, host, , boot, namespace, start] = text.trim().split(' ');
  if (host === undefined) return Math.abs(await age()) < moment;
  if (boot === undefined || ownPlace === undefined) {
    if (host === hostname()) {
      if (Number(pid) === process.pid) return held.has(text);
      if (!isAlive(Number(pid))) return false;
    }
  } else if (boot === ownPlace.boot && namespace === ownPlace.namespace) {
    return Number(pid) === process.pid ? held.has(text) : startOf(Number(pid)) === start;
  }
  return (await age()) < silence;
}

/**
 * Who writes into a run folder now: its process where that is one of this machine and container, undefined where nobody does.
 * @throws StoreError where the folder can't be read
 */
export async function writerOf(folder: string): Promise<{ readonly pid?: number } | undefined> {
  const path = join(folder, lockName);
  try {
    const text = await textOf(path);
    if (text === undefined || !(await isHeld(text, () => age(path)))) return undefined;
    const [pid, host, , boot, namespace] = text.trim().split(' ');
    const here = host === hostname() && boot === ownPlace?.boot && namespace === ownPlace?.namespace;
    return here ? { pid: Number(pid) } : {};
  } catch (error) {
    throw storeError('read', folder, error);
  }
}

async function created(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(text).finally(() => file.close());
      return true;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Removes a lock whose writer is gone. Whoever does so holds a second file meanwhile and looks again: else the second of two who found the
 * same stale lock would remove what the first has put in its place.
 */
async function removeStale(path: string, stale: string): Promise<void> {
  const guard = `${path}.removal`;
  if (!(await created(guard, ''))) {
    if (await isYoung(guard)) await setTimeout(20);
    else await rm(guard, { force: true });
    return;
  }
  try {
    if ((await textOf(path)) === stale) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/**
 * Takes the lock of a run folder, so that no two processes write there: a second one would remove what the first is writing. A lock
 * whose process is gone is taken over, also one of another machine or container that has been silent for five minutes.
 * @throws StoreError where another process writes there, or the lock can't be written
 */
export async function takeLock(folder: string): Promise<Lock> {
  const path = join(folder, lockName);
  const own = ownText();
  held.add(own);
  try {
    while (!(await created(path, own))) {
      const text = await textOf(path);
      if (text === undefined) continue;
      if (text === '' && (await isYoung(path))) {
        await setTimeout(20); // just made, not written yet
        continue;
      }
      if (await isHeld(text, () => age(path))) {
        const [pid, host] = text.trim().split(' ');
        throw new StoreError(
          `${folder} is being written by process ${pid} on ${host}: wait for its end, or remove ${lockName} there if it is gone`,
        );
      }
      await removeStale(path, text);
    }
  } catch (error) {
    held.delete(own);
    throw storeError('lock', folder, error);
  }
  const place = await placeOf(folder);
  const isOwn = async (): Promise<boolean> => (await textOf(path).catch(() => undefined)) === own;
  const timer = setInterval(async () => {
    const now = new Date();
    if (await isOwn()) await utimes(path, now, now).catch(() => {});
  }, beat).unref();
  return {
    async check() {
      try {
        const text = await textOf(path);
        if (text === own) return;
        // Parts that are written after a folder was moved away make another one of its name.
        if (text === undefined && (await placeOf(folder)) !== place) throw moved(folder);
        // Whoever removed it by hand has not taken it.
        if (text === undefined && (await created(path, own))) return;
      } catch (error) {
        throw storeError('lock', folder, error);
      }
      throw takenOver(folder);
    },
    async release() {
      clearInterval(timer);
      if (held.delete(own) && (await isOwn())) await rm(path, { force: true }).catch(() => {});
    },
  };
}
