import * as arrow from 'apache-arrow';
import { quoted, SchemaError } from '../error.ts';
import { arrowSchema, type BatchOf } from './batch.ts';
import { type Field, type FieldType, fieldNames, tableSchema } from './table.ts';

/** One row of a table as a plain object; a column that may have no value can be null, undefined or left out. */
export type Row = Readonly<Record<string, unknown>>;

/** A number as a column that may have no value takes it: null where there is none, or it is not finite. */
export const orNull = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/**
 * A row of columns that it has in common with others, and of its own. Not `{ ...common, own }`: V8 makes a hidden class for each object of such a
 * literal, which takes ten times as long here and for whoever reads the rows.
 */
export const rowOf = <Common, Own extends object>(common: Common, own: Own): Common & Own =>
  Object.assign({}, common, own);

interface Kind {
  readonly expected: string;
  readonly check: (value: unknown) => boolean;
  readonly allocate: (rows: number) => Int32Array | BigInt64Array | Float32Array | Float64Array | Uint8Array;
}

const isNumber = (value: unknown): boolean => typeof value === 'number';

const isInt64 = (value: unknown): boolean =>
  typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value);

const kinds: Record<FieldType, Kind> = {
  int32: {
    expected: 'a 32-bit integer',
    check: (v) => isNumber(v) && ((v as number) | 0) === v,
    allocate: (n) => new Int32Array(n),
  },
  int64: { expected: 'a 64-bit integer', check: isInt64, allocate: (n) => new BigInt64Array(n) },
  float32: { expected: 'a number', check: isNumber, allocate: (n) => new Float32Array(n) },
  float64: { expected: 'a number', check: isNumber, allocate: (n) => new Float64Array(n) },
  bool: {
    expected: 'true or false',
    check: (v) => typeof v === 'boolean',
    allocate: (n) => new Uint8Array((n + 7) >> 3),
  },
  utf8: { expected: 'a text', check: (v) => typeof v === 'string', allocate: () => new Uint8Array(0) },
};

const setBit = (bits: Uint8Array, at: number): void => {
  bits[at >> 3]! |= 1 << (at & 7);
};

function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

function textData(rows: readonly Row[], name: string): { valueOffsets: Int32Array; data: Uint8Array } {
  const texts = rows.map((row) => Buffer.from((row[name] as string | null | undefined) ?? ''));
  const valueOffsets = new Int32Array(rows.length + 1);
  for (const [i, text] of texts.entries()) valueOffsets[i + 1] = valueOffsets[i]! + text.length;
  return { valueOffsets, data: new Uint8Array(Buffer.concat(texts)) };
}

function columnData(table: string, field: Field, type: arrow.DataType, rows: readonly Row[]): arrow.Data {
  const { expected, check, allocate } = kinds[field.type];
  const length = rows.length;
  const values = allocate(length);
  const nullBitmap = new Uint8Array((length + 7) >> 3);
  let nullCount = 0;
  for (let i = 0; i < length; i++) {
    const value = rows[i]![field.name];
    if (value === undefined || value === null) {
      if (field.nullable !== true) {
        const names = fieldNames(table).join(', ');
        throw new SchemaError(
          `table '${table}' needs column '${field.name}', row ${i} has none; its columns are ${names}`,
        );
      }
      nullCount++;
      continue;
    }
    if (!check(value)) {
      throw new SchemaError(
        `column '${field.name}' of table '${table}' must be ${expected}, got ${shown(value)} in row ${i}`,
      );
    }
    setBit(nullBitmap, i);
    if (field.type === 'bool') {
      if (value === true) setBit(values as Uint8Array, i);
    } else if (field.type === 'int64') {
      (values as BigInt64Array)[i] = BigInt(value as number | bigint);
    } else if (field.type !== 'utf8') {
      (values as Float64Array)[i] = value as number;
    }
  }
  const content = field.type === 'utf8' ? textData(rows, field.name) : { data: values };
  const validity = nullCount > 0 ? { nullBitmap } : {};
  return arrow.makeData({ type, length, nullCount, ...validity, ...content } as never) as arrow.Data;
}

/**
 * A record batch of a table from rows: for small result tables. NaN and infinities are values of their own; null, undefined and
 * a column left out mean no value.
 * @throws SchemaError for a column the table doesn't have, a missing value, or a value of the wrong kind, naming it
 */
export function rowsToBatch<const Table extends string>(table: Table, rows: readonly Row[]): BatchOf<Table> {
  const { fields } = tableSchema(table);
  const schema = arrowSchema(table);
  const names = new Set(fields.map((field) => field.name));
  for (const [i, row] of rows.entries()) {
    for (const name in row) {
      if (!names.has(name)) {
        throw new SchemaError(
          `table '${table}' has no column '${name}' (row ${i}); its columns are ${[...names].join(', ')}`,
        );
      }
    }
  }
  const children = fields.map((field, at) => columnData(table, field, schema.fields[at]!.type, rows));
  const type = new arrow.Struct(schema.fields);
  const data = arrow.makeData({ type, length: rows.length, nullCount: 0, children });
  return new arrow.RecordBatch(schema, data) as BatchOf<Table>;
}
