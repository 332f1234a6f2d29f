import { readFileSync } from 'node:fs';

/** A column of a small input whose right values are known; the first one by default. */
export function caseColumn(file: string, column = 0): Float64Array {
  const text = readFileSync(new URL(`../fixtures/cases/${file}`, import.meta.url), 'utf8');
  const [, ...rows] = text.trim().split(/\r?\n/);
  return Float64Array.from(rows, (row) => Number(row.split(',')[column]));
}
