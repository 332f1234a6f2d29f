/**
 * Room for so many numbers, in the memory of an array that nobody reads any more where it is long enough. What was there still is: whoever asks
 * fills all of it.
 */
export function memoryFor(length: number, spare: Float64Array | undefined): Float64Array {
  if (spare === undefined || spare.buffer.byteLength < 8 * length) return new Float64Array(length);
  return new Float64Array(spare.buffer, 0, length);
}
