// Block and miniblock lengths that every writer uses; a miniblock of 32 values of width w fills exactly w 32-bit words.
const blockLength = 128;
const miniblockLength = 32;
const miniblocks = blockLength / miniblockLength;
const largestBlock = 5 + miniblocks + 4 * blockLength;

/** Appends a variable-length unsigned integer; returns the new end. */
function varint(into: Uint8Array, at: number, value: bigint): number {
  let rest = value;
  let end = at;
  for (; rest > 127n; rest >>= 7n) into[end++] = Number(rest & 127n) | 128;
  into[end++] = Number(rest);
  return end;
}

const zigzag = (value: bigint): bigint => (value >= 0n ? value * 2n : -value * 2n - 1n);

function varint32(into: Uint8Array, at: number, value: number): number {
  let rest = value;
  let end = at;
  for (; rest > 127; rest >>>= 7) into[end++] = (rest & 127) | 128;
  into[end++] = rest;
  return end;
}

/** Packs 32 values of `width` bits each, least significant bit first; returns the new end. */
function pack(into: Uint8Array, at: number, values: Uint32Array, from: number, width: number): number {
  let end = at;
  let word = 0;
  let filled = 0;
  for (let i = from; i < from + miniblockLength; i++) {
    const value = values[i]!;
    word |= value << filled;
    filled += width;
    if (filled >= 32) {
      into[end] = word;
      into[end + 1] = word >>> 8;
      into[end + 2] = word >>> 16;
      into[end + 3] = word >>> 24;
      end += 4;
      filled -= 32;
      word = filled > 0 ? value >>> (width - filled) : 0;
    }
  }
  return end;
}

/**
 * Integers in the DELTA_BINARY_PACKED encoding (Parquet format, Encodings.md): counters and constants cost next to nothing, and there
 * is less to compress. Valid where the largest and smallest value are less than 2³¹ apart.
 *
 * @param low the low 32 bits of value i at `low[i · stride]`, which is all that differences within the bound need
 * @param first the first value, whole
 */
export function deltaBinaryPacked(low: Int32Array, stride: 1 | 2, first: bigint): Buffer {
  const count = low.length / stride;
  const into = Buffer.allocUnsafeSlow(32 + Math.ceil(count / blockLength) * largestBlock);
  let end = varint(into, 0, BigInt(blockLength));
  end = varint(into, end, BigInt(miniblocks));
  end = varint(into, end, BigInt(count));
  end = varint(into, end, zigzag(first));
  const deltas = new Int32Array(blockLength);
  const offsets = new Uint32Array(blockLength);
  let previous = low[0]!;
  for (let start = 1; start < count; start += blockLength) {
    const length = Math.min(blockLength, count - start);
    let min = 0x7fffffff;
    let max = -0x80000000;
    for (let i = 0; i < length; i++) {
      const value = low[(start + i) * stride]!;
      const delta = (value - previous) | 0;
      previous = value;
      deltas[i] = delta;
      if (delta < min) min = delta;
      if (delta > max) max = delta;
    }
    end = varint32(into, end, ((min << 1) ^ (min >> 31)) >>> 0);
    const widths = end;
    into.fill(0, widths, widths + miniblocks);
    end += miniblocks;
    if (min === max) continue;
    for (let i = 0; i < length; i++) offsets[i] = deltas[i]! - min;
    offsets.fill(0, length);
    for (let block = 0; block < miniblocks; block++) {
      let bits = 0;
      for (let i = block * miniblockLength; i < (block + 1) * miniblockLength; i++) bits |= offsets[i]!;
      const width = 32 - Math.clz32(bits);
      into[widths + block] = width;
      if (width > 0) end = pack(into, end, offsets, block * miniblockLength, width);
    }
  }
  return into.subarray(0, end);
}
