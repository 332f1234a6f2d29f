import * as arrow from 'apache-arrow';
import { SchemaError } from '../error.ts';
import { arrowSchema } from './batch.ts';
import { fieldNames } from './table.ts';

/**
 * Where the columns of a table stand in a batch. Further columns are allowed and may stand anywhere.
 * @returns for each column of the table, its position in the batch
 * @throws SchemaError where a column is missing, has another type, or has no value where the table needs one
 */
export function checkBatch(table: string, batch: arrow.RecordBatch): number[] {
  return arrowSchema(table).fields.map((field) => {
    const at = batch.schema.fields.findIndex(({ name }) => name === field.name);
    const found = batch.schema.fields[at];
    if (found === undefined) {
      const has = batch.schema.fields.map(({ name }) => name).join(', ') || 'none';
      throw new SchemaError(
        `a batch for table '${table}' has no column '${field.name}'; its columns are ${has}, expected ${fieldNames(table).join(', ')}`,
      );
    }
    // By their names: a type that was read from a stream is of another class than one that was made.
    if (String(field.type) !== String(found.type)) {
      throw new SchemaError(`column '${field.name}' of table '${table}' must be ${field.type}, got ${found.type}`);
    }
    const nulls = batch.data.children[at]!.nullCount;
    if (!field.nullable && nulls > 0) {
      throw new SchemaError(
        `column '${field.name}' of table '${table}' must have a value in every row, ${nulls} have none`,
      );
    }
    return at;
  });
}

/** The batch with the table's columns only, in the table's order; columns are shared, not copied. */
export function selectTable(table: string, batch: arrow.RecordBatch): arrow.RecordBatch {
  const schema = arrowSchema(table);
  const children = checkBatch(table, batch).map((at) => batch.data.children[at]!);
  const type = new arrow.Struct(schema.fields);
  return new arrow.RecordBatch(schema, arrow.makeData({ type, length: batch.numRows, nullCount: 0, children }));
}
