/** One row of a table, as hyparquet, DuckDB or a pipeline's `results` give it; from others, int64 columns may be bigint. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows of tables by table name, as `Pipeline.results` returns them. */
export type Tables = Readonly<Record<string, readonly Row[]>>;

/** The rows of a table; none where the table is missing. */
export function rowsOf(tables: Tables, table: string): readonly Row[] {
  return tables[table] ?? [];
}

/** A numeric column of a row; NaN where it is missing, null or no number. */
export function numberOf(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' ? Number(value) : Number.NaN;
}

/** A text column of a row; '' where it is missing or null. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  return value === undefined || value === null ? '' : String(value);
}

/** Rows by the value of a column, groups in order of first appearance. */
export function groupRows(rows: readonly Row[], column: string): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const key = numberOf(row, column);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** An estimate with its standard error, from columns `<name>` and `<name>_error`. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** The estimate in columns `<name>`, `<name>_error` of a row; undefined where there is no finite value. */
export function estimateOf(row: Row | undefined, name: string): Estimate | undefined {
  if (row === undefined) return undefined;
  const value = numberOf(row, name);
  return Number.isFinite(value) ? { value, error: numberOf(row, `${name}_error`) } : undefined;
}
