import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';

const kinds = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  BigInt64Array,
  BigUint64Array,
} as const;
type Kind = keyof typeof kinds;
export type Typed = InstanceType<(typeof kinds)[Kind]>;

const isTyped = (value: unknown): value is Typed => ArrayBuffer.isView(value) && !(value instanceof DataView);
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
/** What structured cloning takes for a plain object, instances of classes too. */
const isRecord = (value: object): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === '[object Object]';

/**
 * A copy with the number of each typed array in its place, an array of one: there are no others in it, so that none can be taken for it. Numbers
 * are wrapped: bare ones V8 writes as integers or as doubles by how it happens to hold them, which would make the bytes depend on what ran before.
 */
function framed(value: unknown, arrays: Typed[], seen: Map<object, object>): unknown {
  if (typeof value === 'number') return Object(value);
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const keep = <T extends object>(copy: T): T => {
    seen.set(value, copy);
    return copy;
  };
  if (isTyped(value)) {
    arrays.push(value);
    return keep(Float64Array.of(arrays.length - 1));
  }
  if (Array.isArray(value)) {
    const copy = keep<unknown[]>([]);
    for (const item of value) copy.push(framed(item, arrays, seen));
    return copy;
  }
  if (value instanceof Map) {
    const copy = keep(new Map<unknown, unknown>());
    for (const [key, item] of value) copy.set(key, framed(item, arrays, seen));
    return copy;
  }
  if (!isRecord(value)) return value;
  const copy = keep<Record<string, unknown>>({});
  for (const key of Object.keys(value)) copy[key] = framed(value[key], arrays, seen);
  return copy;
}

/**
 * Puts what `by` gives in the place of typed arrays, wherever in a value they stand, and numbers in the place of those that {@link framed} wrapped.
 * @returns the value itself, or what stands in its place
 */
export function replaced(value: unknown, by: (array: Typed) => Typed, seen = new Set<object>()): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Number) return value.valueOf();
  if (isTyped(value)) return by(value);
  if (seen.has(value)) return value;
  seen.add(value);
  if (value instanceof Map) {
    for (const [key, item] of value) value.set(key, replaced(item, by, seen));
  } else if (Array.isArray(value) || isRecord(value)) {
    const at = value as Record<string, unknown>;
    for (const key of Object.keys(value)) {
      const item = replaced(at[key], by, seen);
      // What stays may be frozen.
      if (item !== at[key]) at[key] = item;
    }
  }
  return value;
}

/** Kind and length of a typed array. */
export type Shape = readonly [kind: string, length: number];

/** A structured-cloneable value with its typed arrays taken out, which are most of a reducer's state. */
export interface Apart {
  /** What is left of the value as V8 serialises it, with the number of an array in place of each. */
  readonly frame: Uint8Array;
  /** The value's own; views hold but what they show. */
  readonly arrays: readonly Typed[];
}

/** Takes the typed arrays of a structured-cloneable value out of it, without a copy. */
export function apart(value: unknown): Apart {
  const arrays: Typed[] = [];
  const frame = serialize(framed(value, arrays, new Map()));
  return { frame, arrays };
}

/** The value that {@link apart} was given, with arrays in the place of its own. */
export const together = ({ frame, arrays }: Apart): unknown =>
  replaced(deserialize(frame), ([number]) => arrays[Number(number)]!);

/** Sha-256 of the value, whatever came before it. */
export function digestOf(value: unknown): string {
  const { frame, arrays } = apart(value);
  const hash = createHash('sha256')
    .update(JSON.stringify(arrays.map(shapeOf)))
    .update(frame);
  for (const array of arrays) hash.update(bytesOf(array));
  return hash.digest('hex');
}

export const shapeOf = (array: Typed): Shape => [array[Symbol.toStringTag], array.length];

/** Bytes of arrays of these shapes; NaN where one is none. */
export function bytesOfShapes(shapes: readonly unknown[]): number {
  return shapes.reduce<number>((sum, shape) => {
    const [kind, length] = Array.isArray(shape) ? (shape as unknown[]) : [];
    const sound = Object.hasOwn(kinds, String(kind)) && Number.isSafeInteger(length) && Number(length) >= 0;
    return sum + (sound ? Number(length) * kinds[kind as Kind].BYTES_PER_ELEMENT : Number.NaN);
  }, 0);
}

/** Zeros. */
export const arrayOf = ([kind, length]: Shape): Typed => new kinds[kind as Kind](length);

const isShared = ({ buffer }: Typed): boolean => buffer instanceof SharedArrayBuffer;

/** A copy of an array at a place in memory, which may overlap its own. @param at bytes, a multiple of 8 */
export function copyAt<Array extends Typed>(array: Array, memory: ArrayBufferLike, at: number): Array {
  new Uint8Array(memory, at, array.byteLength).set(bytesOf(array));
  const kind = kinds[array[Symbol.toStringTag]] as new (of: ArrayBufferLike, at: number, length: number) => Typed;
  return new kind(memory, at, array.length) as Array;
}

/** Bytes that {@link copyAt} takes, to where the next one may begin. */
export const roomFor = ({ byteLength }: Pick<Typed, 'byteLength'>): number => Math.ceil(byteLength / 8) * 8;

/**
 * A copy whose typed arrays lie in memory that threads share, those that did before in the same: sent to any number of them, it is there once. Nobody
 * may change it.
 */
export function shared(value: unknown): unknown {
  const { frame, arrays } = apart(value);
  const others = arrays.filter((array) => !isShared(array));
  const memory = new SharedArrayBuffer(others.reduce((sum, array) => sum + roomFor(array), 0));
  let end = 0;
  const copied = (array: Typed): Typed => {
    const at = end;
    end += roomFor(array);
    return copyAt(array, memory, at);
  };
  return together({ frame, arrays: arrays.map((array) => (isShared(array) ? array : copied(array))) });
}
