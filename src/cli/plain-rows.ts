import { access, constants, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { ParameterError, StoreError } from '../error.ts';
import { replaceFile } from '../report/replace-file.ts';
import type { Row } from '../schema/rows.ts';
import { tableSchema } from '../schema/table.ts';
import { storeError } from '../store/file.ts';

/** JSON knows no infinities: "Infinity" and "-Infinity" as texts, null for what is not a number. */
export function jsonOf(value: unknown): string {
  const replace = (_key: string, part: unknown): unknown =>
    typeof part === 'number' && !Number.isFinite(part) ? (Number.isNaN(part) ? null : String(part)) : part;
  return JSON.stringify(value, replace, 2);
}

const quoted = (value: unknown): string => {
  const text = String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Rows of a table as comma-separated values with a header line, in the order of its columns. */
export function csvOf(table: string, rows: readonly Row[]): string {
  const names = tableSchema(table).fields.map((field) => field.name);
  const lines = rows.map((row) => names.map((name) => quoted(row[name])).join(','));
  return `${[names.join(','), ...lines].join('\n')}\n`;
}

const formats = ['.parquet', '.csv', '.json'];

/**
 * Refuses a file that can't be written before what goes into it has been computed. Nothing is written.
 * @throws StoreError where its folder isn't there, or this process may not write
 */
export async function checkWritable(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  try {
    await access(there === undefined ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    throw storeError('write', path, error);
  }
  if (there?.isDirectory() === true) throw new StoreError(`cannot write ${path}: it is a folder`);
}

/** @throws ParameterError where the file's name doesn't say a format that is known */
export function checkTablePath(name: string, path: string): void {
  if (!formats.includes(extname(path))) {
    throw new ParameterError(`${name} must end in ${formats.join(', ')}, got ${path}`);
  }
}

/**
 * Writes rows of a table to a file, in the format that its name ends in: .parquet, .csv or .json.
 * @throws StoreError where the file can't be written
 */
export async function writeRows(path: string, table: string, rows: readonly Row[]): Promise<void> {
  if (extname(path) === '.parquet') {
    const { writeTable } = await import('../store/write-table.ts');
    await writeTable(path, table, rows);
    return;
  }
  const text = extname(path) === '.csv' ? csvOf(table, rows) : `${jsonOf(rows)}\n`;
  await replaceFile(path, text);
}
