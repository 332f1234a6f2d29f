import type { ParquetType } from '../../schema/parquet.ts';

/** Smallest and largest value of a page, PLAIN encoded. */
export interface Bounds {
  readonly min: Buffer;
  readonly max: Buffer;
}

function plain<T extends Int32Array | Float32Array | Float64Array | Uint32Array>(values: T): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

function int32Bounds(values: Int32Array): Bounds {
  let min = values[0]!;
  let max = min;
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min: plain(Int32Array.of(min)), max: plain(Int32Array.of(max)) };
}

/** 64-bit integers as (signed high, unsigned low) halves: BigInts would cost more than all the rest of the writer. */
function int64Bounds(high: Int32Array, low: Uint32Array): Bounds {
  let min = 1;
  let max = 1;
  let [minHigh, minLow] = [high[1]!, low[0]!];
  let [maxHigh, maxLow] = [minHigh, minLow];
  for (let i = 3; i < high.length; i += 2) {
    const above = high[i]!;
    const below = low[i - 1]!;
    if (above < minHigh || (above === minHigh && below < minLow)) [min, minHigh, minLow] = [i, above, below];
    if (above > maxHigh || (above === maxHigh && below > maxLow)) [max, maxHigh, maxLow] = [i, above, below];
  }
  return { min: plain(low.slice(min - 1, min + 1)), max: plain(low.slice(max - 1, max + 1)) };
}

/** None where there is a NaN: readers may not order it. Zeros are written as −0 and +0, as the format asks. */
function floatBounds<T extends Float32Array | Float64Array>(values: T, of: (value: number) => T): Bounds | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) return undefined;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min: plain(of(min === 0 ? -0 : min)), max: plain(of(max === 0 ? 0 : max)) };
}

/** Bounds of PLAIN encoded values; undefined where there are none to give (no values, NaN, texts, booleans). */
export function boundsOf(type: ParquetType, values: Buffer): Bounds | undefined {
  if (values.length === 0) return undefined;
  const { buffer, byteOffset, byteLength } = values;
  switch (type) {
    case 'INT32':
      return int32Bounds(new Int32Array(buffer, byteOffset, byteLength / 4));
    case 'INT64':
      return int64Bounds(
        new Int32Array(buffer, byteOffset, byteLength / 4),
        new Uint32Array(buffer, byteOffset, byteLength / 4),
      );
    case 'FLOAT':
      return floatBounds(new Float32Array(buffer, byteOffset, byteLength / 4), (v) => Float32Array.of(v));
    case 'DOUBLE':
      return floatBounds(new Float64Array(buffer, byteOffset, byteLength / 8), (v) => Float64Array.of(v));
    default:
      return undefined;
  }
}
