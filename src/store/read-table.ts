import { join } from 'node:path';
import { StoreError } from '../error.ts';
import type { Row } from '../schema/rows.ts';
import { fieldNames } from '../schema/table.ts';
import { checkFiles, readManifest } from './folder.ts';
import { checkColumns, openBytes, openTable, type TableSource } from './read/open.ts';
import { type ColumnChunk, type ColumnValues, joined } from './read/values.ts';

export type { TableSource } from './read/open.ts';
export type { ColumnChunk, ColumnValues } from './read/values.ts';

/**
 * Columns of a table of any size, chunk by chunk: row groups of Parquet, record batches of Arrow, 65,536 rows of CSV.
 * @param source path, or a stream such as standard input
 * @param names columns; all where undefined
 * @throws StoreError where it can't be read or is not whole, SchemaError for a column it doesn't have
 */
export async function* readChunks(source: TableSource, names?: readonly string[]): AsyncGenerator<ColumnChunk> {
  const table = await openTable(source);
  try {
    checkColumns(table, names ?? []);
    yield* table.chunks(names ?? table.columns);
  } finally {
    await table.close();
  }
}

/** Whole columns by name; errors as in {@link readChunks}. */
export async function readColumns(
  source: TableSource,
  names?: readonly string[],
): Promise<Record<string, ColumnValues>> {
  const table = await openTable(source);
  const wanted = names ?? table.columns;
  const chunks = new Map<string, ColumnValues[]>(wanted.map((name) => [name, []]));
  try {
    checkColumns(table, wanted);
    for await (const { columns } of table.chunks(wanted)) {
      for (const name of wanted) chunks.get(name)!.push(columns[name]!);
    }
  } finally {
    await table.close();
  }
  return Object.fromEntries(wanted.map((name) => [name, joined(chunks.get(name)!)]));
}

/** The whole table, column by column; errors as in {@link readChunks}. */
export async function readTable(source: TableSource): Promise<ColumnChunk> {
  const columns = await readColumns(source);
  return { rows: Object.values(columns)[0]?.length ?? 0, columns };
}

/** 64-bit integers as numbers where they are exact. */
function rowValue(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/**
 * Rows of a result table of a run, as they were written; no value is null. For small tables.
 * @param table name of the table that the Parquet file must hold
 * @throws SchemaError where it lacks a column of the table, StoreError where it can't be read or is not whole
 */
export async function readRows(path: string, table: string): Promise<Row[]> {
  const names = fieldNames(table);
  const { parquetFile, parquetRows } = await import('./read/parquet.ts');
  const bytes = await openBytes(path);
  try {
    checkColumns(await parquetFile(bytes), names);
    const rows = await parquetRows(bytes);
    return rows.map((row) => Object.fromEntries(names.map((name) => [name, rowValue(row[name])])));
  } finally {
    await bytes.close();
  }
}

/**
 * A table of a run folder, part by part, as {@link readChunks} gives it.
 * @throws StoreError where the folder holds no finished run, the run no such table, or a part is not as it was written
 */
export async function* readDataset(
  folder: string,
  table: string,
  names?: readonly string[],
): AsyncGenerator<ColumnChunk> {
  const { status, tables, files } = await readManifest(folder);
  if (status === 'running') throw new StoreError(`the run in ${folder} is not finished: let it end, or resume it`);
  const parts = tables[table]?.parts;
  if (parts === undefined) {
    throw new StoreError(`the run in ${folder} has no table '${table}'; it has ${Object.keys(tables).join(', ')}`);
  }
  for (const part of parts) {
    await checkFiles(folder, files, [part]);
    yield* readChunks(join(folder, part), names);
  }
}
