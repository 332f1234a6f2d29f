import type { Data } from 'apache-arrow';
import type { ParquetField } from '../../schema/parquet.ts';
import { type Bounds, boundsOf } from './bounds.ts';
import { GrowingBits, GrowingBytes } from './bytes.ts';
import { compactValues, type Encoding } from './encoding.ts';
import type { EncodingSet } from './encoding-set.ts';
import { definitionLevels } from './levels.ts';

/** The content of a version-1 data page, encoded and not yet compressed; good until the next append to its column. */
export interface ColumnPage {
  readonly body: Buffer;
  readonly encoding: Encoding;
  readonly rows: number;
  readonly nulls: number;
  readonly bounds: Bounds | undefined;
}

/** Gathers the values of one column until they become a page. */
export interface ColumnBuffer {
  /** Copies rows `from` to `to` of an Arrow column. */
  append(data: Data, from: number, to: number): void;
  /** The rows so far as a page; starts anew. */
  take(): ColumnPage;
  /** What its values lie in, to be freed once nothing is appended any more. */
  memory(): ArrayBufferLike[];
}

/** Copies the values of rows `from` to `to`, all of them valid. */
type Copy = (data: Data, from: number, to: number) => void;

const isValid = (data: Data, row: number): boolean => {
  const bit = data.offset + row;
  return ((data.nullBitmap[bit >> 3]! >> (bit & 7)) & 1) === 1;
};

function copyFixed(bytes: GrowingBytes): Copy {
  return (data, from, to) => {
    const values = data.values as Float64Array;
    const size = values.BYTES_PER_ELEMENT;
    bytes.append(new Uint8Array(values.buffer, values.byteOffset + from * size, (to - from) * size));
  };
}

/** Each text with its length in bytes before it. */
function copyText(bytes: GrowingBytes): Copy {
  return (data, from, to) => {
    const offsets = data.valueOffsets as Int32Array;
    const texts = data.values as Uint8Array;
    const into = bytes.reserve(offsets[to]! - offsets[from]! + 4 * (to - from));
    for (let row = from; row < to; row++) {
      const text = texts.subarray(offsets[row]!, offsets[row + 1]!);
      into.writeUInt32LE(text.length, bytes.length);
      into.set(text, bytes.length + 4);
      bytes.length += 4 + text.length;
    }
  };
}

/** A buffer for one column of a table, whose pages will be compressed or not. */
export function columnBuffer(
  { type, repetition }: ParquetField,
  encodings: EncodingSet,
  compressed: boolean,
): ColumnBuffer {
  const bytes = new GrowingBytes();
  const bits = new GrowingBits();
  const valid = new GrowingBits();
  const optional = repetition === 'OPTIONAL';
  const copyBits: Copy = (data, from, to) => bits.append(data.values as Uint8Array, data.offset + from, to - from);
  const copy = type === 'BOOLEAN' ? copyBits : type === 'BYTE_ARRAY' ? copyText(bytes) : copyFixed(bytes);
  let rows = 0;
  let nulls = 0;
  return {
    append(data, from, to) {
      rows += to - from;
      if (!optional || data.nullCount === 0) {
        if (optional) valid.appendOnes(to - from);
        copy(data, from, to);
        return;
      }
      valid.append(data.nullBitmap, data.offset + from, to - from);
      for (let row = from; row < to; row++) {
        if (isValid(data, row)) copy(data, row, row + 1);
        else nulls++;
      }
    },
    memory: () => [bytes.memory, bits.memory, valid.memory],
    take() {
      const plain = type === 'BOOLEAN' ? bits.take() : bytes.take();
      const bounds = boundsOf(type, plain);
      const values =
        encodings === 'compact'
          ? compactValues(type, plain, bounds, compressed)
          : { encoding: 'PLAIN' as const, bytes: plain };
      const body = optional ? Buffer.concat([definitionLevels(valid, rows, nulls), values.bytes]) : values.bytes;
      const page = { body, encoding: values.encoding, rows, nulls, bounds };
      rows = 0;
      nulls = 0;
      return page;
    },
  };
}
