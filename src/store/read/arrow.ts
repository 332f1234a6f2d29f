import type { FileHandle } from 'node:fs/promises';
import { CompressionType, compressionRegistry, DataType, RecordBatchReader, type Vector } from 'apache-arrow';
import { decompress } from 'fzstd';
import { StoreError } from '../../error.ts';
import { expandLz4Frame } from './lz4-frame.ts';
import type { TableFile } from './table-file.ts';
import { type ColumnValues, columnValues } from './values.ts';

/** What a column holds where it is neither numbers, texts nor booleans. */
function otherKind(type: DataType): string | undefined {
  if (DataType.isDictionary(type)) return otherKind(type.dictionary as DataType);
  const readable = [DataType.isInt, DataType.isFloat, DataType.isDecimal, DataType.isBool, DataType.isNull];
  if (readable.some((is) => is(type)) || DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return undefined;
  if (DataType.isUtf8View(type)) return undefined;
  if (DataType.isDate(type) || DataType.isTimestamp(type)) return 'dates';
  if (DataType.isTime(type)) return 'times of day';
  if (DataType.isDuration(type) || DataType.isInterval(type)) return 'lengths of time';
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
  if (DataType.isDecimal(type)) {
    return Float64Array.from(vector as Iterable<Uint32Array | null>, (words) =>
      words === null ? Number.NaN : decimalOf(words, type.scale),
    );
  }
  const plain = DataType.isInt(type) || (DataType.isFloat(type) && type.precision > 0);
  return columnValues(plain && vector.nullCount === 0 ? (vector.toArray() as ArrayLike<number>) : [...vector]);
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
  const unreadable = new Map<string, string>();
  for (const { name: column, type } of reader.schema.fields) {
    const what = otherKind(type);
    if (what !== undefined) unreadable.set(column, what);
  }
  return {
    name,
    columns: reader.schema.fields.map((field) => field.name).filter((column) => !unreadable.has(column)),
    unreadable,
    async *chunks(names) {
      try {
        for await (const batch of reader) {
          const columns: Record<string, ColumnValues> = {};
          for (const column of names) {
            const values = valuesOf(batch.getChild(column)!);
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
