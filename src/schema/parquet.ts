import { type FieldType, type TableSchema, tableSchema } from './table.ts';

/** Physical types of the Parquet format that the tables use. */
export type ParquetType = 'INT32' | 'INT64' | 'FLOAT' | 'DOUBLE' | 'BOOLEAN' | 'BYTE_ARRAY';

/** One column of a table as Parquet defines it. */
export interface ParquetField {
  readonly name: string;
  readonly type: ParquetType;
  /** UTF8 for texts. */
  readonly convertedType?: 'UTF8';
  /** OPTIONAL where a row may have no value, REQUIRED otherwise. */
  readonly repetition: 'REQUIRED' | 'OPTIONAL';
}

const physical: Record<FieldType, ParquetType> = {
  int32: 'INT32',
  int64: 'INT64',
  float32: 'FLOAT',
  float64: 'DOUBLE',
  bool: 'BOOLEAN',
  utf8: 'BYTE_ARRAY',
};

/** The Parquet schema of a table: a flat list of columns. */
export function parquetFields(table: string): ParquetField[] {
  return tableSchema(table).fields.map(({ name, type, nullable }) => ({
    name,
    type: physical[type],
    ...(type === 'utf8' ? { convertedType: 'UTF8' as const } : {}),
    repetition: nullable === true ? 'OPTIONAL' : 'REQUIRED',
  }));
}

const said = new WeakMap<TableSchema, Readonly<Record<string, string>>>();

/** What a Parquet file of the table says of itself: key-value metadata with name, version, doc, and unit and doc of every column. */
export function parquetMetadata(table: string): Readonly<Record<string, string>> {
  const schema = tableSchema(table);
  const before = said.get(schema);
  if (before !== undefined) return before;
  const { name, version, doc, fields } = schema;
  const columns = fields.map(({ name, unit, doc }) => [name, { unit, doc }] as const);
  const metadata = {
    'crackle.table': name,
    'crackle.version': String(version),
    'crackle.doc': doc,
    'crackle.columns': JSON.stringify(Object.fromEntries(columns)),
  };
  said.set(schema, metadata);
  return metadata;
}
