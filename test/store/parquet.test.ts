import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { RecordBatch } from 'apache-arrow';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { SchemaError } from '../../src/error.ts';
import { makeBatch } from '../../src/schema/batch.ts';
import { rowsToBatch } from '../../src/schema/rows.ts';
import { shippedTables, tableSchema } from '../../src/schema/table.ts';
import type { Codec } from '../../src/store/parquet/compress.ts';
import { encodingSets } from '../../src/store/parquet/encoding-set.ts';
import { parquetSink } from '../../src/store/parquet/sink.ts';
import { avalancheColumns } from './avalanche-columns.ts';
import { query } from './duckdb.ts';
import { type AnyRow, anyRows } from './rows.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();

async function write(table: string, name: string, batches: RecordBatch[], options = {}): Promise<string> {
  await using sink = parquetSink(table, folder, name, options);
  for (const batch of batches) await sink.write(batch);
  await sink.commit();
  return join(folder, name);
}

/** Rows as hyparquet reads them. */
async function read(path: string): Promise<AnyRow[]> {
  const file = await asyncBufferFromFile(path);
  const compressors = { GZIP: (bytes: Uint8Array) => gunzipSync(bytes) };
  return (await parquetReadObjects({ file, compressors })) as AnyRow[];
}

/** What rows look like once read: integers of 64 bits as bigint, float32 rounded, no value as null. */
function expected(table: string, rows: readonly AnyRow[]): AnyRow[] {
  return rows.map((row) =>
    Object.fromEntries(
      tableSchema(table).fields.map(({ name, type }) => {
        const value = row[name];
        if (value === undefined || value === null) return [name, null];
        if (type === 'int64') return [name, BigInt(value as number)];
        return [name, type === 'float32' ? Math.fround(value as number) : value];
      }),
    ),
  );
}

const present = (rows: AnyRow[]): AnyRow[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? null])));

describe('parquetSink', () => {
  it('writes any rows of any table so that hyparquet reads them back exactly, NaN, −0, infinities and no-values included', async () => {
    let files = 0;
    for (const table of shippedTables()) {
      await fc.assert(
        fc.asyncProperty(
          anyRows(table),
          fc.integer({ min: 1, max: 20 }),
          fc.constantFrom(...encodingSets),
          async (rows, rowGroupRows, encodings) => {
            const how = { rowGroupRows, encodings };
            const path = await write(table, `any-${files++}.parquet`, [rowsToBatch(table, rows)], how);
            expect(present(await read(path))).toEqual(expected(table, rows));
          },
        ),
        { numRuns: 8, seed: 1 },
      );
    }
  });

  it('writes rows that DuckDB reads back exactly', async () => {
    for (const table of shippedTables()) {
      for (const [i, rows] of fc.sample(anyRows(table), { numRuns: 3, seed: 2 }).entries()) {
        const how = { rowGroupRows: 7, encodings: encodingSets[i % 2]! };
        const path = await write(table, `duck-${table}-${i}.parquet`, [rowsToBatch(table, rows)], how);
        const names = tableSchema(table).fields.map((field) => field.name);
        const found = await query(`select ${names.join(', ')} from '${path}'`);
        expect(found).toEqual(expected(table, rows).map((row) => names.map((name) => row[name])));
      }
    }
  });

  it('gives the same bytes for the same rows, however they are cut into batches', async () => {
    const whole = makeBatch('avalanche', avalancheColumns(5000, 3), 5000);
    const cut = (at: number[]): RecordBatch[] => at.map((from, i) => whole.slice(from, at[i + 1] ?? 5000));
    const once = readFileSync(await write('avalanche', 'once.parquet', [whole], { rowGroupRows: 1024 }));
    for (const at of [
      [0, 1, 2, 3, 1023, 1024, 1025, 4999],
      [0, 13, 1037, 1037, 3001],
      [0, 4096],
    ]) {
      const path = await write('avalanche', 'cut.parquet', cut(at), { rowGroupRows: 1024 });
      expect(readFileSync(path).equals(once)).toBe(true);
    }
  });

  it('gives the same bytes for columns without a value here and there, cut anywhere', async () => {
    for (const rows of fc.sample(anyRows('fit'), { numRuns: 10, seed: 4 })) {
      const whole = rowsToBatch('fit', rows);
      const once = readFileSync(await write('fit', 'once.parquet', [whole], { rowGroupRows: 16 }));
      for (const at of [1, 7, 8, 9, 20]) {
        const cut = [whole.slice(0, at), whole.slice(at, at + 3), whole.slice(at + 3, rows.length)];
        expect(readFileSync(await write('fit', 'cut.parquet', cut, { rowGroupRows: 16 })).equals(once)).toBe(true);
      }
    }
  });

  it('writes every codec; the values are the same', async () => {
    const batch = makeBatch('avalanche', avalancheColumns(3000, 4), 3000);
    const tables: AnyRow[][] = [];
    for (const codec of ['SNAPPY', 'GZIP', 'UNCOMPRESSED'] satisfies Codec[]) {
      const path = await write('avalanche', `${codec}.parquet`, [batch], { codec, rowGroupRows: 1000 });
      tables.push(await read(path));
      const [[rows, sum]] = (await query(`select count(*), sum(size) from '${path}'`)) as [[bigint, number]];
      expect(rows).toBe(3000n);
      expect(sum).toBeCloseTo(
        tables[0]!.reduce((total, row) => total + (row.size as number), 0),
        6,
      );
    }
    expect(tables[1]).toEqual(tables[0]);
    expect(tables[2]).toEqual(tables[0]);
  });

  it('leaves a valid file with all columns where no row was written', async () => {
    for (const table of shippedTables()) {
      const path = await write(table, `empty-${table}.parquet`, []);
      expect(await read(path)).toEqual([]);
      const described = await query(`describe select * from '${path}'`);
      expect(described.map((row) => row[0])).toEqual(tableSchema(table).fields.map((field) => field.name));
    }
  });

  it('takes the columns of the table by name from a batch with others, in any order', async () => {
    const rows = [
      {
        ensemble: 1,
        network: 2,
        perturbation: 3,
        start: 4,
        duration: 5,
        size: 6,
        signal_size: 8,
        peak: 7,
        censored: true,
      },
    ];
    const batch = rowsToBatch('avalanche', rows);
    const names = [
      'size',
      'signal_size',
      'censored',
      'peak',
      'duration',
      'start',
      'perturbation',
      'network',
      'ensemble',
      'further',
    ];
    const mixed = new RecordBatch(
      Object.fromEntries(names.map((name) => [name, batch.getChild(name === 'further' ? 'size' : name)!.data[0]!])),
    );
    expect(await read(await write('avalanche', 'mixed.parquet', [mixed]))).toEqual(expected('avalanche', rows));
    const network = batch.select(['ensemble', 'network', 'perturbation', 'peak']);
    await expect(write('avalanche', 'short.parquet', [network])).rejects.toThrow(SchemaError);
    await expect(write('avalanche', 'short.parquet', [network])).rejects.toThrow("no column 'start'");
  });

  it('says in its metadata which table it is, with units and docs, and keeps no distinct counts', async () => {
    const path = await write('avalanche', 'meta.parquet', [makeBatch('avalanche', avalancheColumns(100, 5), 100)]);
    const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
    const keys = Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value]));
    expect(keys['crackle.table']).toBe('avalanche');
    expect(keys['crackle.version']).toBe(String(tableSchema('avalanche').version));
    const columns = JSON.parse(keys['crackle.columns'] ?? '{}') as Record<string, { unit: string; doc: string }>;
    for (const { name, unit, doc } of tableSchema('avalanche').fields) expect(columns[name]).toEqual({ unit, doc });
    for (const { meta_data } of metadata.row_groups[0]!.columns) {
      expect(meta_data?.statistics?.distinct_count).toBeUndefined();
    }
  });

  it('gives bounds of every number column that hold, and none where there is a NaN', async () => {
    const sizes = [-2.5, 0, NaN, 3, -0, Infinity];
    const rows = [-5, 7n, -(2n ** 62n), 2n ** 40n, 2n ** 40n - 1n, 0].map((perturbation, i) => ({
      ensemble: [3, -4, 2, 8, 8, 1][i]!,
      network: i === 2 ? -1 : 0,
      perturbation,
      start: 1,
      duration: 1,
      size: sizes[i]!,
      signal_size: i,
      peak: i - 1,
      censored: false,
    }));
    const path = await write('avalanche', 'bounds.parquet', [rowsToBatch('avalanche', rows)]);
    const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    const bounds = row_groups[0]!.columns.map((column) => {
      const { min_value, max_value } = column.meta_data!.statistics!;
      return [column.meta_data!.path_in_schema[0], min_value, max_value];
    });
    expect(bounds).toEqual([
      ['ensemble', -4, 8],
      ['network', -1n, 0n],
      ['perturbation', -(2n ** 62n), 2n ** 40n],
      ['start', 1, 1],
      ['duration', 1, 1],
      ['size', undefined, undefined],
      ['signal_size', -0, 5],
      ['peak', -1, 4],
      ['censored', undefined, undefined],
    ]);
  });
});
