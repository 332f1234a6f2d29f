import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SchemaError } from '../error.ts';
import { packageRoot } from './package-root.ts';

export type FieldType = 'int32' | 'int64' | 'float32' | 'float64' | 'bool' | 'utf8';

/** One column of a table, as `schemas/<table>.json` defines it. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Physical unit or kind of count; '1' for dimensionless numbers. */
  readonly unit: string;
  readonly doc: string;
  /** True where a row may have no value. */
  readonly nullable?: boolean;
}

/** A table's definition: language-neutral, versioned. */
export interface TableSchema {
  readonly name: string;
  readonly version: number;
  readonly doc: string;
  readonly fields: readonly Field[];
}

const fieldTypes: readonly string[] = ['int32', 'int64', 'float32', 'float64', 'bool', 'utf8'] satisfies FieldType[];

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * Holds a table definition against its own rules: snake_case names, known types, a unit and a doc everywhere, no name twice.
 * @throws SchemaError naming what is wrong
 */
export function checkTableSchema(name: string, value: unknown): TableSchema {
  const wrong = (what: string): never => {
    throw new SchemaError(`table definition '${name}' ${what}`);
  };
  const { name: own, version, doc, fields } = (value ?? {}) as Partial<TableSchema>;
  if (own !== name || !/^[a-z][a-z0-9_]*$/.test(name)) wrong(`must carry its own name in snake_case, got '${own}'`);
  if (!Number.isInteger(version) || Number(version) < 1) wrong(`must have a positive integer version, got ${version}`);
  if (!isText(doc)) wrong('must have a doc');
  if (!Array.isArray(fields) || fields.length === 0) return wrong('must have at least one field');
  const seen = new Set<string>();
  for (const field of fields as Partial<Field>[]) {
    const { name: column, type, unit, doc, nullable } = field;
    if (!isText(column) || !/^[a-z][a-z0-9_]*$/.test(column))
      return wrong(`must name columns in snake_case, got '${column}'`);
    if (seen.has(column)) wrong(`has column '${column}' twice`);
    seen.add(column);
    if (!fieldTypes.includes(type ?? '')) wrong(`column '${column}' must be ${fieldTypes.join(', ')}, got '${type}'`);
    if (!isText(unit) || !isText(doc)) wrong(`column '${column}' must have a unit and a doc`);
    if (nullable !== undefined && typeof nullable !== 'boolean')
      wrong(`column '${column}' must have nullable true or false`);
  }
  return value as TableSchema;
}

const folder = join(packageRoot, 'schemas');
const known = new Map<string, TableSchema>();

/** Names of all tables, sorted. */
export function tableNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/**
 * The definition of a table.
 * @throws SchemaError where there is no such table
 */
export function tableSchema(name: string): TableSchema {
  let schema = known.get(name);
  if (schema === undefined) {
    if (!tableNames().includes(name)) {
      throw new SchemaError(`unknown table '${name}'; known tables: ${tableNames().join(', ')}`);
    }
    schema = checkTableSchema(name, JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
    known.set(name, schema);
  }
  return schema;
}

/** Column names of a table, in order. */
export function fieldNames(table: string): string[] {
  return tableSchema(table).fields.map((field) => field.name);
}
