import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../../error.ts';
import { temporaryEnding } from '../file.ts';
import type { ParquetOptions } from '../parquet/encoder.ts';
import { parquetSink } from '../parquet/sink.ts';
import { partPath, unfinishedPath } from '../part-path.ts';
import type { Sink } from '../sink.ts';
import { openBucket } from './bucket.ts';

/**
 * As `stagedPartSink`, for a run folder in a bucket: the file is written here, and put among the unfinished ones once it is whole.
 * @throws StoreError (rejections of `commit`) where the server doesn't take it
 */
export function bucketPartSink(
  address: string,
  table: string,
  partition: { readonly ensemble: number; readonly index: number },
  options: ParquetOptions = {},
): Sink {
  const path = partPath(table, partition.ensemble, partition.index);
  const own = `${randomUUID()}${temporaryEnding}`;
  const staged = `${unfinishedPath(path).slice(0, -temporaryEnding.length)}.${own}`;
  const name = `crackle-${own}`;
  const file = join(tmpdir(), name);
  const sink = parquetSink(table, tmpdir(), name, { durable: false, ...options });
  return {
    write: (batch) => sink.write(batch),
    async commit() {
      const part = await sink.commit();
      const put = await openBucket(address).put(staged, { file });
      if (put !== part.sha256) throw new StoreError(`${file} is not what was written there: its checksum differs`);
      await rm(file, { force: true });
      return { ...part, path, staged };
    },
    async [Symbol.asyncDispose]() {
      await sink[Symbol.asyncDispose]();
      await rm(file, { force: true }).catch(() => {});
    },
  };
}
