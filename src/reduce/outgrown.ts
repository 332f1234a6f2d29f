const kept = new Map<number, Float64Array[]>();
const keptOfEach = 4;
const longest = 65_536;

/** Zeros, in the memory of an array that was outgrown where there is one of that length. */
export function zeros(length: number): Float64Array {
  return kept.get(length)?.pop()?.fill(0) ?? new Float64Array(length);
}

/** Keeps an array of a state for {@link zeros}: one that the state has a longer copy of, which nobody reads any more. */
export function outgrown(array: Float64Array): void {
  const { length } = array;
  if (length === 0 || length > longest || array.byteLength !== array.buffer.byteLength) return;
  const same = kept.get(length) ?? [];
  kept.set(length, same);
  if (same.length < keptOfEach) same.push(array);
}

/** A longer copy of an array of a state, in whose place it stands from now on; the new entries, at the end, are 0. */
export function widened(old: Float64Array, length: number): Float64Array {
  const next = zeros(length);
  next.set(old);
  outgrown(old);
  return next;
}
