import { decimal } from '../decimal.ts';
import { ParameterError, SchemaError } from '../error.ts';
import { columnList } from '../store/read/table-file.ts';
import type { ColumnValues } from '../store/read/values.ts';
import type { DataSource } from './source.ts';
import { fromFirstDay, secondsOf } from './times.ts';

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

const isFlag = (text: string): boolean => /^(true|false)$/i.test(text);
const flagOf = (text: string): string => (isFlag(text) ? text.toLowerCase() : text);

/** The test of one value of a column that holds what `sample` is. */
function testOf(
  { column, comparison, value }: Condition,
  values: ColumnValues,
  isTime: boolean,
): (row: number) => boolean {
  const test = holds[comparison];
  if (isTime) {
    const time = secondsOf(value);
    if (time === undefined) throw new ParameterError(`where: column '${column}' holds times, got ${value}`);
    return (row) => test((values as Float64Array)[row]!, time);
  }
  const first = Array.isArray(values) ? values.find((v) => v !== null) : 0;
  if (typeof first === 'boolean') {
    const word = value.toLowerCase();
    if (!['true', 'false', '1', '0'].includes(word) || !['=', '!='].includes(comparison)) {
      throw new ParameterError(`where: column '${column}' is true or false, got ${comparison}${value}`);
    }
    const wanted = word === 'true' || word === '1' ? 'true' : 'false';
    return (row) => test(String(values[row]), wanted);
  }
  if (typeof first === 'string') {
    // True and False, as pandas writes them to texts.
    if (isFlag(value)) return (row) => values[row] !== null && test(flagOf(values[row] as string), value.toLowerCase());
    return (row) => values[row] !== null && test(values[row] as string, value);
  }
  const number = decimal(value);
  if (number === undefined || Number.isNaN(number))
    throw new ParameterError(`where: column '${column}' holds numbers, got ${value}`);
  return (row) => test(Number(values[row]), number);
}

export interface RowsOptions {
  readonly where: readonly Condition[];
  /** A column that is given as it is, not as numbers. */
  readonly asTheyAre?: string | undefined;
  /** A column of true and false, or of 1 and 0. */
  readonly flag?: string | undefined;
  /** Columns of dates and times, texts in ISO 8601 among them, are seconds from midnight (UTC) of the day of the first; otherwise they are refused. */
  readonly times?: boolean;
}

/** Rows that hold the conditions, column by column. */
export interface Rows {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Float64Array>>;
  readonly asTheyAre: ArrayLike<unknown> | undefined;
  /** 1 where the column of flags is true. */
  readonly flags: Uint8Array | undefined;
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

const isTrue = (flag: unknown): boolean =>
  flag === true || Number(flag) === 1 || (typeof flag === 'string' && flag.toLowerCase() === 'true');

/** @throws SchemaError for anything but true and false, or 1 and 0 */
function flagsOf(name: string, values: ColumnValues): Uint8Array {
  return Uint8Array.from(values as ArrayLike<unknown>, (value) => {
    const word = String(value).toLowerCase();
    if (word === 'true' || word === '1') return 1;
    if (word === 'false' || word === '0') return 0;
    const held = value === null ? 'no value' : `'${plain(word)}'`;
    throw new SchemaError(`column '${name}' must hold true and false, or 1 and 0, got ${held}`);
  });
}

const isNumeric = (values: ColumnValues): values is Exclude<ColumnValues, readonly unknown[]> =>
  ArrayBuffer.isView(values);

const shownValues = 5;

/** What columns of conditions hold, for where no row holds all of these: a few values, or the range of numbers. */
class Heard {
  readonly #columns = new Map<string, { values: Set<unknown>; least: number; most: number }>();

  add(column: string, values: ColumnValues): void {
    const known = this.#columns.get(column) ?? { values: new Set(), least: Infinity, most: -Infinity };
    this.#columns.set(column, known);
    const numbers = isNumeric(values);
    for (const value of values) {
      if (known.values.size <= shownValues) known.values.add(typeof value === 'bigint' ? Number(value) : value);
      else if (!numbers) return;
      if (!numbers) continue;
      known.least = Math.min(known.least, Number(value));
      known.most = Math.max(known.most, Number(value));
    }
  }

  inWords(): string {
    return [...this.#columns]
      .map(([column, { values, least, most }]) => {
        const few = values.size <= shownValues;
        const listed = [...values]
          .slice(0, shownValues)
          .map((value) => (value === null ? 'no value' : plain(`${value}`)));
        const range = `numbers from ${least} to ${most}`;
        return `column '${column}' holds ${!few && least <= most ? range : `${listed.join(', ')}${few ? '' : ' …'}`}`;
      })
      .join('; ');
  }
}

/** A text of a table as a terminal may be sent it. */
function plain(text: string): string {
  const shown = text.length > 30 ? `${text.slice(0, 30)}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal must not be sent
  return shown.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
}

/** What texts a column holds, by the first that is no number. */
function textsOf(values: readonly unknown[]): string {
  const odd = values.find((value) => typeof value === 'string' && !Number.isFinite(Number(value)));
  if (typeof odd !== 'string') return 'texts';
  return `texts, such as '${plain(odd)}'`;
}

const asEvents = 'times of events are a trace with a time bin, in seconds';

/** Texts in ISO 8601 as seconds since 1970, no text as NaN; undefined where one is anything else. */
function textTimes(values: readonly unknown[]): Float64Array | undefined {
  const seconds = values.map((value) => (value === null ? Number.NaN : secondsOf(String(value))));
  return seconds.includes(undefined) ? undefined : Float64Array.from(seconds as number[]);
}

function numbersOf(source: DataSource, name: string, values: ColumnValues): Float64Array {
  if (source.times?.has(name) === true) {
    throw new SchemaError(`column '${name}' of ${source.name} holds dates, expected numbers: ${asEvents}`);
  }
  if (!isNumeric(values)) {
    const first = values.find((value) => value !== null);
    if (typeof first === 'string' && secondsOf(first) !== undefined) {
      throw new SchemaError(
        `column '${name}' of ${source.name} holds ${textsOf(values)}, expected numbers: ${asEvents}`,
      );
    }
    const kind = typeof values.find((value) => value !== null) === 'boolean' ? 'true and false' : textsOf(values);
    throw new SchemaError(`column '${name}' of ${source.name} holds ${kind}, expected numbers`);
  }
  return values instanceof Float64Array ? values : Float64Array.from(values as ArrayLike<number>, Number);
}

/**
 * Reads columns as numbers, chunk by chunk. Rows whose column `censored` (true or false, 1 or 0) is true are left out, unless a condition
 * speaks of that column, or it is the column of flags.
 * @throws SchemaError for a column that is missing or holds no numbers, ParameterError where no row holds the conditions
 */
export async function* readRows(
  source: DataSource,
  names: readonly string[],
  { where, asTheyAre, flag, times = false }: RowsOptions,
  counts: RowCounts,
): AsyncGenerator<Rows> {
  const conditions = [...where];
  const implied =
    source.columns.includes('censored') && flag !== 'censored' && !where.some(({ column }) => column === 'censored');
  const others = [...conditions.map(({ column }) => column), ...[asTheyAre, flag].filter((name) => name !== undefined)];
  const wanted = [...new Set([...names, ...others, ...(implied ? ['censored'] : [])])];
  for (const name of wanted) {
    if (!source.columns.includes(name)) {
      const what = source.unreadable?.get(name);
      if (what !== undefined) {
        throw new SchemaError(`column '${name}' of ${source.name} holds ${what}, expected numbers`);
      }
      throw new SchemaError(`${source.name} has no column '${name}'; its columns are ${columnList(source)}`);
    }
  }
  const isTime = (name: string): boolean => source.times?.has(name) === true;
  const sinceFirst = new Map(names.map((name) => [name, fromFirstDay()]));
  const readNumbers = (name: string, values: ColumnValues): Float64Array => {
    const seconds = !times
      ? undefined
      : isNumeric(values)
        ? isTime(name) && (values as Float64Array)
        : textTimes(values);
    return seconds ? sinceFirst.get(name)!(seconds) : numbersOf(source, name, values);
  };
  const heard = new Heard();
  let any = false;
  for await (const { rows, columns } of source.chunks(wanted)) {
    counts.read += rows;
    if (!any) for (const { column } of conditions) heard.add(column, columns[column]!);
    let kept: Uint32Array | undefined;
    const tests = conditions.map((condition) =>
      testOf(condition, columns[condition.column]!, isTime(condition.column)),
    );
    const flags = implied ? columns.censored! : undefined;
    if (tests.length > 0 || flags !== undefined) {
      const list = new Uint32Array(rows);
      let n = 0;
      for (let row = 0; row < rows; row++) {
        if (!tests.every((test) => test(row))) continue;
        if (flags !== undefined && isTrue(flags[row])) counts.censored++;
        else list[n++] = row;
      }
      if (n < rows) kept = list.subarray(0, n);
    }
    const given: Record<string, Float64Array> = {};
    for (const name of names) {
      const numbers = readNumbers(name, columns[name]!);
      given[name] = kept === undefined ? numbers : Float64Array.from(kept, (row) => numbers[row]!);
    }
    const plain = asTheyAre === undefined ? undefined : columns[asTheyAre]!;
    const marks = flag === undefined ? undefined : flagsOf(flag, columns[flag]!);
    counts.kept += kept?.length ?? rows;
    any ||= kept === undefined || kept.length > 0;
    yield {
      rows: kept?.length ?? rows,
      columns: given,
      asTheyAre: kept === undefined || plain === undefined ? plain : Array.from(kept, (row) => plain[row]),
      flags: kept === undefined || marks === undefined ? marks : Uint8Array.from(kept, (row) => marks[row]!),
    };
  }
  const asked = where.map(({ column, comparison, value }) => `${column}${comparison}${value}`).join(' and ');
  if (!any && counts.censored > 0) {
    const which = asked === '' ? '' : ` that hold ${asked}`;
    throw new ParameterError(
      `all ${counts.censored} rows of ${source.name}${which} are censored, and left out: expected some that were seen to end (where censored=true takes those that were not)`,
    );
  }
  if (!any && counts.read > 0 && where.length > 0) {
    throw new ParameterError(
      `where: none of the ${counts.read} rows of ${source.name} holds ${asked}; ${heard.inWords()}`,
    );
  }
}
