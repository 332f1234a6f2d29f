import { keepsIdle } from '../idle-memory.ts';

const kept = new Map<number, Float64Array[]>();
/** Numbers that are kept at most, 4 MB of them. */
const room = 2 ** 19;
let held = 0;

keepsIdle(() => {
  const all = [...kept.values()].flat();
  kept.clear();
  held = 0;
  return all.map(({ buffer }) => buffer);
});

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

/**
 * An array of a state made longer, in whose place it stands from now on, in the same memory where there is room; entries before and behind those
 * that there were are 0.
 * @param before entries that come before
 */
export function widened(old: Float64Array, length: number, before = 0): Float64Array {
  // Memory that threads share holds other arrays, too.
  if (old.buffer instanceof ArrayBuffer && old.byteOffset === 0 && old.buffer.byteLength >= 8 * length) {
    const same = new Float64Array(old.buffer, 0, length);
    same.copyWithin(before, 0, old.length);
    same.fill(0, 0, before);
    return same.fill(0, before + old.length);
  }
  const next = zeros(length);
  next.set(old, before);
  outgrown(old);
  return next;
}

/**
 * Room for so many numbers, in the memory of an array that nobody reads any more where it is long enough. What was there still is: whoever asks
 * fills all of it.
 */
export function memoryFor(length: number, spare: Float64Array | undefined): Float64Array {
  if (spare === undefined || spare.buffer.byteLength < 8 * length) return new Float64Array(length);
  return new Float64Array(spare.buffer, 0, length);
}
