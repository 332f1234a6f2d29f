import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { StoreError } from '../error.ts';
import { storeError } from './file.ts';
import { Watch } from './watch.ts';
import { held, lifeOf, ownPlace, ownText } from './writer.ts';

export const lockName = 'run.lock';

export const beat = 20_000; // ms between signs of life
export const silence = 300_000; // ms after which a writer is taken for dead: it may be busy with its analysis for a while

const moment = 10_000; // ms after which a process that was just about to remove a lock is taken for dead
const unwritten = 1000; // ms after which a lock without a word is nobody's: whoever was about to write it looks whether it is still there

/** The right to write into a run folder. */
export interface Lock {
  /**
   * Before what others count on is written: a writer that was suspended, or computed for minutes without a turn of the loop, may have been taken
   * for dead where the system doesn't know its process; and whoever removes a lock by hand lets others in.
   * @throws StoreError where another process has taken it meanwhile, or may have: it isn't there any more
   */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** What a writer says that finds another one's lock in the place of its own. */
export const takenOver = (folder: string): StoreError =>
  new StoreError(`${folder} was taken over by another process, which took this one for dead or found no lock`);

/** What a writer says that finds no lock in the place of its own: nobody has one there now, but whether somebody had isn't known. */
export const lockRemoved = (folder: string, path = lockName): StoreError =>
  new StoreError(
    `${folder} has no lock any more: ${path} was removed by hand, or by another process that took it over and has ended; resume the run to go on with what is there`,
  );

const moved = (folder: string): StoreError =>
  new StoreError(
    `${folder} is not the folder that was written into until now: bring that one back, or resume it where it is`,
  );

/** What tells a folder from another one of its name; undefined where there is none. */
async function placeOf(folder: string): Promise<string | undefined> {
  const found = await stat(folder).catch(() => undefined);
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Looks at who writes into a run folder: a process of this machine and container, another one, undefined where nobody does. One of another machine is
 * taken for dead once it has given no sign of life for five minutes, of looks at it.
 * @returns looks; rejects with a StoreError where the folder can't be read
 */
export function watchWriter(folder: string): () => Promise<{ readonly pid?: number } | undefined> {
  const path = join(folder, lockName);
  const watch = new Watch();
  return async () => {
    try {
      const text = await textOf(path);
      const life = text === undefined ? 'gone' : lifeOf(text);
      if (text === undefined || life === 'gone') return undefined;
      if (life === 'unknown' && (await watch.look(path, text)).still >= silence) return undefined;
      const [pid, host, , boot, namespace] = text.trim().split(' ');
      const here = host === hostname() && boot === ownPlace?.boot && namespace === ownPlace?.namespace;
      return here ? { pid: Number(pid) } : {};
    } catch (error) {
      throw storeError('read', folder, error);
    }
  };
}

/** @returns whether a file that wasn't there is, with this text: one that stayed empty for too long may have been taken for nobody's meanwhile */
async function created(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(text).finally(() => file.close());
      return (await textOf(path)) === text;
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
async function removeStale(path: string, stale: string, watch: Watch): Promise<void> {
  const guard = `${path}.removal`;
  if (!(await created(guard, ''))) {
    if ((await watch.look(guard)).still < moment) await setTimeout(20);
    else await rm(guard, { force: true });
    return;
  }
  try {
    if ((await textOf(path)) === stale) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** How a lock that may be a dead one's is taken. */
export interface TakeOptions {
  /** Told that a lock of another machine is watched, which may take minutes; without it such a lock is refused at once. */
  readonly warn?: ((text: string) => void) | undefined;
  /** Ends the watching, with a refusal. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a sign of life after which a writer of another machine is taken for dead. Default five minutes. */
  readonly silence?: number;
}

const refusal = (folder: string, text: string): StoreError => {
  const [pid, host] = text.trim().split(' ');
  return new StoreError(
    `${folder} is being written by process ${pid} on ${host}: wait for its end, or remove ${lockName} there if it is gone`,
  );
};

/** Looks at a lock again and again until its writer, of whom nothing else is known, has given a sign of life, or none for long enough. */
async function watched(folder: string, text: string, watch: Watch, options: TakeOptions): Promise<void> {
  const path = join(folder, lockName);
  const isWritten = text.trim() !== '';
  const { warn, signal, silence: patience = silence } = options;
  const limit = isWritten ? patience : Math.min(unwritten, patience);
  if (isWritten) {
    if (warn === undefined) throw refusal(folder, text);
    const [pid, host] = text.trim().split(' ');
    warn(
      `${folder} has the lock of process ${pid} on ${host}: it is taken over unless that gives a sign of life within ${Math.max(1, Math.round(limit / 60_000))} min (remove ${lockName} there if you know that it is gone)`,
    );
  }
  while ((await textOf(path)) === text) {
    const { still, beats } = await watch.look(path, text);
    if (isWritten && (beats || signal?.aborted === true)) throw refusal(folder, text);
    if (still >= limit) return removeStale(path, text, watch);
    await setTimeout(Math.min(isWritten ? 1000 : 20, limit / 10));
  }
}

/**
 * Takes the lock of a run folder, so that no two processes write there: a second one would remove what the first is writing. A lock
 * whose process is gone is taken over; one of another machine or container once it was seen to stay as it is for five minutes, by the clock of this
 * process: those of other machines may be ahead or behind.
 * @throws StoreError where another process writes there, or the lock can't be written
 */
export async function takeLock(folder: string, options: TakeOptions = {}): Promise<Lock> {
  const path = join(folder, lockName);
  const own = ownText();
  const watch = new Watch();
  held.add(own);
  try {
    while (!(await created(path, own))) {
      const text = await textOf(path);
      if (text === undefined) continue;
      const life = lifeOf(text);
      if (life === 'held') throw refusal(folder, text);
      if (life === 'gone') await removeStale(path, text, watch);
      else await watched(folder, text, watch, options);
    }
  } catch (error) {
    held.delete(own);
    throw storeError('lock', folder, error);
  }
  const place = await placeOf(folder);
  const isOwn = async (): Promise<boolean> => (await textOf(path).catch(() => undefined)) === own;
  let count = Date.now() / 1000;
  const timer = setInterval(async () => {
    // A counter in the shape of a time: whoever watches sees that it changes, also where the clock was set back.
    count = Math.max(count + 1, Date.now() / 1000);
    if (await isOwn()) await utimes(path, count, count).catch(() => {});
  }, beat).unref();
  return {
    async check() {
      try {
        const text = await textOf(path);
        if (text === own) return;
        // Parts that are written after a folder was moved away make another one of its name.
        if (text === undefined && (await placeOf(folder)) !== place) throw moved(folder);
        if (text === undefined) throw lockRemoved(folder);
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
