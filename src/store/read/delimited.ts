import { StoreError } from '../../error.ts';
import { numberReader } from './cells.ts';
import { dialectOf, isComment, rowsOf, type TextOptions } from './dialect.ts';
import { plainNumber, scanLines } from './plain-lines.ts';
import type { TableFile } from './table-file.ts';
import type { TextStream } from './text-stream.ts';
import type { ColumnChunk, ColumnValues } from './values.ts';

const chunkRows = 65_536;

const lineBreaks = (text: string, end: number): number => {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
};

/** Characters that one row may have: beyond, a quote isn't closed. */
const longestRow = 1 << 24;

/** Columns under way; whole chunks wait in `ready`. */
class Collector {
  ready: ColumnChunk[] = [];
  filled = 0;
  readonly #names: readonly string[];
  readonly #numeric: readonly boolean[];
  #values: (Float64Array | string[])[];

  constructor(names: readonly string[], numeric: readonly boolean[]) {
    this.#names = names;
    this.#numeric = numeric;
    this.#values = this.#make();
  }

  #make(): (Float64Array | string[])[] {
    return this.#numeric.map((is) => (is ? new Float64Array(chunkRows) : []));
  }

  isNumber(i: number): boolean {
    return this.#numeric[i]!;
  }

  number(i: number, value: number): void {
    (this.#values[i] as Float64Array)[this.filled] = value;
  }

  text(i: number, cell: string): void {
    (this.#values[i] as string[]).push(cell.trim());
  }

  endRow(): void {
    if (++this.filled === chunkRows) this.flush();
  }

  flush(): void {
    const rows = this.filled;
    if (rows === 0) return;
    const columns = this.#names.map((name, i): [string, ColumnValues] => {
      const found = this.#values[i]!;
      return [name, found instanceof Float64Array ? found.slice(0, rows) : found];
    });
    this.ready.push({ rows, columns: Object.fromEntries(columns) });
    this.#values = this.#make();
    this.filled = 0;
  }
}

/**
 * Opens delimited text: comma, tab, semicolon, bar or blanks; comments, header, row names, units, decimal commas and thousands are found out from its
 * beginning. Columns without names are named `1`, `2` and so on. Rows may be short at their end: what isn't there is missing.
 * @throws StoreError naming the line, where a row has more fields than columns or a value that is no number
 */
export function delimitedFile(
  name: string,
  text: TextStream,
  close: () => Promise<void>,
  given: TextOptions,
): TableFile {
  const dialect = dialectOf(name, text.sample, text.whole, given);
  const { columns, comment, delimiter, transposed } = dialect;
  const read = numberReader(dialect);
  const parse = rowsOf(dialect);
  const width = columns.length;

  async function* chunks(wanted: readonly string[]): AsyncGenerator<ColumnChunk> {
    const at = wanted.map((column) => columns.indexOf(column));
    const out = new Collector(
      wanted,
      at.map((column) => dialect.numeric[column]!),
    );
    let skip = dialect.skip;
    /** Lines that are done with. */
    let before = 0;

    const wrong = (line: number, what: string): never => {
      throw new StoreError(`${name} can't be read as a table: line ${line} ${what}`);
    };
    const tooMany = (line: number, fields: number): never =>
      wrong(line, `has ${fields} fields, expected ${width} (--delimiter, --header and --comment say how to read it)`);
    const isSpecial = (line: string): boolean => {
      if (line.trim() === '' || (comment !== undefined && isComment(comment, line))) return true;
      return skip > 0 && skip-- > 0;
    };
    const take = (i: number, cell: string, line: () => number): void => {
      if (out.isNumber(i)) {
        const value = read(cell);
        if (value === undefined) wrong(line(), `must hold a number in column '${wanted[i]}', got '${shown(cell)}'`);
        out.number(i, value!);
      } else out.text(i, cell);
    };

    /** Rows that a parser has to part: with quotes, runs of blanks, or all in one line. */
    function parsed(input: string, last: boolean): string {
      const { rows, rest, openQuote } = parse(input, !last);
      const within = (cells: readonly string[]): number =>
        cells.reduce((n, cell) => n + lineBreaks(cell, cell.length), 1);
      const lineOf = (row: number): number => rows.slice(0, row + 1).reduce((n, cells) => n + within(cells), before);
      if ((openQuote && last) || rest.length > longestRow) {
        wrong(1 + lineOf(last ? rows.length - 2 : rows.length - 1), 'has a quote without its end');
      }
      for (const [r, row] of rows.entries()) {
        if (row.length === 1 ? isSpecial(row[0]!) : isSpecial(row[0]!.trim() === '' ? '-' : row[0]!)) continue;
        for (const cells of transposed ? row.map((cell) => [cell]) : [row]) {
          if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== '')) {
            tooMany(lineOf(r), cells.length);
          }
          for (let i = 0; i < at.length; i++) take(i, cells[at[i]!] ?? '', () => lineOf(r));
          out.endRow();
        }
      }
      before += lineBreaks(input, input.length) - lineBreaks(rest, rest.length);
      return rest;
    }

    const order = at.map((_, i) => i).sort((a, b) => at[a]! - at[b]!);
    const ascending = order.map((i) => at[i]!);
    const mark = comment?.charCodeAt(0);
    const simple = dialect.decimal === '.' && dialect.thousands === undefined;
    let fields = 0;
    const sink = {
      special(line: string, from: number, to: number): boolean {
        fields = 0;
        const first = line.charCodeAt(from);
        if (skip === 0 && first > 32 && first !== mark && to > from) return false;
        return isSpecial(line.slice(from, to));
      },
      field(position: number, line: string, from: number, to: number): void {
        const i = order[position]!;
        fields++;
        const value = simple && out.isNumber(i) ? plainNumber(line, from, to) : Number.NaN;
        if (Number.isNaN(value)) take(i, line.slice(from, to), () => before + 1 + lineBreaks(line, from));
        else out.number(i, value);
      },
      end(count: number, line: string, from: number, to: number): void {
        if (count > width) {
          const beyond = line.slice(from, to).split(delimiter).slice(width);
          if (beyond.some((cell) => cell.trim() !== '')) tooMany(before + 1 + lineBreaks(line, from), count);
        }
        for (let p = fields; p < order.length; p++) take(order[p]!, '', () => 0);
        out.endRow();
      },
    };

    /** Whole lines without quotes. */
    function scanned(input: string, last: boolean): string {
      const end = last ? input.length : input.lastIndexOf('\n') + 1;
      const lines = end === input.length ? input : input.slice(0, end);
      scanLines(lines, delimiter, ascending, sink);
      before += lineBreaks(lines, lines.length);
      return end === input.length ? '' : input.slice(end);
    }

    const plain = delimiter !== 'blanks' && !transposed;
    let rest = '';
    const through = function* (input: string, last: boolean): Generator<ColumnChunk> {
      // A row that begins within quotes must be parsed to its end.
      const scan = plain && !input.includes(dialect.quote);
      rest = scan ? scanned(input, last) : parsed(input, last);
      yield* out.ready;
      out.ready = [];
    };
    for await (const piece of text.pieces()) yield* through(rest + piece, false);
    if (rest !== '') yield* through(rest, true);
    out.flush();
    yield* out.ready;
  }

  return { name, columns, notes: dialect.notes, chunks, close };
}

/** A cell as an error may show it. */
function shown(cell: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal must not be sent
  const plain = cell.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
  return plain.length > 40 ? `${plain.slice(0, 40)}…` : plain;
}
