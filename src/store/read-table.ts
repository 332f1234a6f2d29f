import type { Row } from '../schema/rows.ts';
import { fieldNames } from '../schema/table.ts';
import { checkColumns, openBytes, openTable, type TableSource } from './read/open.ts';
import type { Footer } from './read/parquet.ts';
import { type ColumnChunk, type ColumnValues, joined } from './read/values.ts';

export type { TableSource } from './read/open.ts';
export type { ColumnChunk, ColumnValues } from './read/values.ts';

/**
 * Columns of a table of any size, chunk by chunk: row groups of Parquet, record batches of Arrow, 65,536 rows of CSV.
 * Dates and times are seconds since 1970; columns of structures go by `structure.column`, lists are left out.
 * @param source path of a file, of a folder of files, or a pattern of files (one star for names, two for folders); or a stream such as standard input
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

/** Chunks of columns as whole ones. */
export async function joinedColumns(
  chunks: AsyncIterable<ColumnChunk>,
  names: readonly string[] = [],
): Promise<Record<string, ColumnValues>> {
  const found = new Map<string, ColumnValues[]>(names.map((name) => [name, []]));
  for await (const { columns } of chunks) {
    for (const [name, values] of Object.entries(columns)) {
      if (!found.has(name)) found.set(name, []);
      found.get(name)!.push(values);
    }
  }
  return Object.fromEntries([...found].map(([name, values]) => [name, joined(values)]));
}

/** Whole columns by name; errors as in {@link readChunks}. */
export async function readColumns(
  source: TableSource,
  names?: readonly string[],
): Promise<Record<string, ColumnValues>> {
  const table = await openTable(source);
  const wanted = names ?? table.columns;
  try {
    checkColumns(table, wanted);
    return await joinedColumns(table.chunks(wanted), wanted);
  } finally {
    await table.close();
  }
}

/** The whole table, column by column; names and errors as in {@link readChunks}. */
export async function readTable(source: TableSource, names?: readonly string[]): Promise<ColumnChunk> {
  const columns = await readColumns(source, names);
  return { rows: Object.values(columns)[0]?.length ?? 0, columns };
}

/** 64-bit integers as numbers where they are exact. */
function rowValue(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/**
 * Rows, columns and key-value metadata of a Parquet file, from its footer alone.
 * @throws StoreError where it can't be read or is not whole
 */
export async function readFooter(path: string): Promise<Footer> {
  const { parquetFooter } = await import('./read/parquet.ts');
  const bytes = await openBytes(path);
  try {
    return await parquetFooter(bytes);
  } finally {
    await bytes.close();
  }
}

/**
 * What a Parquet file says of itself, its key-value metadata: of crackle's own the table (`crackle.table`, `crackle.columns` with units) and
 * the run that they are of (`crackle.software`, `crackle.pipeline`, `crackle.seed`, `crackle.parameters`).
 * @throws StoreError where it can't be read or is not whole
 */
export async function readMetadata(path: string): Promise<Readonly<Record<string, string>>> {
  return (await readFooter(path)).metadata;
}

/**
 * Rows of a Parquet file, as they were written: what has no value is null, which NaN is not. For small tables.
 * @param table name of the table that the file must hold; default: any, with all the columns that can be read
 * @throws SchemaError where it lacks a column of the table, StoreError where it can't be read or is not whole
 */
export async function readRows(path: string, table?: string): Promise<Row[]> {
  const { parquetFile, parquetRows } = await import('./read/parquet.ts');
  const bytes = await openBytes(path);
  try {
    const file = await parquetFile(bytes);
    const names = table === undefined ? file.columns : fieldNames(table);
    checkColumns(file, names);
    const rows = await parquetRows(bytes);
    return rows.map((row) => Object.fromEntries(names.map((name) => [name, rowValue(row[name])])));
  } finally {
    await bytes.close();
  }
}
