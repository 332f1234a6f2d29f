// A BigInt a row would cost more than the engines: int64 columns are read and written as two 32-bit words (little-endian, as Arrow's).
// All exact for whole numbers from 0 to 2⁵³.

const WORD = 2 ** 32;

/** Writes id into row `row` of a column's words. */
export function writeId(words: Int32Array, row: number, id: number): void {
  words[2 * row] = id | 0;
  words[2 * row + 1] = (id / WORD) | 0;
}

/** The values of an int64 column as numbers. @param room memory for them, which may be longer */
export function readIds(column: BigInt64Array, room: Float64Array = new Float64Array(column.length)): Float64Array {
  const words = new Uint32Array(column.buffer, column.byteOffset, 2 * column.length);
  const ids = room.subarray(0, column.length);
  for (let i = 0; i < ids.length; i++) ids[i] = words[2 * i]! + WORD * words[2 * i + 1]!;
  return ids;
}

/** Numbers as an int64 column. */
export function writeIds(ids: ArrayLike<number>): BigInt64Array {
  const words = new Int32Array(2 * ids.length);
  for (let i = 0; i < ids.length; i++) writeId(words, i, ids[i]!);
  return new BigInt64Array(words.buffer);
}
