import { StoreError } from '../../error.ts';
import type { TableFile } from './table-file.ts';
import type { ColumnValues } from './values.ts';

const chunkRows = 65_536;

const missing = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '.']);
const infinite: Record<string, number> = { inf: Infinity, '+inf': Infinity, '-inf': -Infinity };

/** A number as people write it; NaN for a missing value, undefined for anything else. */
function numberOf(field: string): number | undefined {
  const plain = Number(field);
  if (plain < 0 || plain > 0 || (plain === 0 && field.trim() !== '')) return plain;
  const word = field.trim().toLowerCase();
  return missing.has(word) ? NaN : infinite[word];
}

/** Splits a line into fields, quoted ones with doubled quotes inside; undefined where the quotes don't match. */
function splitter(delimiter: string): (line: string) => string[] | undefined {
  const escaped = delimiter === '\t' ? '\\t' : delimiter;
  return (line) => {
    if (!line.includes('"')) return line.split(delimiter);
    const pattern = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${escaped}]*))(${escaped}|$)`, 'y');
    const fields: string[] = [];
    for (;;) {
      const match = pattern.exec(line);
      if (match === null) return undefined;
      fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
      if (match[3] === '') return fields;
    }
  };
}

/** The delimiter that the first line uses most. */
function delimiterOf(line: string): string {
  const count = (delimiter: string): number => line.split(delimiter).length;
  return [',', '\t', ';'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

interface Line {
  readonly number: number;
  readonly text: string;
}

/** Lines that are not blank, with their numbers from 1, as many at once as came at once. */
async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let number = 0;
  const numbered = (lines: string[]): Line[] =>
    lines
      .map((line) => ({ number: ++number, text: line.endsWith('\r') ? line.slice(0, -1) : line }))
      .filter(({ text }) => text.trim() !== '');
  for await (const bytes of source) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop()!;
    const block = numbered(lines);
    if (block.length > 0) yield block;
  }
  const last = numbered([rest]);
  if (last.length > 0) yield last;
}

/**
 * Opens delimited text (comma, tab or semicolon, by its first line). A first line of numbers only is data, its columns are then named
 * `1`, `2` and so on. A column holds numbers where its first value is a number or missing (empty, NA, NaN, null); every row must then hold one.
 * @throws StoreError naming the line, where a row has another number of fields or a value that is no number
 */
export async function csvFile(
  name: string,
  source: AsyncIterable<Uint8Array>,
  close: () => Promise<void>,
): Promise<TableFile> {
  const wrong = (number: number, what: string): never => {
    throw new StoreError(`${name} can't be read as CSV: line ${number} ${what}`);
  };
  const blocks = linesOf(source);
  const block = ((await blocks.next()).value ?? []) as Line[];
  const [first] = block;
  if (first === undefined) throw new StoreError(`${name} can't be read as CSV: it is empty`);
  const header = first.text.replace(/^#\s*/, '');
  const delimiter = delimiterOf(header);
  const split = splitter(delimiter);
  const fieldsOf = ({ text, number }: Line): string[] => split(text) ?? wrong(number, 'has a quote without its end');
  const names = fieldsOf({ ...first, text: header }).map((field) => field.trim());
  const isData = names.every((field) => numberOf(field) !== undefined);
  const columns = isData ? names.map((_, at) => String(at + 1)) : names;
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (twice !== undefined) wrong(first.number, `names column '${twice}' twice`);

  /** The fields of a line of data. */
  const record = (line: Line): string[] => {
    const fields = fieldsOf(line);
    if (fields.length !== columns.length) wrong(line.number, `has ${fields.length} fields, expected ${columns.length}`);
    return fields;
  };
  async function* dataLines(): AsyncGenerator<Line[]> {
    yield block.slice(isData ? 0 : 1);
    yield* blocks;
  }

  return {
    name,
    columns,
    async *chunks(wanted) {
      const at = wanted.map((column) => columns.indexOf(column));
      let isNumber: boolean[] | undefined;
      let values: (string | number)[][] = wanted.map(() => []);
      const take = () => {
        const rows = values[0]?.length ?? 0;
        const chunk = wanted.map((column, i): [string, ColumnValues] => {
          return [column, isNumber?.[i] === false ? (values[i] as string[]) : Float64Array.from(values[i] as number[])];
        });
        values = wanted.map(() => []);
        return { rows, columns: Object.fromEntries(chunk) };
      };
      for await (const lines of dataLines()) {
        for (const line of lines) {
          const fields = record(line);
          isNumber ??= at.map((column) => numberOf(fields[column]!) !== undefined);
          for (let i = 0; i < at.length; i++) {
            const field = fields[at[i]!]!;
            const value = isNumber[i] ? numberOf(field) : field;
            values[i]!.push(value ?? wrong(line.number, `must hold a number in column '${wanted[i]}', got '${field}'`));
          }
          if (values[0]?.length === chunkRows) yield take();
        }
      }
      if ((values[0]?.length ?? 0) > 0) yield take();
    },
    close,
  };
}
