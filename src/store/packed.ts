import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { constants, deflateRaw, inflateRawSync } from 'node:zlib';

const deflated = promisify(deflateRaw);

/** A structured-cloneable value put away, see {@link pack}. */
export interface Packed {
  /** The value as V8 serialises it, with the number of an array in place of each typed array. */
  readonly frame: Uint8Array;
  /** Kind and length of each array. */
  readonly arrays: readonly (readonly [kind: string, length: number])[];
  /** Bytes of all arrays, one after the other, so many at a time, deflated. */
  readonly pieces: readonly Uint8Array[];
}

/** Bytes that are worth it: a stream of zlib takes as much itself. */
const worthIt = 65_536;
/** Bytes that are deflated together. As one, a state took a buffer of its own size: large ones that come and go leave holes in the heap. */
const pieceBytes = 524_288;

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
type Typed = InstanceType<(typeof kinds)[Kind]>;

const isTyped = (value: unknown): value is Typed => ArrayBuffer.isView(value) && !(value instanceof DataView);
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
/** What structured cloning takes for a plain object, instances of classes too. */
const isRecord = (value: object): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === '[object Object]';

/** A copy with the number of each typed array in its place, an array of one: there are no others in it, so that none can be taken for it. */
function framed(value: unknown, arrays: Typed[], seen: Map<object, object>): unknown {
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

/**
 * Puts a structured-cloneable value away: states of reducers are mostly zeros in typed arrays, and a twentieth of them is left. Undefined where it
 * is too small for that. It must not change before this resolves.
 */
export async function pack(value: unknown): Promise<Packed | undefined> {
  const found: Typed[] = [];
  const skeleton = framed(value, found, new Map());
  const all = found.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (all < worthIt) return undefined;
  const piece = new Uint8Array(Math.min(all, pieceBytes));
  const pieces: Uint8Array[] = [];
  let held = 0;
  const put = async (): Promise<void> => {
    // A copy that is as long as what is in it: what zlib gives is a view of more.
    pieces.push(Uint8Array.from(await deflated(piece.subarray(0, held), { level: constants.Z_BEST_SPEED })));
    held = 0;
  };
  for (const array of found) {
    const bytes = bytesOf(array);
    for (let from = 0; from < bytes.length; ) {
      const taken = Math.min(bytes.length - from, piece.length - held);
      piece.set(bytes.subarray(from, from + taken), held);
      from += taken;
      held += taken;
      if (held === piece.length) await put();
    }
  }
  if (held > 0) await put();
  const arrays = found.map((array) => [array[Symbol.toStringTag], array.length] as const);
  return { frame: Uint8Array.from(serialize(skeleton)), arrays, pieces };
}

/** Whether something that was read is what {@link pack} makes: arrays of kinds that there are, no more of them than what is packed can hold. */
export function isPacked(value: unknown): value is Packed {
  const { frame, arrays, pieces } = (value ?? {}) as Partial<Record<keyof Packed, unknown>>;
  if (!(frame instanceof Uint8Array && Array.isArray(arrays) && Array.isArray(pieces))) return false;
  const sizes = arrays.map((entry: unknown) => {
    const [kind, length] = Array.isArray(entry) ? (entry as unknown[]) : [];
    const sound = Object.hasOwn(kinds, String(kind)) && Number.isSafeInteger(length) && Number(length) >= 0;
    return sound ? Number(length) * kinds[kind as Kind].BYTES_PER_ELEMENT : Number.NaN;
  });
  const all = sizes.reduce((sum, bytes) => sum + bytes, 0);
  return all <= pieces.length * pieceBytes && pieces.every((piece) => piece instanceof Uint8Array);
}

/** What was packed, to the last bit. */
export function unpack({ frame, arrays, pieces }: Packed): unknown {
  const made = arrays.map(([kind, length]): Typed => new kinds[kind as Kind](length));
  let next = 0;
  let into: Uint8Array = new Uint8Array(0);
  for (const piece of pieces) {
    const bytes = inflateRawSync(piece, { chunkSize: pieceBytes });
    for (let from = 0; from < bytes.length; ) {
      while (into.length === 0) into = bytesOf(made[next++]!);
      const taken = Math.min(bytes.length - from, into.length);
      into.set(bytes.subarray(from, from + taken));
      into = into.subarray(taken);
      from += taken;
    }
  }
  return filled(deserialize(frame), made, new Set());
}
