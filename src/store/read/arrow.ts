import type { FileHandle } from 'node:fs/promises';
import {
  CompressionType,
  compressionRegistry,
  DataType,
  type Date_,
  DateUnit,
  type Duration,
  type Field,
  type RecordBatch,
  RecordBatchReader,
  type Timestamp,
  type Vector,
} from 'apache-arrow';
import { decompress } from 'fzstd';
import { StoreError } from '../../error.ts';
import { expandLz4Frame } from './lz4-frame.ts';
import type { TableFile } from './table-file.ts';
import { type ColumnValues, columnValues } from './values.ts';

type Times = Timestamp | Date_ | Duration;

const isTime = (type: DataType): type is Timestamp | Date_ => DataType.isDate(type) || DataType.isTimestamp(type);

/** Dates and times as seconds since 1970; lengths of time as numbers of their unit, which is all that Parquet keeps of them. */
function timesOf(vector: Vector, type: Times): Float64Array {
  const isDays = DataType.isDate(type) && type.unit === DateUnit.DAY;
  const unit = DataType.isDuration(type) ? 1 : DataType.isTimestamp(type) ? [1, 1e3, 1e6, 1e9][type.unit]! : 1e3;
  const times = new Float64Array(vector.length);
  let at = 0;
  for (const data of vector.data) {
    const values = data.values as ArrayLike<number | bigint>;
    for (let i = 0; i < data.length; i++, at++) {
      const time = Number(values[i]);
      times[at] = !data.getValid(i) ? Number.NaN : isDays ? time * 86_400 : time / unit;
    }
  }
  return times;
}

/** What a column holds where it is neither numbers, texts nor booleans. */
function otherKind(type: DataType): string | undefined {
  if (DataType.isDictionary(type)) return otherKind(type.dictionary as DataType);
  const readable = [DataType.isInt, DataType.isFloat, DataType.isDecimal, DataType.isBool, DataType.isNull];
  if (readable.some((is) => is(type)) || DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return undefined;
  if (DataType.isUtf8View(type)) return undefined;
  if (isTime(type) || DataType.isDuration(type)) return undefined;
  if (DataType.isTime(type)) return 'times of day';
  if (DataType.isInterval(type)) return 'lengths of time';
  if (DataType.isList(type) || DataType.isFixedSizeList(type) || DataType.isLargeList(type)) return 'lists';
  return DataType.isStruct(type) ? 'structures' : String(type);
}

/** A decimal of 128 or 256 bits, given as 32-bit words from the lowest, as a number. */
function decimalOf(words: Uint32Array, scale: number): number {
  let bits = 0n;
  for (let at = words.length - 1; at >= 0; at--) bits = (bits << 32n) | BigInt(words[at]!);
  return Number(BigInt.asIntN(32 * words.length, bits)) / Number(`1e${scale}`);
}

function valuesOf(vector: Vector): ColumnValues | undefined {
  const { type } = vector;
  if (isTime(type) || DataType.isDuration(type)) return timesOf(vector, type);
  if (DataType.isDecimal(type)) {
    return Float64Array.from(vector as Iterable<Uint32Array | null>, (words) =>
      words === null ? Number.NaN : decimalOf(words, type.scale),
    );
  }
  const plain = DataType.isInt(type) || (DataType.isFloat(type) && type.precision > 0);
  return columnValues(plain && vector.nullCount === 0 ? (vector.toArray() as ArrayLike<number>) : [...vector]);
}

/** Columns, those of structures as `structure.column`, and which can't be read. */
function leavesOf(fields: readonly Field[], above: readonly string[] = []) {
  const leaves = new Map<string, { readonly path: readonly string[]; readonly type: DataType }>();
  const unreadable = new Map<string, string>();
  for (const { name, type } of fields) {
    const path = [...above, name];
    const what = otherKind(type);
    if (what === undefined) leaves.set(path.join('.'), { path, type });
    else unreadable.set(path.join('.'), what);
    if (!DataType.isStruct(type)) continue;
    const inner = leavesOf(type.children as Field[], path);
    for (const [column, leaf] of inner.leaves) leaves.set(column, leaf);
    for (const [column, kind] of inner.unreadable) unreadable.set(column, kind);
  }
  return { leaves, unreadable };
}

function valuesIn(batch: RecordBatch, path: readonly string[]): ColumnValues | undefined {
  const [top, ...inner] = path;
  let vector: Vector = batch.getChild(top!)!;
  const above: Vector[] = [];
  for (const name of inner) {
    if (vector.nullCount > 0) above.push(vector);
    vector = vector.getChild(name)!;
  }
  if (above.length === 0) return valuesOf(vector);
  // What a structure that isn't there holds is not there.
  const values = [...valuesOf(vector)!];
  return columnValues(values.map((value, i) => (above.every((each) => each.get(i) !== null) ? value : null)));
}

// Buffers must begin at a multiple of eight bytes, hence slice. Feather files of pandas are compressed with lz4 by default, those of R and Polars often with zstd.
compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: expandLz4Frame });
compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => decompress(bytes).slice() });

/**
 * Opens an Arrow IPC file or stream; chunks are its record batches.
 * @throws StoreError where it can't be read
 */
export async function arrowFile(
  name: string,
  source: FileHandle | AsyncIterable<Uint8Array>,
  close: () => Promise<void>,
): Promise<TableFile> {
  const failed = (error: unknown): never => {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${name} can't be read as Arrow IPC: ${(error as Error).message}`, { cause: error });
  };
  const open = async () => {
    const reader = await RecordBatchReader.from(source as AsyncIterable<Uint8Array>);
    await reader.open();
    // Without a schema message the reader is silently empty.
    if (reader.schema === undefined) throw new Error('it has no schema');
    return reader;
  };
  const reader = await open().catch(failed);
  const { leaves, unreadable } = leavesOf(reader.schema.fields);
  return {
    name,
    columns: [...leaves.keys()],
    times: new Set([...leaves].filter(([, { type }]) => isTime(type)).map(([column]) => column)),
    unreadable,
    async *chunks(names) {
      try {
        for await (const batch of reader) {
          const columns: Record<string, ColumnValues> = {};
          for (const column of names) {
            const values = valuesIn(batch, leaves.get(column)!.path);
            if (values === undefined)
              throw new StoreError(`column '${column}' of ${name} holds neither numbers, texts nor booleans`);
            columns[column] = values;
          }
          yield { rows: batch.numRows, columns };
        }
      } catch (error) {
        failed(error);
      }
    },
    close,
  };
}
