import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { didYouMean, SchemaError } from '../error.ts';
import { packageRoot } from './package-root.ts';

/** Type of a column. */
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
const shipped = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));
const known = new Map<string, TableSchema>();

/** Whether a table is one of `schemas/`, and not a pipeline's own. */
export const isShipped = (name: string): boolean => shipped.includes(name);

/** Names of the tables of `schemas/`, sorted. */
export const shippedTables = (): string[] => shipped.toSorted();

/** Names of all tables, those of `schemas/` and those that were defined besides, sorted. */
export function tableNames(): string[] {
  return [...new Set([...shipped, ...known.keys()])].sort();
}

/** What holds a value of each type of columns. */
export interface Values {
  readonly int32: number;
  readonly int64: number;
  readonly float32: number;
  readonly float64: number;
  readonly bool: boolean;
  readonly utf8: string;
}

/** A row of a table, from its definition. */
export type RowOf<S extends TableSchema> = {
  readonly [F in S['fields'][number] as F extends { nullable: true } ? never : F['name']]: Values[F['type']];
} & {
  readonly [F in S['fields'][number] as F extends { nullable: true } ? F['name'] : never]?:
    | Values[F['type']]
    | null
    | undefined;
};

/**
 * Defines a table of one's own beside those of `schemas/`, for a pipeline to declare in `tables` or `records`.
 * @throws SchemaError for a definition that breaks a rule, or the name of another table
 * @example
 * const moment = defineTable({
 *   name: 'moment',
 *   version: 1,
 *   doc: 'Moments of the sizes.',
 *   fields: [
 *     { name: 'order', type: 'int32', unit: '1', doc: 'Order of the moment.' },
 *     { name: 'value', type: 'float64', unit: '1', doc: 'Its value.' },
 *   ],
 * });
 */
export function defineTable<const S extends TableSchema>(schema: S): S {
  checkTableSchema(schema.name, schema);
  const before = tableNames().includes(schema.name) ? tableSchema(schema.name) : undefined;
  // A module may be loaded twice, as itself and as what a run folder names.
  if (before !== undefined && !isDeepStrictEqual(before, schema)) {
    throw new SchemaError(`there is a table '${schema.name}' already, with another definition: choose another name`);
  }
  known.set(schema.name, schema);
  return schema;
}

/**
 * The definition of a table.
 * @throws SchemaError where there is no such table
 */
export function tableSchema(name: string): TableSchema {
  let schema = known.get(name);
  if (schema === undefined) {
    if (!tableNames().includes(name)) {
      throw new SchemaError(
        `unknown table '${name}'${didYouMean(name, tableNames()) || `; known tables: ${tableNames().join(', ')}`}`,
      );
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
