import { randomUUID } from 'node:crypto';
import { rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StoreError } from '../error.ts';
import { isBucketAddress } from './address.ts';
import { makeFolders, storeError, temporaryEnding } from './file.ts';
import type { ParquetOptions } from './parquet/encoder.ts';
import { parquetSink } from './parquet/sink.ts';
import { partPath, unfinishedName, unfinishedPath } from './part-path.ts';
import type { Part, Sink } from './sink.ts';

/**
 * As `partSink`, for a process that may be taken for dead while another writes the same part: the file stays among the unfinished ones under a
 * name of its own until the writer of the run folder takes it (`adoptParts`).
 */
export function stagedPartSink(
  folder: string,
  table: string,
  partition: { readonly ensemble: number; readonly index: number },
  options: ParquetOptions = {},
): Sink {
  const path = partPath(table, partition.ensemble, partition.index);
  const own = unfinishedPath(path).slice(0, -temporaryEnding.length);
  const staged = `${own}.${randomUUID().slice(0, 13)}${temporaryEnding}`;
  const sink = parquetSink(table, folder, staged, {
    durable: true,
    temporary: join(folder, `${staged}${temporaryEnding}`),
    ...options,
  });
  return {
    write: (batch) => sink.write(batch),
    commit: async () => ({ ...(await sink.commit()), path, staged }),
    [Symbol.asyncDispose]: () => sink[Symbol.asyncDispose](),
  };
}

/**
 * Gives staged parts of a run folder their names.
 * @throws StoreError where one isn't there, or not as long as it was written: folders that only look the same from two machines
 */
export async function adoptParts(folder: string | undefined, parts: readonly Part[]): Promise<Part[]> {
  if (folder !== undefined && isBucketAddress(folder)) return adoptObjects(folder, parts);
  const adopted: Part[] = [];
  for (const { staged, ...part } of parts) {
    adopted.push(part);
    if (staged === undefined || folder === undefined) continue;
    const from = join(folder, staged);
    const { size } = await stat(from).catch(() => ({ size: undefined }));
    if (size !== part.bytes) {
      const what = size === undefined ? 'is not there' : `has ${size} bytes, not the ${part.bytes} that were written`;
      throw new StoreError(
        `${from}, which a worker wrote, ${what}: ${unfinishedName} must lie on a file system that driver and workers share`,
      );
    }
    try {
      await makeFolders(dirname(join(folder, part.path)));
      await rename(from, join(folder, part.path));
    } catch (error) {
      throw storeError('write', join(folder, part.path), error);
    }
  }
  return adopted;
}

async function adoptObjects(address: string, parts: readonly Part[]): Promise<Part[]> {
  const { openBucket } = await import('./s3/bucket.ts');
  const bucket = openBucket(address);
  const adopted: Part[] = [];
  for (const { staged, ...part } of parts) {
    adopted.push(part);
    if (staged === undefined) continue;
    const found = await bucket.head(staged);
    if (found?.bytes !== part.bytes || found.sha256 !== part.sha256) {
      const what = found === undefined ? 'is not there' : 'is not as it was written';
      throw new StoreError(`${address}/${staged}, which a worker wrote, ${what}`);
    }
    // There is no renaming. A copy is whole or isn't there; what is left over when this is cut off is a stray, as in a folder.
    await bucket.copy(staged, part.path);
    await bucket.remove(staged);
  }
  return adopted;
}
