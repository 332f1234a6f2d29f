import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../error.ts';
import { storeError } from './file.ts';

export const lockName = 'run.lock';

const beat = 20_000; // ms between signs of life
const silence = 120_000; // ms after which a writer on another machine is taken for dead

/** The right to write into a run folder. */
export interface Lock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Who holds the lock; undefined where nobody does any more: a writer that was killed leaves its lock behind. */
async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const [text, { mtimeMs }] = [await readFile(path, 'utf8'), await stat(path)];
    const quiet = Date.now() - mtimeMs > silence;
    const [pid, host] = text.trim().split(' ');
    if (host === undefined) return quiet ? undefined : { pid: Number.NaN, host: 'an unknown machine' };
    const gone = host === hostname() ? !isAlive(Number(pid)) : quiet;
    return gone ? undefined : { pid: Number(pid), host };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function created(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(`${process.pid} ${hostname()}\n`).finally(() => file.close());
      return true;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Takes the lock of a run folder, so that no two processes write there: a second one would remove what the first is writing. A lock
 * whose process is gone, or which has been silent for two minutes on another machine, is taken over.
 * @throws StoreError where another process writes there, or the lock can't be written
 */
export async function takeLock(folder: string): Promise<Lock> {
  const path = join(folder, lockName);
  try {
    while (!(await created(path))) {
      const holder = await holderOf(path);
      if (holder !== undefined) {
        throw new StoreError(`${folder} is being written by process ${holder.pid} on ${holder.host}: wait for its end`);
      }
      await rm(path, { force: true });
    }
  } catch (error) {
    throw storeError('lock', folder, error);
  }
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, beat).unref();
  return {
    async release() {
      clearInterval(timer);
      await rm(path, { force: true }).catch(() => {});
    },
  };
}
