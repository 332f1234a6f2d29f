export type GrowableArray = Uint8Array | Int32Array | Float32Array | Float64Array;

/** A longer copy of a typed array; the new entries, at the end, are 0. */
export function grown<T extends GrowableArray>(old: T, length: number): T {
  const next = new (old.constructor as new (length: number) => T)(length);
  next.set(old);
  return next;
}
