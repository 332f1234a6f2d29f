/**
 * A copy of a reducer's state, as `structuredClone` makes one, in a fraction of its time for what states are made of: numbers, typed arrays,
 * arrays, maps and plain objects. Anything else is left to `structuredClone`.
 * @param spare a state that nobody reads any more, each of whose typed arrays is all that lies in its memory: it is taken for the copy where it is
 * long enough, as fresh memory costs more than what is copied into it
 */
export function copyState<State>(state: State, spare?: State): State {
  return copied(state, spare, new Map()) as State;
}

type TypedArray = Float64Array | Float32Array | Int32Array;
type ArrayOf = new (buffer: ArrayBufferLike, offset: number, length: number) => TypedArray;

const isTyped = (value: unknown): value is TypedArray =>
  value instanceof Float64Array || value instanceof Float32Array || value instanceof Int32Array;

function copiedArray(value: TypedArray, spare: unknown, seen: Map<object, object>): TypedArray {
  if (!isTyped(spare) || spare.constructor !== value.constructor || spare.byteOffset > 0) return value.slice();
  const { buffer } = spare;
  if (buffer.byteLength < value.byteLength || seen.has(buffer)) return value.slice();
  seen.set(buffer, buffer);
  const copy = spare.length === value.length ? spare : new (value.constructor as ArrayOf)(buffer, 0, value.length);
  copy.set(value);
  return copy;
}

/** @param seen copies by their originals: what stands at two places still is one thing; and spare arrays that are taken */
function copied(value: unknown, spare: unknown, seen: Map<object, object>): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? structuredClone(value) : value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const keep = <T extends object>(copy: T): T => {
    seen.set(value, copy);
    return copy;
  };
  if (isTyped(value)) return keep(copiedArray(value, spare, seen));
  if (Array.isArray(value)) {
    const copy = keep<unknown[]>([]);
    for (const item of value) copy.push(copied(item, undefined, seen));
    return copy;
  }
  if (value instanceof Map) {
    const copy = keep(new Map<unknown, unknown>());
    for (const [key, item] of value) copy.set(copied(key, undefined, seen), copied(item, undefined, seen));
    return copy;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return keep(structuredClone(value));
  const copy = keep<Record<string, unknown>>({});
  const other = (spare ?? {}) as Record<string, unknown>;
  for (const key of Object.keys(value)) copy[key] = copied((value as Record<string, unknown>)[key], other[key], seen);
  return copy;
}
