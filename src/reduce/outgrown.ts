import { freeNow, keepsIdle } from '../idle-memory.ts';

/** By the length in bytes, those first that were used longest ago. */
const kept = new Map<number, ArrayBuffer[]>();
/** Bytes that are kept at most. */
const room = 2 ** 21;
let held = 0;

keepsIdle(() => {
  const all = [...kept.values()].flat();
  kept.clear();
  held = 0;
  return all;
});

function taken(bytes: number): ArrayBuffer | undefined {
  const buffer = kept.get(bytes)?.pop();
  if (buffer !== undefined) held -= bytes;
  return buffer;
}

/** Zeros, in the memory of an array that was outgrown where there is one of that length. */
export function zeros(length: number): Float64Array {
  const buffer = taken(8 * length);
  return buffer === undefined ? new Float64Array(length) : new Float64Array(buffer).fill(0);
}

/** The same of integers. */
export function integerZeros(length: number): Int32Array {
  const buffer = taken(4 * length);
  return buffer === undefined ? new Int32Array(length) : new Int32Array(buffer).fill(0);
}

/**
 * Keeps an array of a state for {@link zeros}: one that nobody reads any more, as the state has a longer copy or is itself done with. What there
 * is no room for is freed.
 */
export function outgrown({ buffer, byteLength }: Float64Array | Int32Array): void {
  if (!(buffer instanceof ArrayBuffer) || byteLength === 0 || byteLength !== buffer.byteLength) return;
  if (byteLength > room) {
    freeNow([buffer]);
    return;
  }
  const same = kept.get(byteLength) ?? [];
  kept.delete(byteLength);
  kept.set(byteLength, same);
  same.push(buffer);
  held += byteLength;
  const surplus: ArrayBuffer[] = [];
  for (const [bytes, buffers] of kept) {
    while (held > room && buffers.length > 0) {
      surplus.push(buffers.pop()!);
      held -= bytes;
    }
    if (buffers.length === 0) kept.delete(bytes);
    if (held <= room) break;
  }
  freeNow(surplus);
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
 * fills all of it. Where it is too short, the next one is likely to be a little longer still, and there is room for that.
 */
export function memoryFor(length: number, spare: Float64Array | undefined): Float64Array {
  if (spare === undefined) return new Float64Array(length);
  const enough = spare.buffer.byteLength >= 8 * length;
  return new Float64Array(enough ? spare.buffer : new ArrayBuffer(8 * (length + (length >> 3))), 0, length);
}
