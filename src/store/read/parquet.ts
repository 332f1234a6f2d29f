import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetScan,
  parquetSchema,
  type RowGroup,
  type SchemaElement,
  type SchemaTree,
} from 'hyparquet';
import { compressors as codecs } from 'hyparquet-compressors';
import { StoreError } from '../../error.ts';
import { flatNumbers, isFlatNumber } from './parquet-flat.ts';
import type { TableFile } from './table-file.ts';
import { type ColumnChunk, type ColumnValues, columnValues } from './values.ts';

/** Bytes that can be read anywhere. */
export interface Bytes {
  readonly name: string;
  readonly length: number;
  read(start: number, end: number): Promise<ArrayBuffer>;
  close(): Promise<void>;
}

const compressors: Compressors = {
  ...codecs,
  GZIP: (bytes, length) => gunzipSync(bytes, { maxOutputLength: Math.max(length, 1) }),
  BROTLI: (bytes, length) => brotliDecompressSync(bytes, { maxOutputLength: Math.max(length, 1) }),
};

function failed(bytes: Bytes, error: unknown): never {
  const { message } = error as Error;
  const codec = /unsupported compression codec: (\w+)/.exec(message)?.[1];
  if (codec !== undefined) {
    throw new StoreError(`${bytes.name} is compressed with ${codec}, which can't be read here; write it with SNAPPY`, {
      cause: error,
    });
  }
  throw new StoreError(`${bytes.name} is damaged: ${message}`, { cause: error });
}

/** A view of the bytes that tells a failing disk from a damaged file. */
function bufferOf(bytes: Bytes): AsyncBuffer {
  return {
    byteLength: bytes.length,
    slice: (start, end = bytes.length) => bytes.read(start, Math.min(end, bytes.length)),
  };
}

async function metadataOf(bytes: Bytes): Promise<FileMetaData> {
  try {
    if (bytes.length < 12) throw new Error(`it has ${bytes.length} bytes`);
    return await parquetMetadataAsync(bufferOf(bytes));
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const why = (error as Error).message;
    throw new StoreError(`${bytes.name} is not a complete Parquet file (${why}): was its writer cut off?`, {
      cause: error,
    });
  }
}

/** What a column of times holds: fitted as numbers they would be milliseconds since 1970, in silence. */
function timeKind({ converted_type, logical_type: logical }: SchemaElement): string | undefined {
  const converted = converted_type ?? '';
  if (/^DATE$|^TIMESTAMP/.test(converted) || /^(DATE|TIMESTAMP)/.test(logical?.type ?? '')) return 'dates';
  return /^TIME_/.test(converted) || logical?.type === 'TIME' ? 'times of day' : undefined;
}

/**
 * Opens a Parquet file; chunks are its row groups.
 * @throws StoreError where the file is not whole
 */
export async function parquetFile(bytes: Bytes): Promise<TableFile> {
  const metadata = await metadataOf(bytes);
  const { children } = parquetSchema(metadata);
  const isPlain = (child: SchemaTree): boolean =>
    child.children.length === 0 && child.element.repetition_type !== 'REPEATED';
  const unreadable = new Map<string, string>();
  for (const child of children) {
    const what = isPlain(child) ? timeKind(child.element) : 'lists or structures';
    if (what !== undefined) unreadable.set(child.element.name, what);
  }
  const columns = children.map(({ element }) => element.name).filter((name) => !unreadable.has(name));
  return {
    name: bytes.name,
    columns,
    unreadable,
    async *chunks(names) {
      const flat = names.every((name) => isFlatNumber(children.find((child) => child.element.name === name)!.element));
      if (flat) {
        for (const group of metadata.row_groups) yield await flatGroup(bytes, group, children, names);
        return;
      }
      const file = bufferOf(bytes);
      const scan = await parquetScan({ file, metadata, columns: [...names], compressors }).catch((error) =>
        failed(bytes, error),
      );
      for (const { rowStart, rowEnd } of scan.ranges) {
        const chunk: Record<string, ColumnValues> = {};
        for (const column of names) {
          const found = await scan.readColumn({ column, rowStart, rowEnd }).catch((error) => failed(bytes, error));
          const values = columnValues(found);
          if (values === undefined)
            throw new StoreError(`column '${column}' of ${bytes.name} holds neither numbers, texts nor booleans`);
          if (values.length !== rowEnd - rowStart) {
            failed(bytes, new Error(`column '${column}' has ${values.length} values, expected ${rowEnd - rowStart}`));
          }
          chunk[column] = values;
        }
        yield { rows: rowEnd - rowStart, columns: chunk };
      }
    },
    close: () => bytes.close(),
  };
}

/** Columns of plain numbers of one row group. */
async function flatGroup(
  bytes: Bytes,
  group: RowGroup,
  leaves: readonly SchemaTree[],
  names: readonly string[],
): Promise<ColumnChunk> {
  const rows = Number(group.num_rows);
  const columns: Record<string, ColumnValues> = {};
  for (const name of names) {
    const found = group.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name)?.meta_data;
    if (found === undefined) failed(bytes, new Error(`a row group lacks column '${name}'`));
    const { data_page_offset: data, dictionary_page_offset: dictionary, total_compressed_size: size } = found!;
    const start = Number(dictionary !== undefined && dictionary > 0n && dictionary < data ? dictionary : data);
    const end = start + Number(size);
    if (!(start >= 0 && end <= bytes.length)) failed(bytes, new Error(`column '${name}' lies beyond its end`));
    const chunk = await bytes.read(start, end);
    const leaf = leaves.find(({ element }) => element.name === name)!;
    try {
      columns[name] = flatNumbers(chunk, leaf, found!, rows, compressors);
    } catch (error) {
      failed(bytes, error);
    }
  }
  return { rows, columns };
}

/** Number of rows, by the file's footer. */
export async function parquetRowCount(bytes: Bytes): Promise<number> {
  return Number((await metadataOf(bytes)).num_rows);
}

/** All rows as objects, no values as null; for small files. */
export async function parquetRows(bytes: Bytes): Promise<Record<string, unknown>[]> {
  const metadata = await metadataOf(bytes);
  const rows = await parquetReadObjects({ file: bufferOf(bytes), metadata, compressors }).catch((error) =>
    failed(bytes, error),
  );
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? null])));
}
