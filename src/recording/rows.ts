import { ParameterError, SchemaError } from '../error.ts';
import type { ColumnValues } from '../store/read/values.ts';
import type { DataSource } from './source.ts';

/** How a condition compares. */
export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** A condition on one column. */
export interface Condition {
  readonly column: string;
  readonly comparison: Comparator;
  readonly value: string;
}

/**
 * Reads `column=value`, `column!=value`, `column<value` and so on.
 * @throws ParameterError for a word that is none of these
 */
export function parseCondition(word: string): Condition {
  const match = /^\s*([^=<>!]+?)\s*(<=|>=|!=|==?|<|>)\s*(.*?)\s*$/.exec(word);
  if (match === null || match[3] === '') {
    throw new ParameterError(`where must be like column=value, with =, !=, <, <=, > or >=, got ${word}`);
  }
  const comparison = (match[2] === '==' ? '=' : match[2]) as Comparator;
  return { column: match[1]!, comparison, value: match[3]! };
}

const holds: Record<Comparator, (a: number | string, b: number | string) => boolean> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** The test of one value of a column that holds what `sample` is. */
function testOf({ column, comparison, value }: Condition, values: ColumnValues): (row: number) => boolean {
  const test = holds[comparison];
  const first = Array.isArray(values) ? values.find((v) => v !== null) : 0;
  if (typeof first === 'boolean') {
    const word = value.toLowerCase();
    if (!['true', 'false', '1', '0'].includes(word) || !['=', '!='].includes(comparison)) {
      throw new ParameterError(`where: column '${column}' is true or false, got ${comparison}${value}`);
    }
    const wanted = word === 'true' || word === '1' ? 'true' : 'false';
    return (row) => test(String(values[row]), wanted);
  }
  if (typeof first === 'string') return (row) => values[row] !== null && test(values[row] as string, value);
  const number = Number(value);
  if (Number.isNaN(number)) throw new ParameterError(`where: column '${column}' holds numbers, got ${value}`);
  return (row) => test(Number(values[row]), number);
}

export interface RowsOptions {
  readonly where: readonly Condition[];
  /** A column that is given as it is, not as numbers. */
  readonly asTheyAre?: string | undefined;
}

/** Rows that hold the conditions, column by column. */
export interface Rows {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Float64Array>>;
  readonly asTheyAre: ArrayLike<unknown> | undefined;
}

/** What reading came to; filled while rows are read. */
export interface RowCounts {
  /** Rows in the table. */
  read: number;
  /** Rows that hold the conditions. */
  kept: number;
  /** Rows left out because their column `censored` is true. */
  censored: number;
}

const isNumeric = (values: ColumnValues): values is Exclude<ColumnValues, readonly unknown[]> =>
  ArrayBuffer.isView(values);

/** What texts a column holds, by the first that is no number. */
function textsOf(values: readonly unknown[]): string {
  const odd = values.find((value) => typeof value === 'string' && !Number.isFinite(Number(value)));
  if (typeof odd !== 'string') return 'texts';
  const shown = odd.length > 30 ? `${odd.slice(0, 30)}…` : odd;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal must not be sent
  return `texts, such as '${shown.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·')}'`;
}

function numbersOf(source: DataSource, name: string, values: ColumnValues): Float64Array {
  if (!isNumeric(values)) {
    const kind = typeof values.find((value) => value !== null) === 'boolean' ? 'true and false' : textsOf(values);
    throw new SchemaError(`column '${name}' of ${source.name} holds ${kind}, expected numbers`);
  }
  return values instanceof Float64Array ? values : Float64Array.from(values as ArrayLike<number>, Number);
}

/**
 * Reads columns as numbers, chunk by chunk. Rows whose column `censored` (true or false) is true are left out, unless a condition
 * speaks of that column.
 * @throws SchemaError for a column that is missing or holds no numbers
 */
export async function* readRows(
  source: DataSource,
  names: readonly string[],
  { where, asTheyAre }: RowsOptions,
  counts: RowCounts,
): AsyncGenerator<Rows> {
  const conditions = [...where];
  const implied = source.columns.includes('censored') && !where.some(({ column }) => column === 'censored');
  const others = [...conditions.map(({ column }) => column), ...(asTheyAre === undefined ? [] : [asTheyAre])];
  const wanted = [...new Set([...names, ...others, ...(implied ? ['censored'] : [])])];
  for (const name of wanted) {
    if (!source.columns.includes(name)) {
      const what = source.unreadable?.get(name);
      if (what !== undefined) {
        throw new SchemaError(`column '${name}' of ${source.name} holds ${what}, expected numbers`);
      }
      throw new SchemaError(
        `${source.name} has no column '${name}'; its columns are ${source.columns.map((c) => c.trim() || "''").join(', ')}`,
      );
    }
  }
  for await (const { rows, columns } of source.chunks(wanted)) {
    counts.read += rows;
    let kept: Uint32Array | undefined;
    const tests = conditions.map((condition) => testOf(condition, columns[condition.column]!));
    const flags = implied ? columns.censored! : undefined;
    if (tests.length > 0 || (flags !== undefined && !isNumeric(flags))) {
      const list = new Uint32Array(rows);
      let n = 0;
      for (let row = 0; row < rows; row++) {
        if (!tests.every((test) => test(row))) continue;
        if (flags !== undefined && flags[row] === true) counts.censored++;
        else list[n++] = row;
      }
      if (n < rows) kept = list.subarray(0, n);
    }
    const given: Record<string, Float64Array> = {};
    for (const name of names) {
      const numbers = numbersOf(source, name, columns[name]!);
      given[name] = kept === undefined ? numbers : Float64Array.from(kept, (row) => numbers[row]!);
    }
    const plain = asTheyAre === undefined ? undefined : columns[asTheyAre]!;
    counts.kept += kept?.length ?? rows;
    yield {
      rows: kept?.length ?? rows,
      columns: given,
      asTheyAre: kept === undefined || plain === undefined ? plain : Array.from(kept, (row) => plain[row]),
    };
  }
}
