import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../../error.ts';
import type { CommittedParts } from '../committed-parts.ts';
import { temporaryEnding } from '../file.ts';
import { pathsIn } from '../journal.ts';
import type { FileEntry } from '../manifest.ts';
import { isPartName, unfinishedName } from '../part-path.ts';
import type { Part } from '../sink.ts';
import { atOnce, severalAtOnce } from './at-once.ts';
import type { Bucket } from './bucket.ts';

/** What is wrong with an object, without reading it: its content is what its checksum says, or it was put by somebody else. */
async function faultOf(bucket: Bucket, path: string, written: FileEntry): Promise<string | undefined> {
  const found = await bucket.head(path);
  if (found === undefined) return 'is missing';
  if (found.bytes !== written.bytes) return `has ${found.bytes} bytes, expected ${written.bytes}`;
  return found.sha256 === written.sha256 ? undefined : 'is not as it was written: its checksum differs';
}

/**
 * Parts that go from a working copy into the bucket as they are committed, and are not kept here.
 * @throws StoreError (as a rejection of what it gives) where one isn't there, or not as it was written
 */
export function partsInBucket(bucket: Bucket, folder: string): CommittedParts {
  const going = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  const check = async (path: string, written: FileEntry): Promise<void> => {
    const fault = await faultOf(bucket, path, written);
    if (fault !== undefined) throw new StoreError(`${bucket.url} is damaged: ${path} ${fault}`);
  };
  const send = async ({ path, rows, bytes, sha256 = '' }: Part): Promise<void> => {
    const file = join(folder, path);
    // One that a worker put there itself is held against what it said.
    if (!existsSync(file)) return check(path, { rows, bytes, sha256 });
    const put = await bucket.put(path, { file });
    if (put !== sha256) throw new StoreError(`${file} is not what was written there: its checksum differs`);
    await rm(file, { force: true });
  };
  const room = async (most: number): Promise<void> => {
    while (going.size > most) await Promise.race(going);
    if (failure !== undefined) throw failure.error;
  };

  return {
    async take(parts) {
      for (const part of parts) {
        await room(atOnce - 1);
        const one: Promise<void> = send(part)
          .catch((error: unknown) => {
            failure ??= { error };
          })
          .finally(() => going.delete(one));
        going.add(one);
      }
    },
    settle: () => room(0),
    check: (written) => severalAtOnce(Object.entries(written), (one) => check(...one)),
    async removeStrays(tables, journal) {
      const listed = pathsIn(journal);
      for (const table of tables) {
        for (const path of await bucket.list(`${table}/`)) {
          if (isPartName(path.slice(table.length + 1)) && !listed.has(path)) await bucket.remove(path);
        }
      }
      for (const path of await bucket.list(`${unfinishedName}/`)) {
        if (path.endsWith(temporaryEnding)) await bucket.remove(path);
      }
    },
  };
}
