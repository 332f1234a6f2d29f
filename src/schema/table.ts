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
    schema = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as TableSchema;
    known.set(name, schema);
  }
  return schema;
}
