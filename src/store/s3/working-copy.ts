import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pid } from 'node:process';
import { isExpected } from '../../error.ts';
import { folderName, isBucketAddress } from '../address.ts';
import { storeError } from '../file.ts';
import { severalAtOnce } from './at-once.ts';
import { type Bucket, openBucket } from './bucket.ts';
import type { PersistenceOptions } from './persistence.ts';

/** A folder here in the place of a run folder in a bucket, for as long as something is done with it. */
export interface WorkingCopy extends AsyncDisposable {
  readonly bucket: Bucket;
  readonly folder: string;
  /** Brings files here; those that aren't in the bucket are left out. */
  fetch(paths: readonly string[]): Promise<void>;
  /** Puts files into the bucket: those named, in that order; where none are, all that are here but for those that begin with a dot or are left out. */
  send(paths?: readonly string[], without?: readonly string[]): Promise<void>;
  /** What `act` gives; where it throws, the error speaks of the bucket. */
  speaking<T>(act: () => Promise<T>): Promise<T>;
}

/** @throws StoreError where the folder of temporary files can't be written */
export async function workingCopy(address: string, options: PersistenceOptions = {}): Promise<WorkingCopy> {
  const bucket = openBucket(address, options);
  const folder = await mkdtemp(join(tmpdir(), `crackle-s3-${pid}-`)).catch((error: unknown) => {
    throw storeError('create a working copy in', tmpdir(), error);
  });
  const here = async (): Promise<string[]> => {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .filter((path) => !path.split('/').some((name) => name.startsWith('.')));
  };
  return {
    bucket,
    folder,
    fetch: (paths) =>
      severalAtOnce(paths, async (path) => {
        await bucket.fetch(path, join(folder, path));
      }),
    async send(paths, without = []) {
      const put = async (path: string): Promise<void> => void (await bucket.put(path, { file: join(folder, path) }));
      if (paths === undefined) {
        await severalAtOnce(
          (await here()).filter((path) => !without.includes(path)),
          put,
        );
      } else for (const path of paths) await put(path);
    },
    async speaking(act) {
      try {
        return await act();
      } catch (error) {
        // A disk that is full is that of the copy.
        const isFull = /\((?:ENOSPC|EDQUOT)\)/.test((error as Error).message);
        if (isExpected(error)) error.message = error.message.replaceAll(folder, bucket.url);
        if (isExpected(error) && isFull) error.message += ` in ${tmpdir()} (TMPDIR), where its working copy is`;
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true }).catch(() => {});
    },
  };
}

/**
 * Does something with run folders where those in buckets are as if they were here.
 * @param act gets a folder of this machine for each
 * @param wanted which of a folder's files it needs, of all that are in the bucket
 */
export async function withFolders<T>(
  names: readonly string[],
  wanted: (path: string) => boolean,
  act: (folders: readonly string[], copies: readonly (WorkingCopy | undefined)[]) => Promise<T>,
): Promise<T> {
  const copies: (WorkingCopy | undefined)[] = [];
  try {
    for (const name of names) {
      const copy = isBucketAddress(name) ? await workingCopy(folderName(name)) : undefined;
      copies.push(copy);
      if (copy !== undefined) await copy.fetch((await copy.bucket.list()).filter(wanted));
    }
    const speaking = copies.reduce<() => Promise<T>>(
      (inner, copy) => (copy === undefined ? inner : () => copy.speaking(inner)),
      () =>
        act(
          names.map((name, i) => copies[i]?.folder ?? name),
          copies,
        ),
    );
    return await speaking();
  } finally {
    for (const copy of copies) await copy?.[Symbol.asyncDispose]();
  }
}
