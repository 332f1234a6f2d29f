import { join } from 'node:path';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { asyncBufferFromFile as openOld, parquetReadObjects as readOld } from 'hyparquet-1.13';
import { ParquetReader } from 'parquetjs-lite/lib/reader.js';
import { describe, expect, it } from 'vitest';
import { makeBatch } from '../../src/schema/batch.ts';
import { rowsToBatch } from '../../src/schema/rows.ts';
import { shippedTables, tableSchema } from '../../src/schema/table.ts';
import { parquetSink } from '../../src/store/parquet/sink.ts';
import { avalancheColumns } from './avalanche-columns.ts';
import { query } from './duckdb.ts';
import { type AnyRow, anyRows } from './rows.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();

/** Rows as parquetjs-lite reads them. */
async function readLite(path: string): Promise<AnyRow[]> {
  const reader = await ParquetReader.openFile(path);
  const cursor = reader.getCursor();
  const rows: AnyRow[] = [];
  for (let row = await cursor.next(); row !== null; row = await cursor.next()) rows.push(row);
  await reader.close();
  return rows;
}

const readHyparquet = async (path: string): Promise<AnyRow[]> =>
  (await readOld({ file: await openOld(path) })) as AnyRow[];

/** A row as any reader gives it: 64-bit integers as numbers, no value as null. */
const leveled = (table: string, rows: readonly AnyRow[]): AnyRow[] =>
  rows.map((row) =>
    Object.fromEntries(
      tableSchema(table).fields.map(({ name, type }) => {
        const value = row[name] ?? null;
        if (typeof value === 'bigint') return [name, Number(value)];
        return [name, type === 'float32' && typeof value === 'number' ? Math.fround(value) : value];
      }),
    ),
  );

// parquetjs-lite knows no integers beyond 2⁵³.
const safe = (rows: readonly AnyRow[]): AnyRow[] =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? BigInt.asIntN(53, value) : value]),
    ),
  );

async function write(table: string, name: string, rows: readonly AnyRow[]): Promise<string> {
  await using sink = parquetSink(table, folder, name, { rowGroupRows: 11 });
  await sink.write(rowsToBatch(table, rows));
  await sink.commit();
  return join(folder, name);
}

describe('Parquet as it is written by default', () => {
  it.each([
    { reader: 'parquetjs-lite', read: readLite },
    { reader: 'hyparquet 1.13', read: readHyparquet },
  ])('is read to the bit by $reader, every table', async ({ reader, read }) => {
    for (const table of shippedTables()) {
      for (const [i, any] of fc.sample(anyRows(table), { numRuns: 4, seed: 11 }).entries()) {
        const rows = safe(any);
        const path = await write(table, `${reader}-${table}-${i}.parquet`, rows);
        expect(leveled(table, await read(path))).toEqual(leveled(table, rows));
      }
    }
  });

  it('holds nothing but what the first version of the format has: plain values, levels in runs, Snappy', async () => {
    for (const table of shippedTables()) {
      const [rows] = fc.sample(anyRows(table), { numRuns: 1, seed: 5 }) as [AnyRow[]];
      const path = await write(table, `first-${table}.parquet`, rows);
      const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
      for (const { meta_data } of row_groups.flatMap(({ columns }) => columns)) {
        expect(meta_data!.encodings.filter((each) => each !== 'RLE')).toEqual(['PLAIN']);
        expect(['SNAPPY', 'UNCOMPRESSED']).toContain(meta_data!.codec);
      }
    }
  });

  it('lets a reader skip row groups by ensemble, as its statistics say', async () => {
    const rows = 4096;
    const columns = { ...avalancheColumns(rows, 2), ensemble: Int32Array.from({ length: rows }, (_, i) => i >> 10) };
    await using sink = parquetSink('avalanche', folder, 'pruned.parquet', { rowGroupRows: 1024 });
    await sink.write(makeBatch('avalanche', columns, rows));
    await sink.commit();
    const path = join(folder, 'pruned.parquet');
    const bounds = await query(
      `select row_group_id, stats_min_value, stats_max_value from parquet_metadata('${path}') where path_in_schema = 'ensemble' order by all`,
    );
    expect(bounds).toEqual([0, 1, 2, 3].map((group) => [BigInt(group), `${group}`, `${group}`]));
    expect(await query(`select count(*) from '${path}' where ensemble = 2`)).toEqual([[1024n]]);
  });
});
