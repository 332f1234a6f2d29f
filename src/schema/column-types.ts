import { type Field, type FieldType, type TableSchema, tableNames, tableSchema } from './table.ts';

const columnTypes: Record<FieldType, string> = {
  int32: 'Int32Array',
  int64: 'BigInt64Array',
  float32: 'Float32Array',
  float64: 'Float64Array',
  bool: 'Uint8Array',
  utf8: 'readonly string[]',
};

const valueTypes: Record<FieldType, string> = {
  int32: 'number',
  int64: 'number | bigint',
  float32: 'number',
  float64: 'number',
  bool: 'boolean',
  utf8: 'string',
};

const typeName = (table: string): string =>
  table
    .split('_')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('');

const comment = (text: string): string => `/** ${text.replaceAll('*/', '*\\/')} */`;

function fieldDoc({ type, unit, doc }: Field): string {
  return comment(unit === '1' || unit === 'name' ? `${type}. ${doc}` : `${type}, ${unit}. ${doc}`);
}

function interfaces({ name, doc, fields }: TableSchema): string {
  const columns = fields.map((field) => `  ${fieldDoc(field)}\n  readonly ${field.name}: ${columnTypes[field.type]};`);
  const values = fields.map((field) => {
    const type = valueTypes[field.type];
    return field.nullable === true
      ? `  readonly ${field.name}?: ${type} | null | undefined;`
      : `  readonly ${field.name}: ${type};`;
  });
  return [
    comment(doc),
    `export interface ${typeName(name)}Columns {`,
    ...columns,
    '}',
    '',
    comment(`One row of table \`${name}\`; columns as in {@link ${typeName(name)}Columns}.`),
    `export interface ${typeName(name)}Row {`,
    ...values,
    '}',
    '',
  ].join('\n');
}

/** TypeScript source with two interfaces for each table of `schemas/`, one of columns and one of a row. */
export function generateColumnTypes(): string {
  const names = tableNames();
  const map = (suffix: string): string =>
    names.map((name) => `  readonly ${name}: ${typeName(name)}${suffix};`).join('\n');
  return [
    '// Written by `npm run schemas` from schemas/*.json: change those.',
    '',
    ...names.map((name) => interfaces(tableSchema(name))),
    comment('Columns of every table, by its name; booleans are bitmaps (bit i of byte i >> 3).'),
    `export interface TableColumns {\n${map('Columns')}\n}`,
    '',
    comment('A row of every table, by its name.'),
    `export interface TableRows {\n${map('Row')}\n}`,
    '',
    'export type TableName = keyof TableRows;',
    '',
  ].join('\n');
}
