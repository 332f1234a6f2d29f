/**
 * The values of a column as they were read. Numbers are typed arrays; where some have no value they are a Float64Array with NaN in
 * their place. Texts and booleans with no value are null.
 */
export type ColumnValues =
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | readonly (string | null)[]
  | readonly (boolean | null)[];

/** Some rows of a table, column by column. */
export interface ColumnChunk {
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnValues>>;
}

const kept = [Int32Array, BigInt64Array, Float32Array, Float64Array] as const;

type NumericColumn = Int32Array | BigInt64Array | Float32Array | Float64Array;

const isKept = (values: unknown): values is NumericColumn => kept.some((kind) => values instanceof kind);

const largestInt64 = 2n ** 63n - 1n;

const isNone = (value: unknown): value is null | undefined => value === null || value === undefined;

/**
 * Brings what a decoder gives to one of the {@link ColumnValues}; undefined for values of other kinds (dates, lists, structures). Unsigned
 * integers that no BigInt64Array holds become doubles, all of them.
 */
export function columnValues(values: ArrayLike<unknown>): ColumnValues | undefined {
  if (isKept(values)) return values;
  if (ArrayBuffer.isView(values)) return Float64Array.from(values as ArrayLike<number | bigint>, Number);
  const list = values as readonly unknown[];
  const first = list.find((value) => !isNone(value));
  const all = (type: string): boolean => list.every((value) => isNone(value) || typeof value === type);
  if (first === undefined) return new Float64Array(list.length).fill(NaN);
  if (typeof first === 'bigint' && list.every((value) => typeof value === 'bigint' && value <= largestInt64))
    return BigInt64Array.from(list as bigint[]);
  if ((typeof first === 'number' && all('number')) || (typeof first === 'bigint' && all('bigint'))) {
    return Float64Array.from(list, (value) => (isNone(value) ? NaN : Number(value)));
  }
  if (typeof first === 'string' && all('string'))
    return list.map((value) => (value as string | null | undefined) ?? null);
  if (typeof first === 'boolean' && all('boolean'))
    return list.map((value) => (value as boolean | null | undefined) ?? null);
  return undefined;
}

/** Chunks of one column as one; numbers of different types become Float64Array. Where others hold texts or booleans, numbers are a chunk without any: nulls. */
export function joined(chunks: readonly ColumnValues[]): ColumnValues {
  const [first] = chunks;
  if (first === undefined) return new Float64Array(0);
  if (chunks.length === 1) return first;
  if (!chunks.every(isKept))
    return chunks.flatMap(
      (chunk) => (isKept(chunk) ? new Array<null>(chunk.length).fill(null) : chunk) as (string | null)[],
    );
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const same = chunks.every((chunk) => chunk.constructor === first.constructor);
  const whole = same
    ? new (first!.constructor as new (length: number) => Float64Array)(length)
    : new Float64Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set((same ? chunk : Float64Array.from(chunk as ArrayLike<number>, Number)) as Float64Array, at);
    at += chunk.length;
  }
  return whole;
}
