import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBatch } from '../../src/schema/batch.ts';
import { rowsToBatch } from '../../src/schema/rows.ts';
import { shippedTables, tableSchema } from '../../src/schema/table.ts';
import { encodingSets } from '../../src/store/parquet/encoding-set.ts';
import { parquetSink } from '../../src/store/parquet/sink.ts';
import { readTable } from '../../src/store/read-table.ts';
import { avalancheColumns } from './avalanche-columns.ts';
import { type AnyRow, anyRows } from './rows.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
const python = process.env.CRACKLE_PYTHON ?? 'python3';

function has(module: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'pipe' });
    return true;
  } catch {
    console.info(`skipped: reading with ${module}, which ${python} can't import (CRACKLE_PYTHON names another Python)`);
    return false;
  }
}

/** A value as read-parquet.py prints it. */
function text(value: unknown): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value !== 'number') return String(value);
  if (Number.isNaN(value)) return 'nan';
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}

function columnsOf(table: string, rows: readonly AnyRow[]): Record<string, unknown[]> {
  const columns = tableSchema(table).fields.map(({ name, type }) => {
    const values = rows.map((row) => {
      const value = row[name];
      if (value === null || value === undefined) return null;
      if (type === 'int32' || type === 'int64') return String(value);
      return text(type === 'float32' ? Math.fround(value as number) : value);
    });
    return [name, values] as const;
  });
  return Object.fromEntries(columns);
}

function readWith(module: string, files: readonly string[]): Record<string, unknown[]>[] {
  const script = join(import.meta.dirname, 'read-parquet.py');
  const lines = execFileSync(python, [script, module, ...files], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown[]>);
}

/** Readers, whether they tell no value from NaN, and which encodings they know. */
const readers = [
  { module: 'pyarrow', sets: encodingSets, nulls: true },
  { module: 'polars', sets: encodingSets, nulls: true },
  { module: 'pandas', sets: encodingSets, nulls: false },
  { module: 'fastparquet', sets: ['portable'] as const, nulls: false },
];

const footers: Readonly<Record<string, string>> = {
  pyarrow:
    'import pyarrow.parquet as pq; m = pq.read_metadata(sys.argv[1]).metadata; print(json.dumps({k.decode(): v.decode() for k, v in m.items()}))',
  polars: 'import polars as pl; print(json.dumps(pl.read_parquet_metadata(sys.argv[1])))',
};

describe.each(readers)('$module', ({ module, sets, nulls }) => {
  const absent = !has(module) || (module === 'pandas' && !has('pyarrow'));

  it.skipIf(absent)('reads every table to the bit', async () => {
    const files: string[] = [];
    const expected: Record<string, unknown[]>[] = [];
    for (const table of shippedTables()) {
      for (const [i, rows] of fc.sample(anyRows(table), { numRuns: 3, seed: 7 }).entries()) {
        const name = `${module}-${table}-${i}.parquet`;
        const how = { rowGroupRows: 9, encodings: sets[i % sets.length]! };
        await using sink = parquetSink(table, folder, name, how);
        await sink.write(rowsToBatch(table, rows));
        await sink.commit();
        files.push(join(folder, name));
        const columns = Object.entries(columnsOf(table, rows));
        expected.push(
          Object.fromEntries(
            columns.map(([column, values]) => [column, nulls ? values : values.map((value) => value ?? 'nan')]),
          ),
        );
      }
    }
    expect(readWith(module, files)).toEqual(expected);
  });

  const footer = footers[module];
  it.skipIf(absent || footer === undefined)('gives back what a file says of its run', async () => {
    const name = `${module}-metadata.parquet`;
    const metadata = { 'crackle.seed': '7', 'crackle.parameters': '{"widths":[16],"name":"ü"}' };
    await using sink = parquetSink('avalanche', folder, name, { metadata });
    await sink.commit();
    const said = execFileSync(python, ['-c', `import json, sys; ${footer}`, join(folder, name)], { encoding: 'utf8' });
    expect(JSON.parse(said)).toMatchObject({ ...metadata, 'crackle.table': 'avalanche' });
  });

  it.skipIf(absent)('reads a large avalanche table with every codec', async () => {
    const columns = avalancheColumns(3000, 8);
    for (const codec of ['SNAPPY', 'GZIP', 'UNCOMPRESSED'] as const) {
      const name = `${module}-${codec}.parquet`;
      const how = { codec, rowGroupRows: 1024, encodings: sets.at(-1)! };
      await using sink = parquetSink('avalanche', folder, name, how);
      await sink.write(makeBatch('avalanche', columns, 3000));
      await sink.commit();
      const path = join(folder, name);
      const [found] = readWith(module, [path]);
      const { columns: own } = await readTable(path);
      for (const [column, values] of Object.entries(found!)) {
        const integer = own[column] instanceof Int32Array;
        expect(values).toEqual(
          Array.from(own[column] as Iterable<unknown>, (value) => (integer ? String(value) : text(value))),
        );
      }
      expect(own.size).toEqual(columns.size);
      expect(own.perturbation).toEqual(columns.perturbation);
    }
  });
});
