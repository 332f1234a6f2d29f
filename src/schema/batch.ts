import * as arrow from 'apache-arrow';
import { SchemaError } from '../error.ts';
import type { TableName } from './columns.ts';
import { type FieldType, fieldNames, isShipped, tableSchema } from './table.ts';

const types: Record<FieldType, () => arrow.DataType> = {
  int32: () => new arrow.Int32(),
  int64: () => new arrow.Int64(),
  float32: () => new arrow.Float32(),
  float64: () => new arrow.Float64(),
  bool: () => new arrow.Bool(),
  utf8: () => new arrow.Utf8(),
};

/**
 * A schema that stays itself where its own fields are assigned to it, as every batch that is made with it does: a copy for each, with copies of all fields
 * and of what they are described by, was most of the garbage of a partition.
 */
class SteadySchema extends arrow.Schema {
  override assign(
    first: arrow.Schema | arrow.Field | arrow.Field[],
    ...rest: (arrow.Field | arrow.Field[])[]
  ): arrow.Schema {
    const same = Array.isArray(first) && rest.length === 0 && first.length === this.fields.length;
    if (same && this.fields.every((field, at) => field === first[at])) return this;
    return super.assign(first as arrow.Field, ...rest);
  }
}

const schemas = new Map<string, arrow.Schema>();

/**
 * The Arrow schema of a table; unit and doc travel as field metadata, name and version as schema metadata.
 * @throws SchemaError where there is no such table
 */
export function arrowSchema(table: string): arrow.Schema {
  let schema = schemas.get(table);
  if (schema === undefined) {
    const { name, version, doc, fields } = tableSchema(table);
    schema = new SteadySchema(
      fields.map((field) => {
        const metadata = new Map([
          ['unit', field.unit],
          ['doc', field.doc],
        ]);
        return new arrow.Field(field.name, types[field.type](), field.nullable ?? false, metadata);
      }),
      new Map([
        ['table', name],
        ['version', String(version)],
        ['doc', doc],
      ]),
    );
    schemas.set(table, schema);
  }
  return schema;
}

declare const ofTable: unique symbol;

/**
 * A record batch of a table of `schemas/`, for the compiler alone: a stage that takes batches of one table is refused behind one that gives
 * another's. Without a name, and as a plain `RecordBatch`, it is of any: what takes and gives those may stand anywhere.
 */
// biome-ignore lint/suspicious/noExplicitAny: of any table, which fits wherever a certain one is wanted
export type Batch<Table extends TableName = any> = arrow.RecordBatch & { readonly [ofTable]?: Table };

/** A batch as it is made by the name of its table: tables of one's own go where any may go. */
export type BatchOf<Table extends string> = Table extends TableName ? Batch<Table> : arrow.RecordBatch;

/** A column of numbers as it lies in memory. */
export type NumericColumn = Int32Array | BigInt64Array | Float32Array | Float64Array;

/** Columns by name; booleans as an Arrow bitmap (bit i of byte i >> 3). */
export type Columns = Record<string, NumericColumn | Uint8Array>;

const arrays = {
  int32: Int32Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
  bool: Uint8Array,
} as const;

/** The values of a column, held against the table's definition. */
function checked(table: string, columns: Columns, name: string, type: FieldType, length: number): Columns[string] {
  const values = columns[name];
  if (values === undefined) {
    throw new SchemaError(`table '${table}' needs column '${name}'; its columns are ${fieldNames(table).join(', ')}`);
  }
  if (type === 'utf8' || !(values instanceof arrays[type])) {
    const expected = type === 'utf8' ? 'given as rows (it holds text)' : `a ${arrays[type].name}`;
    throw new SchemaError(`column '${name}' of table '${table}' must be ${expected}, got a ${values.constructor.name}`);
  }
  const needed = type === 'bool' ? (length + 7) >> 3 : length;
  if (values.length < needed) {
    throw new SchemaError(`column '${name}' of table '${table}' must hold ${needed} elements, got ${values.length}`);
  }
  return values;
}

/**
 * A record batch of a table over typed arrays, which it aliases (never over WebAssembly memory: a grown memory leaves the column empty).
 * Numeric and boolean columns only; tables with text go through rows.
 * @param length rows
 * @param more columns beyond the table's, appended with their own fields (a `profile`, say)
 * @throws SchemaError for a column that is missing, too short or of another type, naming it
 */
export function makeBatch<const Table extends string>(
  table: Table,
  columns: Columns,
  length: number,
  more: readonly { field: arrow.Field; data: arrow.Data }[] = [],
): BatchOf<Table> {
  const schema = arrowSchema(table);
  const children = tableSchema(table).fields.map(({ name, type }, at) => {
    const data = checked(table, columns, name, type, length);
    return arrow.makeData({ type: schema.fields[at]!.type, length, nullCount: 0, data } as never) as arrow.Data;
  });
  const full = more.reduce((fewer, { field }) => extended(fewer, field), schema);
  const data = arrow.makeData({
    type: new arrow.Struct(full.fields),
    length,
    nullCount: 0,
    children: [...children, ...more.map((m) => m.data)],
  });
  return new arrow.RecordBatch(full, data) as BatchOf<Table>;
}

const extensions = new WeakMap<arrow.Schema, WeakMap<arrow.Field, arrow.Schema>>();

/** A schema with a further field, the same for the same field: making one anew for each batch is what small batches would wait for. */
function extended(schema: arrow.Schema, field: arrow.Field): arrow.Schema {
  const known = extensions.get(schema) ?? new WeakMap<arrow.Field, arrow.Schema>();
  extensions.set(schema, known);
  let longer = known.get(field);
  if (longer === undefined) {
    longer = new SteadySchema([...schema.fields, field], schema.metadata);
    known.set(field, longer);
  }
  return longer;
}

/** The table that a batch says it is of. */
export const tableOf = (batch: arrow.RecordBatch): string | undefined => batch.schema.metadata.get('table');

/**
 * The values of a numeric column, without a copy.
 * @throws SchemaError where the batch has no such column
 */
export function column<T extends NumericColumn>(batch: arrow.RecordBatch, name: string): T {
  const at = batch.schema.fields.findIndex((field) => field.name === name);
  const data = at < 0 ? undefined : batch.data.children[at];
  if (data === undefined) {
    const names = batch.schema.fields.map((field) => field.name).join(', ');
    throw new SchemaError(`a batch has no column '${name}'; it has ${names}`);
  }
  const values = data.values as T;
  return values.length === batch.numRows ? values : (values.subarray(0, batch.numRows) as T);
}

/** What came in place of a batch, in words. */
function shown(value: unknown): string {
  if (value instanceof Promise)
    return 'a promise: a stage before it that awaits something needs concatMap in place of map';
  return typeof value === 'object' && value !== null
    ? `an object of ${value.constructor?.name ?? 'no class'}`
    : String(value);
}

/**
 * Throws unless what came by is a record batch, of whichever copy of Arrow.
 * @throws SchemaError that names who takes it and what came
 */
export function checkIsBatch(taker: string, batch: Partial<arrow.RecordBatch> | undefined): void {
  if (batch?.schema === undefined) throw new SchemaError(`${taker} takes record batches, and got ${shown(batch)}`);
}

/**
 * A batch that a stage takes, if it may: of its table, or of one of a pipeline's own, which has the columns or is told which it lacks.
 * @throws SchemaError that names the stage, what it takes and what came, and what must stand before it
 */
export function taken(stage: string, table: TableName, batch: arrow.RecordBatch): arrow.RecordBatch {
  checkIsBatch(`${stage}()`, batch);
  const found = tableOf(batch);
  if (found === undefined || found === table || !isShipped(found)) return batch;
  const remedy =
    table === 'perturbation'
      ? 'only partition.perturbation$ gives those, so it must stand first'
      : `the stage that makes ${table} batches must stand before it, and none between that makes others of them`;
  throw new SchemaError(`${stage}() takes ${table} batches, and got ${found} batches: ${remedy}`);
}
