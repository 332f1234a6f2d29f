const kept = new Map<number, Float64Array[]>();
/** Numbers that are kept at most, 4 MB of them. */
const room = 2 ** 19;
let held = 0;

/** Zeros, in the memory of an array that was outgrown where there is one of that length. */
export function zeros(length: number): Float64Array {
  const array = kept.get(length)?.pop();
  if (array === undefined) return new Float64Array(length);
  held -= length;
  return array.fill(0);
}

/** Keeps an array of a state for {@link zeros}: one that nobody reads any more, as the state has a longer copy or is itself done with. */
export function outgrown(array: Float64Array): void {
  const { length } = array;
  if (length === 0 || held + length > room || array.byteLength !== array.buffer.byteLength) return;
  const same = kept.get(length) ?? [];
  kept.set(length, same);
  same.push(array);
  held += length;
}

/** A longer copy of an array of a state, in whose place it stands from now on; the new entries, at the end, are 0. */
export function widened(old: Float64Array, length: number): Float64Array {
  const next = zeros(length);
  next.set(old);
  outgrown(old);
  return next;
}
