import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StoreError } from '../../error.ts';
import { createDataset, type Dataset, openDataset } from '../dataset.ts';
import { checkpointName, journalName, manifestName, readManifest, statesName } from '../folder.ts';
import { lockName } from '../lock.ts';
import type { ManifestHead } from '../manifest.ts';
import type { ParquetOptions } from '../parquet/encoder.ts';
import { type Lease, takeLease } from './lease.ts';
import { partsInBucket } from './parts.ts';
import type { PersistenceOptions } from './persistence.ts';
import { type WorkingCopy, workingCopy } from './working-copy.ts';

export interface BucketOptions extends ParquetOptions, PersistenceOptions {}

const last = [manifestName, journalName, checkpointName, lockName];

/**
 * A dataset whose working copy is put into the bucket as it grows. An object appears whole or not at all, so that the order of puts is the same
 * as that of renames in a folder: parts, journal, checkpoint, manifest; `status: complete` last of all, and then the journal goes.
 */
function inBucket(local: Dataset, copy: WorkingCopy, lease: Lease): Dataset {
  const { bucket, folder, speaking } = copy;
  const sendState = async (): Promise<void> => {
    await lease.check();
    const written = [journalName, checkpointName, manifestName].filter((path) => existsSync(join(folder, path)));
    await copy.send(written);
  };
  const end = async (): Promise<void> => {
    await lease.release();
    await copy[Symbol.asyncDispose]();
  };
  return {
    folder,
    address: bucket.url,
    get manifest() {
      return local.manifest;
    },
    get journal() {
      return local.journal;
    },
    commit: (entry) => speaking(() => local.commit(entry)),
    retain: (keep) =>
      speaking(async () => {
        await lease.check();
        await local.retain(keep);
      }),
    writeTable: (table, rows) => speaking(() => local.writeTable(table, rows)),
    savePartition: (partition, value) => speaking(() => local.savePartition(partition, value)),
    saveCheckpoint: (entries) =>
      speaking(async () => {
        await local.saveCheckpoint(entries);
        await sendState();
      }),
    loadCheckpoint: () => speaking(() => local.loadCheckpoint()),
    saveStates: (entries) => speaking(() => local.saveStates(entries)),
    finish: (status, counts, made) =>
      speaking(async () => {
        try {
          await lease.check();
          const manifest = await local.finish(status, counts, made);
          await copy.send(undefined, last);
          await sendState();
          if (status === 'complete') {
            // What stays of them counts no more.
            await bucket.remove(checkpointName).catch(() => {});
            await bucket.remove(journalName).catch(() => {});
          }
          return manifest;
        } finally {
          await end();
        }
      }),
    async [Symbol.asyncDispose]() {
      try {
        await local[Symbol.asyncDispose]();
      } finally {
        await end();
      }
    },
  };
}

async function leased(copy: WorkingCopy, { warn }: BucketOptions, begin: () => Promise<Dataset>): Promise<Dataset> {
  let lease: Lease | undefined;
  try {
    lease = await takeLease(copy.bucket);
    if (!lease.isExclusive) {
      warn?.(
        `the server of ${copy.bucket.url} has no conditional writes: two runs that start there at the same moment are not told apart`,
      );
    }
    return inBucket(await copy.speaking(begin), copy, lease);
  } catch (error) {
    await lease?.release();
    await copy[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Begins a run folder in a bucket.
 * @param address `s3://bucket/prefix`
 * @throws StoreError where something is there already, another process writes there, or the server doesn't do as it is asked
 */
export async function createBucketDataset(
  address: string,
  head: ManifestHead,
  options: BucketOptions = {},
): Promise<Dataset> {
  const copy = await workingCopy(address, options);
  await copy
    .speaking(() => checkEmpty(copy))
    .catch(async (error: unknown) => {
      await copy[Symbol.asyncDispose]();
      throw error;
    });
  return leased(copy, options, async () => {
    await checkEmpty(copy); // again: another process may have come before the lock
    const { folder, bucket } = copy;
    const local = await createDataset(folder, head, {
      ...options,
      address: bucket.url,
      parts: partsInBucket(bucket, folder),
    });
    await copy.send([manifestName]);
    return local;
  });
}

/** Throws unless a run may begin there. */
async function checkEmpty({ bucket, fetch, folder }: WorkingCopy): Promise<void> {
  const names = (await bucket.list()).filter((name) => !name.startsWith(lockName));
  if (names.length === 0) return;
  if (!names.includes(manifestName)) {
    throw new StoreError(`${bucket.url} holds no run but is not empty (${names[0]} is there): choose another path`);
  }
  await fetch([manifestName]);
  const { pipeline, status } = await readManifest(folder);
  const how = status === 'complete' ? 'choose another path' : 'resume it or choose another path';
  throw new StoreError(`${bucket.url} already holds a run of ${pipeline} (status ${status}): ${how}`);
}

/**
 * Opens a run folder in a bucket that was cut off or interrupted, to go on with it from its last checkpoint, as `openDataset` does in a folder;
 * parts are held against the sizes and checksums that the server tells.
 */
export async function openBucketDataset(address: string, options: BucketOptions = {}): Promise<Dataset> {
  const copy = await workingCopy(address, options);
  return leased(copy, options, async () => {
    const { folder, bucket } = copy;
    await copy.fetch([manifestName, journalName, checkpointName]);
    const local = await openDataset(folder, {
      ...options,
      address: bucket.url,
      parts: partsInBucket(bucket, folder),
    });
    await copy.send([journalName, manifestName]);
    return local;
  });
}

/** Whether a file of a run folder is one that its reports are made from: no part of a recorded table, no state. */
export const isSmall = (path: string): boolean =>
  dirname(path) === '.' && path !== statesName && !path.startsWith(lockName);
