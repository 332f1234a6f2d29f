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

/** Puts arrays back to where their numbers are. */
function filled(value: unknown, arrays: readonly Typed[], seen: Set<object>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Number) return value.valueOf();
  if (isTyped(value)) return arrays[Number(value[0])];
  if (seen.has(value)) return value;
  seen.add(value);
  if (Array.isArray(value))
    value.forEach((item, i) => {
      value[i] = filled(item, arrays, seen);
    });
  else if (value instanceof Map) for (const [key, item] of value) value.set(key, filled(item, arrays, seen));
  else if (isRecord(value)) for (const key of Object.keys(value)) value[key] = filled(value[key], arrays, seen);
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
export const together = ({ frame, arrays }: Apart): unknown => filled(deserialize(frame), arrays, new Set());

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

/** A copy whose typed arrays lie in memory that threads share: sent to any number of them, it is there once. Nobody may change it. */
export function shared(value: unknown): unknown {
  const { frame, arrays } = apart(value);
  const places: number[] = [];
  let end = 0;
  for (const { byteLength } of arrays) {
    places.push(end);
    end += Math.ceil(byteLength / 8) * 8;
  }
  const memory = new SharedArrayBuffer(end);
  const copies = arrays.map((array, i) => {
    new Uint8Array(memory, places[i], array.byteLength).set(bytesOf(array));
    const kind = kinds[array[Symbol.toStringTag]] as new (of: ArrayBufferLike, at?: number, length?: number) => Typed;
    return new kind(memory, places[i], array.length);
  });
  return together({ frame, arrays: copies });
}
