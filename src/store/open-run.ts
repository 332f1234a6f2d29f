import { join } from 'node:path';
import type { RecordBatch } from 'apache-arrow';
import { StoreError } from '../error.ts';
import { type Batch, type Columns, makeBatch, type NumericColumn } from '../schema/batch.ts';
import type { TableName, TableRows } from '../schema/columns.ts';
import { type Row, rowsToBatch } from '../schema/rows.ts';
import { fieldNames, type RowOf, type TableSchema, tableNames, tableSchema } from '../schema/table.ts';
import { checkFiles, readManifest } from './folder.ts';
import type { Manifest } from './manifest.ts';
import { type ColumnChunk, type ColumnValues, joinedColumns, readChunks, readRows } from './read-table.ts';

/** A run folder that is read. A table goes by its name, or by its definition where it is of one's own (`defineTable`), which gives rows their types. */
export interface OpenRun {
  readonly folder: string;
  /** What was run, on what, and how it ended: the content of `manifest.json`. */
  readonly manifest: Manifest;
  /** Names of its tables, results and recorded ones. */
  readonly tables: readonly string[];
  /** All rows of a table, in memory. What has no value is null, which NaN is not. */
  rows<Name extends TableName>(table: Name): Promise<TableRows[Name][]>;
  rows<S extends TableSchema>(table: S): Promise<RowOf<S>[]>;
  rows(table: string): Promise<Row[]>;
  /**
   * All of a table as columns, in memory; numbers without a value are NaN.
   * @param names columns; all where undefined
   */
  columns(table: string | TableSchema, names?: readonly string[]): Promise<Record<string, ColumnValues>>;
  /** A table of any size as record batches such as reducers take; of recorded tables each of one ensemble, in the order of perturbations. */
  batches<Name extends TableName>(table: Name): AsyncGenerator<Batch<Name>>;
  batches(table: TableSchema): AsyncGenerator<RecordBatch>;
  /** A table of any size, chunk by chunk, as {@link OpenRun.columns}. */
  chunks(table: string | TableSchema, names?: readonly string[]): AsyncGenerator<ColumnChunk>;
}

function batchOf(name: string, values: ColumnChunk['columns'], rows: number): RecordBatch {
  const columns: Columns = {};
  for (const { name: column, type } of tableSchema(name).fields) {
    const given = values[column]!;
    columns[column] = type === 'bool' ? bitmap(given as readonly boolean[]) : (given as NumericColumn);
  }
  return makeBatch(name, columns, rows);
}

function bitmap(flags: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array((flags.length + 7) >> 3);
  for (let i = 0; i < flags.length; i++) if (flags[i] === true) bits[i >> 3]! |= 1 << (i & 7);
  return bits;
}

/**
 * Opens a run folder to read its tables, those of pipelines of one's own, too. Nothing stays open; each file is held against its checksum
 * when it is read.
 * @throws StoreError where the folder holds no run, or one that is still running; of each method, where the run has no such table or a file is
 * not as it was written
 */
export async function openRun(folder: string): Promise<OpenRun> {
  const manifest = await readManifest(folder);
  const { status, tables, files } = manifest;
  if (status === 'running') throw new StoreError(`the run in ${folder} is not finished: let it end, or resume it`);
  const nameOf = (table: string | TableSchema): string => (typeof table === 'string' ? table : table.name);
  async function* parts(name: string): AsyncGenerator<string> {
    const entry = Object.hasOwn(tables, name) ? tables[name] : undefined;
    if (entry === undefined) {
      throw new StoreError(`the run in ${folder} has no table '${name}'; it has ${Object.keys(tables).join(', ')}`);
    }
    for (const part of entry.parts) {
      await checkFiles(folder, files, [part]);
      yield join(folder, part);
    }
  }
  async function* chunks(table: string | TableSchema, names?: readonly string[]): AsyncGenerator<ColumnChunk> {
    for await (const path of parts(nameOf(table))) yield* readChunks(path, names);
  }
  const rowsIn = (path: string, name: string): Promise<Row[]> =>
    readRows(path, tableNames().includes(name) ? name : undefined);
  async function rows(table: string | TableSchema): Promise<Row[]> {
    const name = nameOf(table);
    const found: Row[] = [];
    for await (const path of parts(name)) for (const row of await rowsIn(path, name)) found.push(row);
    return found;
  }
  async function* batches(table: string | TableSchema): AsyncGenerator<RecordBatch> {
    const name = nameOf(table);
    const { fields } = tableSchema(name);
    // Columns are there as batches want them, but for what may be missing, and texts.
    const asColumns = fields.every(({ type, nullable }) => type !== 'utf8' && nullable !== true);
    for await (const path of parts(name)) {
      if (!asColumns) yield rowsToBatch(name, await rowsIn(path, name));
      else for await (const { rows, columns } of readChunks(path, fieldNames(name))) yield batchOf(name, columns, rows);
    }
  }
  return {
    folder,
    manifest,
    tables: Object.keys(tables),
    rows: rows as OpenRun['rows'],
    batches,
    columns: (table, names) => joinedColumns(chunks(table, names), names),
    chunks,
  };
}
