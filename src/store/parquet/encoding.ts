import type { ParquetType } from '../../schema/parquet.ts';
import type { Bounds } from './bounds.ts';
import { deltaBinaryPacked } from './delta.ts';
import { byteStreamSplit } from './split.ts';

/** Encodings of values, with their numbers in the Parquet format. */
export const encodings = { PLAIN: 0, DELTA_BINARY_PACKED: 5, BYTE_STREAM_SPLIT: 9 } as const;
export type Encoding = keyof typeof encodings;

/** Values of a page as they go into the file, before compression. */
export interface EncodedValues {
  readonly encoding: Encoding;
  readonly bytes: Buffer;
}

const spans: Partial<Record<ParquetType, (bounds: Bounds) => bigint>> = {
  INT32: ({ min, max }) => BigInt(max.readInt32LE() - min.readInt32LE()),
  INT64: ({ min, max }) => max.readBigInt64LE() - min.readBigInt64LE(),
};

/**
 * Chooses the compact encoding of PLAIN values by their content alone: differences for integers that lie within 2³¹ of each other, split bytes
 * for doubles that are about to be compressed.
 */
export function compactValues(
  type: ParquetType,
  plain: Buffer,
  bounds: Bounds | undefined,
  compressed: boolean,
): EncodedValues {
  const span = bounds === undefined ? undefined : spans[type]?.(bounds);
  if (span !== undefined && span < 2n ** 31n) {
    const low = new Int32Array(plain.buffer, plain.byteOffset, plain.length / 4);
    const wide = type === 'INT64';
    const bytes = deltaBinaryPacked(low, wide ? 2 : 1, wide ? plain.readBigInt64LE() : BigInt(plain.readInt32LE()));
    return { encoding: 'DELTA_BINARY_PACKED', bytes };
  }
  if (type === 'DOUBLE' && compressed) return { encoding: 'BYTE_STREAM_SPLIT', bytes: byteStreamSplit(plain) };
  return { encoding: 'PLAIN', bytes: plain };
}
