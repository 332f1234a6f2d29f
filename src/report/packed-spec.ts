import type { ColumnarValues, PackedSpec } from './page-data.ts';

const digits = 6;

/** Takes long data out of compiled specifications and keeps each once, by columns, numbers to six digits. */
export class SpecPacker {
  readonly values: ColumnarValues[] = [];
  readonly #known = new Map<string, number>();

  pack(compiled: object): PackedSpec {
    const spec = compiled as Readonly<Record<string, unknown>>;
    const sets = (spec.data ?? []) as readonly { readonly name: string; readonly values?: unknown }[];
    const data = sets.map((set) => {
      const columns = columnsOf(set.values);
      if (columns === undefined) return set;
      const key = JSON.stringify(columns);
      let shared = this.#known.get(key);
      if (shared === undefined) {
        shared = this.values.push(columns) - 1;
        this.#known.set(key, shared);
      }
      return { ...set, values: undefined, shared };
    });
    return { spec: { ...spec, data } };
  }
}

const short = (value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(digits)) : value;

/** Rows of one form by columns; undefined where rows differ in form. */
function columnsOf(values: unknown): ColumnarValues | undefined {
  if (!Array.isArray(values) || values.length === 0) return undefined;
  const [first] = values as object[];
  if (typeof first !== 'object' || first === null) return undefined;
  const names = Object.keys(first);
  const same = (row: object): boolean => {
    const own = Object.keys(row);
    return own.length === names.length && names.every((name) => Object.hasOwn(row, name));
  };
  if (!(values as object[]).every((row) => typeof row === 'object' && row !== null && same(row))) return undefined;
  return {
    names,
    columns: names.map((name) => (values as Record<string, unknown>[]).map((row) => short(row[name]))),
  };
}
