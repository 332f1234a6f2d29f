import fc from 'fast-check';
import { type FieldType, tableSchema } from '../../src/schema/table.ts';

export type AnyRow = Record<string, unknown>;

const values: Record<FieldType, fc.Arbitrary<unknown>> = {
  int32: fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 0)),
  int64: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.maxSafeInteger(), fc.nat(9)),
  float32: fc.oneof(fc.float(), fc.constantFrom(NaN, -0, Infinity, -Infinity, 1e-45)),
  float64: fc.oneof(fc.double(), fc.constantFrom(NaN, -0, Infinity, -Infinity, 5e-324)),
  bool: fc.boolean(),
  utf8: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'leaky-relu(0.01)', 'σw² ≥ 1 — 𝜎')),
};

/** Rows of a table with any values its columns may hold. */
export function anyRows(table: string): fc.Arbitrary<AnyRow[]> {
  const fields = tableSchema(table).fields.map(({ name, type, nullable }) => {
    const value = values[type];
    return [name, nullable === true ? fc.option(value, { freq: 3 }) : value] as const;
  });
  return fc.array(fc.record(Object.fromEntries(fields)) as fc.Arbitrary<AnyRow>, { maxLength: 40 });
}
