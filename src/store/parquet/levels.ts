import type { GrowingBits } from './bytes.ts';

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}

/**
 * Definition levels of a flat optional column (1 where there is a value, 0 where there is none), as the RLE / bit-packed hybrid
 * that stands before the values of a version-1 data page, length first (Parquet format, Encodings.md).
 */
export function definitionLevels(valid: GrowingBits, rows: number, nulls: number): Buffer {
  const bits = valid.take();
  const runs =
    nulls === 0
      ? Buffer.from([...varint(rows * 2), 1])
      : Buffer.concat([Buffer.from(varint(bits.length * 2 + 1)), bits]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(runs.length);
  return Buffer.concat([length, runs]);
}
