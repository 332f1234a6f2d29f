import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type ParquetParsers,
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

/** Dates and times as seconds since 1970, as {@link TableFile.times} are. */
const parsers = {
  dateFromDays: (days: number): number => days * 86_400,
  timestampFromMilliseconds: (time: bigint): number => Number(time) / 1e3,
  timestampFromMicroseconds: (time: bigint): number => Number(time) / 1e6,
  timestampFromNanoseconds: (time: bigint): number => Number(time) / 1e9,
} as unknown as ParquetParsers;

const isDate = ({ type, converted_type, logical_type: logical }: SchemaElement): boolean =>
  type === 'INT96' || /^DATE$|^TIMESTAMP/.test(converted_type ?? '') || /^(DATE|TIMESTAMP)/.test(logical?.type ?? '');

const isTimeOfDay = ({ converted_type, logical_type: logical }: SchemaElement): boolean =>
  /^TIME_/.test(converted_type ?? '') || logical?.type === 'TIME';

/** A column that can be read, by its path in structures. */
interface Leaf {
  readonly path: readonly string[];
  readonly element: SchemaElement;
}

/** Columns of a tree, those of structures as `structure.column`, and which can't be read. */
function leavesOf(children: readonly SchemaTree[], above: readonly string[] = []) {
  const leaves = new Map<string, Leaf>();
  const unreadable = new Map<string, string>();
  for (const { element, children: inner } of children) {
    const path = [...above, element.name];
    const name = path.join('.');
    const isList = element.repetition_type === 'REPEATED' || /^(LIST|MAP)/.test(element.converted_type ?? '');
    if (isList || /^(LIST|MAP)$/.test(element.logical_type?.type ?? '')) unreadable.set(name, 'lists');
    else if (inner.length > 0) {
      const found = leavesOf(inner, path);
      unreadable.set(name, 'structures');
      for (const [column, leaf] of found.leaves) leaves.set(column, leaf);
      for (const [column, what] of found.unreadable) unreadable.set(column, what);
    } else if (isTimeOfDay(element)) unreadable.set(name, 'times of day');
    else leaves.set(name, { path, element });
  }
  return { leaves, unreadable };
}

/** Decimals as the doubles next to them: hyparquet multiplies by a power of ten, which no double is, and the last digit is off. */
function asPrinted(values: ArrayLike<unknown>, { converted_type, scale = 0 }: SchemaElement): ArrayLike<unknown> {
  if (converted_type !== 'DECIMAL' || scale < 1 || scale > 22) return values;
  const unit = Number(`1e${scale}`);
  return Array.from(values, (value) => {
    const steps = typeof value === 'number' ? Math.round(value * unit) : Number.NaN;
    return Math.abs(steps) <= 2 ** 50 ? steps / unit : value;
  });
}

const within = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((part, name) => (part as Record<string, unknown> | null | undefined)?.[name], value);

/**
 * Opens a Parquet file; chunks are its row groups.
 * @throws StoreError where the file is not whole
 */
export async function parquetFile(bytes: Bytes): Promise<TableFile> {
  const metadata = await metadataOf(bytes);
  const { children } = parquetSchema(metadata);
  const { leaves, unreadable } = leavesOf(children);
  const isFlat = (name: string): boolean => {
    const { path, element } = leaves.get(name)!;
    return path.length === 1 && isFlatNumber(element);
  };
  return {
    name: bytes.name,
    columns: [...leaves.keys()],
    times: new Set([...leaves].filter(([, { element }]) => isDate(element)).map(([name]) => name)),
    unreadable,
    async *chunks(names) {
      if (names.every(isFlat)) {
        for (const group of metadata.row_groups) yield await flatGroup(bytes, group, children, names);
        return;
      }
      const file = bufferOf(bytes);
      const columns = [...new Set(names.map((name) => leaves.get(name)!.path[0]!))];
      const scan = await parquetScan({ file, metadata, columns, compressors, parsers }).catch((error) =>
        failed(bytes, error),
      );
      for (const { rowStart, rowEnd } of scan.ranges) {
        const chunk: Record<string, ColumnValues> = {};
        for (const column of names) {
          const [top, ...path] = leaves.get(column)!.path;
          const found = await scan
            .readColumn({ column: top!, rowStart, rowEnd })
            .catch((error) => failed(bytes, error));
          const read = path.length === 0 ? found : Array.from(found, (value) => within(value, path));
          const values = columnValues(asPrinted(read, leaves.get(column)!.element));
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

/** What a file's footer says. */
export interface Footer {
  readonly rows: number;
  /** Columns with their physical types, those of structures left out. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
  readonly metadata: Readonly<Record<string, string>>;
}

export async function parquetFooter(bytes: Bytes): Promise<Footer> {
  const found = await metadataOf(bytes);
  const columns = parquetSchema(found).children.map(({ element: { name, type, repetition_type } }) => ({
    name,
    type: type ?? '',
    optional: repetition_type === 'OPTIONAL',
  }));
  const pairs = (found.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ''] as const);
  return { rows: Number(found.num_rows), columns, metadata: Object.fromEntries(pairs) };
}

/** All rows as objects, columns of structures as `structure.column`, no values as null; for small files. */
export async function parquetRows(bytes: Bytes): Promise<Record<string, unknown>[]> {
  const metadata = await metadataOf(bytes);
  const leaves = [...leavesOf(parquetSchema(metadata).children).leaves];
  const rows = await parquetReadObjects({ file: bufferOf(bytes), metadata, compressors, parsers }).catch((error) =>
    failed(bytes, error),
  );
  return rows.map((row) => Object.fromEntries(leaves.map(([name, { path }]) => [name, within(row, path) ?? null])));
}
