import { type Field, type FieldType, shippedTables, type TableSchema, tableSchema } from './table.ts';

const valueTypes: Record<FieldType, string> = {
  int32: 'number',
  // Counts and numbers of things: a run has less than 2^53 of any.
  int64: 'number',
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

function rowType({ name, doc, fields }: TableSchema): string {
  const values = fields.map((field) => {
    const type = valueTypes[field.type];
    const value = field.nullable === true ? `?: ${type} | null | undefined` : `: ${type}`;
    return `  ${fieldDoc(field)}\n  readonly ${field.name}${value};`;
  });
  // A type, not an interface: it can then stand where any columns will do, as in figures.
  return [comment(doc), `export type ${typeName(name)}Row = {`, ...values, '};', ''].join('\n');
}

/** TypeScript source with the type of a row of each table of `schemas/`. */
export function generateColumnTypes(): string {
  const names = shippedTables();
  return [
    '// Written by `npm run schemas` from schemas/*.json: change those.',
    '',
    ...names.map((name) => rowType(tableSchema(name))),
    comment('A row of every table, by its name.'),
    `export interface TableRows {\n${names.map((name) => `  readonly ${name}: ${typeName(name)}Row;`).join('\n')}\n}`,
    '',
    comment('Name of a table of `schemas/`.'),
    'export type TableName = keyof TableRows;',
    '',
  ].join('\n');
}
