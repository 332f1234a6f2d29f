import { basename, dirname } from 'node:path';
import { type Row, rowsToBatch } from '../schema/rows.ts';
import type { ParquetSinkOptions } from './parquet/sink.ts';
import type { Part } from './sink.ts';

/**
 * Writes rows of a result table to a Parquet file, atomically.
 * @throws SchemaError for rows that don't fit the table, StoreError where the file can't be written
 */
export async function writeTable(
  path: string,
  table: string,
  rows: readonly Row[],
  options: ParquetSinkOptions = {},
): Promise<Part> {
  const { parquetSink } = await import('./parquet/sink.ts');
  await using sink = parquetSink(table, dirname(path), basename(path), options);
  sink.write(rowsToBatch(table, rows));
  return await sink.commit();
}
