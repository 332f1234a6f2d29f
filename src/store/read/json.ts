import { StoreError } from '../../error.ts';
import type { TableFile } from './table-file.ts';
import type { TextStream } from './text-stream.ts';
import { type ColumnValues, columnValues } from './values.ts';

const chunkRows = 65_536;
const longest = 2 ** 28;

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const scalar = (value: unknown): unknown => (value === 'NaN' ? Number.NaN : value);

/** A value that stands alone is a row of one column, named `1`. */
const rowOf = (value: unknown): Row =>
  isRow(value) ? value : isList(value) ? Object.fromEntries(value.map((v, at) => [String(at + 1), v])) : { '1': value };

function columnOf(name: string, column: string, rows: readonly Row[]): ColumnValues {
  const values = columnValues(rows.map((row) => scalar(row[column])));
  if (values !== undefined) return values;
  const odd = rows.find((row) => typeof row[column] === 'object' && row[column] !== null)?.[column];
  const kind = isList(odd) ? 'lists' : odd === undefined ? 'values of several kinds' : 'objects';
  throw new StoreError(`column '${column}' of ${name} holds ${kind}, expected numbers, texts or booleans`);
}

/** An object that holds a table as one of its members, or in a way of pandas: `split` with names and rows apart, by default columns by name of row. */
function tableWithin(value: Row): unknown {
  const { columns, data } = value;
  if (isList(columns) && isList(data) && data.every((row) => isList(row) && row.length === columns.length)) {
    return data.map((row) => Object.fromEntries(columns.map((column, at) => [String(column), (row as unknown[])[at]])));
  }
  const members = Object.values(value);
  if (members.length === 1 && isList(members[0]) && members[0].length > 0 && members[0].every(isRow)) return members[0];
  const [first] = members;
  if (isRow(first) && members.every((member) => isRow(member) && !Object.values(member).some((v) => isRow(v)))) {
    const keys = Object.keys(first);
    const same = members.every((member) => Object.keys(member as Row).length === keys.length);
    if (same && keys.length > 1) {
      return keys.map((key) =>
        Object.fromEntries(Object.entries(value).map(([c, member]) => [c, (member as Row)[key]])),
      );
    }
  }
  return value;
}

/** Whole JSON as rows: an array of numbers or objects, an object of arrays, or what {@link tableWithin} finds. */
function rowsOfWhole(name: string, given: unknown): Row[] {
  const value = isRow(given) ? tableWithin(given) : given;
  if (isList(value)) return value.map(rowOf);
  if (isRow(value) && Object.values(value).length > 0 && Object.values(value).every(isList)) {
    const columns = Object.entries(value) as [string, unknown[]][];
    const lengths = new Set(columns.map(([, list]) => list.length));
    if (lengths.size > 1) {
      throw new StoreError(
        `${name} holds arrays of different lengths: ${columns.map(([c, l]) => `${c} ${l.length}`).join(', ')}`,
      );
    }
    return Array.from({ length: columns[0]![1].length }, (_, at) =>
      Object.fromEntries(columns.map(([c, list]) => [c, list[at]])),
    );
  }
  throw new StoreError(
    `${name} holds JSON that is no table: expected an array of numbers or objects, an object of arrays, or JSON lines`,
  );
}

async function* linesOf(name: string, text: TextStream): AsyncGenerator<Row[]> {
  let rest = '';
  let line = 0;
  const parsed = (lines: readonly string[]): Row[] => {
    const rows: Row[] = [];
    for (const one of lines) {
      line++;
      if (one.trim() === '') continue;
      try {
        rows.push(rowOf(JSON.parse(one.replace(/\bNaN\b(?=\s*[,}\]])/g, 'null'))));
      } catch (error) {
        throw new StoreError(`${name} can't be read as JSON lines: line ${line}: ${(error as Error).message}`, {
          cause: error,
        });
      }
    }
    return rows;
  };
  for await (const piece of text.pieces()) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (let from = 0; from < lines.length; from += chunkRows) yield parsed(lines.slice(from, from + chunkRows));
  }
  yield parsed([rest]);
}

/** JSON in place of what Python writes, which has NaN and infinities beside numbers. */
const withNumbers = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|\bNaN\b|\bInfinity\b/g, (word) =>
    word === 'NaN' ? 'null' : word === 'Infinity' ? '1e999' : word,
  );

async function wholeOf(name: string, text: TextStream): Promise<Row[]> {
  let all = '';
  for await (const piece of text.pieces()) {
    all += piece;
    if (all.length > longest)
      throw new StoreError(`${name} is one JSON value of over ${longest} characters: write it as JSON lines`);
  }
  try {
    return rowsOfWhole(name, JSON.parse(withNumbers(all)));
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${name} can't be read as JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** Whether text that begins with a brace is JSON lines: its first line is a value of its own and more follow. */
function isLines(sample: string): boolean {
  const [first, ...more] = sample.split('\n').filter((line) => line.trim() !== '');
  try {
    JSON.parse((first ?? '').replace(/\bNaN\b/g, 'null'));
    return more.length > 0 || isRow(JSON.parse(first ?? ''));
  } catch {
    return false;
  }
}

/**
 * Opens JSON lines, read as they come, or one JSON array or object of arrays, held in memory.
 * @throws StoreError where it is no table
 */
export async function jsonFile(name: string, text: TextStream, close: () => Promise<void>): Promise<TableFile> {
  const start = text.sample.trimStart();
  const lines =
    isLines(text.sample) &&
    !(start.startsWith('{') && /^\{\s*"[^"]*"\s*:\s*[[{]/.test(start) && text.sample.trim().split('\n').length === 1);
  const blocks = lines
    ? linesOf(name, text)
    : (async function* () {
        yield await wholeOf(name, text);
      })();
  const { value: first = [] } = (await blocks.next()) as { value?: Row[] };
  const columns = [...new Set(first.slice(0, 1000).flatMap((row) => Object.keys(row)))];
  if (columns.length === 0) throw new StoreError(`${name} can't be read as a table: it is empty`);
  return {
    name,
    columns,
    async *chunks(names) {
      const chunk = (rows: Row[]) => ({
        rows: rows.length,
        columns: Object.fromEntries(names.map((column) => [column, columnOf(name, column, rows)])),
      });
      for (let from = 0; from < first.length; from += chunkRows) yield chunk(first.slice(from, from + chunkRows));
      for await (const rows of blocks) if (rows.length > 0) yield chunk(rows);
    },
    close,
  };
}
