import { join } from 'node:path';
import type { ParquetOptions } from './parquet/encoder.ts';
import { parquetSink } from './parquet/sink.ts';
import { partPath, unfinishedPath } from './part-path.ts';
import type { Sink } from './sink.ts';

/**
 * The sink of one table for one partition; any thread may open it: the folder is all it needs. The disk is waited for not here but
 * once for many parts, before a checkpoint or the last manifest counts on them.
 */
export function partSink(
  folder: string,
  table: string,
  partition: { readonly ensemble: number; readonly index: number },
  options: ParquetOptions = {},
): Sink {
  const path = partPath(table, partition.ensemble, partition.index);
  return parquetSink(table, folder, path, {
    durable: false,
    temporary: join(folder, unfinishedPath(path)),
    ...options,
  });
}
