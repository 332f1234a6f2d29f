import type { RecordBatch } from 'apache-arrow';
import { tableOf } from '../schema/batch.ts';

/** Rows of a table, as batches of it held them. */
interface Rows {
  readonly names: readonly string[];
  readonly rows: (readonly unknown[])[];
}

/** Rows by the table that their batches say they are of. */
export type RowsByTable = ReadonlyMap<string, Rows>;

const plain = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && Symbol.iterator in value ? [...(value as Iterable<unknown>)] : value;

/** All rows of batches, wherever these are cut. */
export function rowsOf(batches: readonly RecordBatch[]): RowsByTable {
  const tables = new Map<string, Rows>();
  for (const batch of batches) {
    const names = batch.schema.fields.map(({ name }) => name);
    const key = tableOf(batch) ?? 'without a name';
    const table = tables.get(key) ?? { names, rows: [] };
    tables.set(key, table);
    const columns = names.map((_, at) => batch.getChildAt(at)!);
    for (let i = 0; i < batch.numRows; i++) table.rows.push(columns.map((column) => plain(column.get(i))));
  }
  return tables;
}

/** Rows of tables that say which perturbation each is of, by its number: partitions of any size have the same. */
export function byPerturbation(tables: RowsByTable): RowsByTable {
  const sorted = new Map<string, Rows>();
  for (const [name, { names, rows }] of tables) {
    const at = names.indexOf('perturbation');
    if (at < 0) continue;
    const number = (row: readonly unknown[]): number => Number(row[at]);
    sorted.set(name, { names, rows: rows.toSorted((a, b) => number(a) - number(b)) });
  }
  return sorted;
}

function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, i) => same(each, b[i]));
  return Object.is(a, b);
}

const shown = (value: unknown): string => (Array.isArray(value) ? 'another list' : String(value));

/** Where rows differ first, in words: `table signal, perturbation 3: strength is 0.1, then 0.2`; undefined where they don't. */
export function otherRows(first: RowsByTable, second: RowsByTable): string | undefined {
  for (const name of new Set([...first.keys(), ...second.keys()])) {
    const none: Rows = { names: [], rows: [] };
    const [a, b] = [first.get(name) ?? none, second.get(name) ?? none];
    for (let i = 0; i < Math.min(a.rows.length, b.rows.length); i++) {
      const at = a.names.findIndex((_, column) => !same(a.rows[i]![column], b.rows[i]![column]));
      if (at < 0) continue;
      const id = a.names.indexOf('perturbation');
      if (id >= 0 && a.rows[i]![id] !== b.rows[i]![id])
        return `table ${name}, row ${i} is of perturbation ${String(a.rows[i]![id])}, then of ${String(b.rows[i]![id])}`;
      const place = id < 0 ? `row ${i}` : `perturbation ${String(a.rows[i]![id])}`;
      return `table ${name}, ${place}: ${a.names[at]} is ${shown(a.rows[i]![at])}, then ${shown(b.rows[i]![at])}`;
    }
    if (a.rows.length !== b.rows.length) return `table ${name} has ${a.rows.length} rows, then ${b.rows.length}`;
  }
  return undefined;
}
