import { StoreError } from '../../error.ts';
import { type LineSink, scanLines } from './byte-lines.ts';
import { numberReader } from './cells.ts';
import { isComment } from './dialect/comments.ts';
import { rowsOf } from './dialect/rows.ts';
import { dialectOf, type TextOptions } from './dialect.ts';
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
  /** Whether there was a row. */
  begun = false;
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

  /** Columns of numbers under way; undefined for one of texts. */
  numbers(): readonly (Float64Array | undefined)[] {
    return this.#values.map((values) => (values instanceof Float64Array ? values : undefined));
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

  /** @returns whether the chunk is full, and new columns begun */
  endRow(): boolean {
    if (++this.filled < chunkRows) return false;
    this.flush();
    return true;
  }

  flush(): void {
    const rows = this.filled;
    if (rows === 0) return;
    this.begun = true;
    const columns = this.#names.map((name, i): [string, ColumnValues] => {
      const found = this.#values[i]!;
      return [name, found instanceof Float64Array && rows < chunkRows ? found.slice(0, rows) : found];
    });
    this.ready.push({ rows, columns: Object.fromEntries(columns) });
    this.#values = this.#make();
    this.filled = 0;
  }
}

/**
 * Opens delimited text: comma, tab, semicolon, bar or blanks; comments, header, row names, units, decimal commas and thousands are found out from its
 * beginning. Columns without names are named `1`, `2` and so on. Rows may be short at their end: what isn't there is missing. So is what a blank line
 * between the rows of a single column leaves out.
 * @throws StoreError naming the line, where a row has more fields than columns or a value that is no number
 */
export function delimitedFile(
  name: string,
  text: TextStream,
  close: () => Promise<void>,
  given: TextOptions,
): TableFile {
  const sample = sampleOf(text.sample);
  const dialect = dialectOf(name, sample, text.whole && sample === text.sample, given);
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
    /** Blank lines since the last row of a single column. */
    let blanks = 0;

    const wrong = (line: number, what: string): never => {
      throw new StoreError(`${name} can't be read as a table: line ${line} ${what}`);
    };
    const tooMany = (line: number, fields: number): never =>
      wrong(line, `has ${fields} fields, expected ${width} (--delimiter, --header and --comment say how to read it)`);
    const isSpecial = (line: string): boolean => {
      if (line.trim() === '') {
        if (dialect.blankRows && (out.begun || out.filled > 0)) blanks++;
        return true;
      }
      if (comment !== undefined && isComment(comment, line)) return true;
      return skip > 0 && skip-- > 0;
    };
    const take = (i: number, cell: string, line: () => number): void => {
      if (out.isNumber(i)) {
        const value = read(cell);
        if (value === undefined) wrong(line(), `must hold a number in column '${wanted[i]}', got '${shown(cell)}'`);
        out.number(i, value!);
      } else out.text(i, cell);
    };

    /** Missing values for blank lines, once a row shows that they weren't the end. */
    function fillBlanks(): void {
      for (; blanks > 0; blanks--) {
        for (let i = 0; i < at.length; i++) take(i, '', () => 0);
        out.endRow();
      }
    }

    const { quote } = dialect;
    // Papa doesn't tell an empty field in quotes from a blank line.
    const empty =
      dialect.blankRows && dialect.numeric[0]! ? new RegExp(`^[ \\t]*${quote}${quote}[ \\t]*$`, 'gm') : undefined;

    /** Rows that a parser has to part: with quotes, runs of blanks, or all in one line. */
    function parsed(given: string, last: boolean): string {
      const input = empty === undefined ? given : given.replace(empty, 'NaN');
      const { rows, rest, openQuote } = parse(input, !last);
      const within = (cells: readonly string[]): number =>
        cells.reduce((n, cell) => n + lineBreaks(cell, cell.length), 1);
      const lineOf = (row: number): number => rows.slice(0, row + 1).reduce((n, cells) => n + within(cells), before);
      if ((openQuote && last) || rest.length > longestRow) {
        wrong(1 + lineOf(last ? rows.length - 2 : rows.length - 1), 'has a quote without its end');
      }
      for (const [r, row] of rows.entries()) {
        if (row.length === 1 ? isSpecial(row[0]!) : isSpecial(row[0]!.trim() === '' ? '-' : row[0]!)) continue;
        fillBlanks();
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
    const simple = dialect.decimal === '.' && dialect.thousands === undefined;
    let block: Uint8Array = new Uint8Array(0);
    let lines = 0;
    const slice = (from: number, to: number): string => text.decode(block.subarray(from, to));
    const lineAt = (): number => before + 1 + lines;
    const columnsNow = (): readonly (Float64Array | undefined)[] => {
      const numbers = out.numbers();
      return order.map((i) => (simple ? numbers[i] : undefined));
    };
    const sink: LineSink = {
      before: false,
      columns: [],
      row: 0,
      special(from, to) {
        const special = isSpecial(slice(from, to));
        if (special) lines++;
        else if (blanks > 0) {
          fillBlanks();
          sink.row = out.filled;
          sink.columns = columnsNow();
        }
        sink.before = skip > 0 || blanks > 0;
        return special;
      },
      other: (position, from, to) => take(order[position]!, slice(from, to), lineAt),
      end(count, taken, from, to) {
        if (count > width) {
          const beyond = slice(from, to).split(delimiter).slice(width);
          if (beyond.some((cell) => cell.trim() !== '')) tooMany(lineAt(), count);
        }
        for (let p = taken; p < order.length; p++) take(order[p]!, '', () => 0);
        lines++;
        sink.row++;
        if (out.endRow()) {
          sink.columns = columnsNow();
          sink.row = 0;
        }
      },
    };

    /** Whole lines without quotes. */
    function scanned(): void {
      sink.before = skip > 0 || blanks > 0;
      sink.row = out.filled;
      sink.columns = columnsNow();
      lines = 0;
      scanLines(block, delimiter.charCodeAt(0), ascending, comment?.charCodeAt(0) ?? -1, sink);
      before += lines;
    }

    const plain = delimiter !== 'blanks' && !transposed;
    let rest = '';
    for await (const next of text.lines()) {
      block = next;
      // A row that begins within quotes must be parsed to its end.
      if (plain && rest === '' && !block.includes(quote.charCodeAt(0))) scanned();
      else rest = parsed(rest + text.decode(block), false);
      yield* out.ready;
      out.ready = [];
    }
    if (rest !== '') parsed(rest, true);
    out.flush();
    yield* out.ready;
  }

  return { name, columns, notes: dialect.notes, chunks, close };
}

/** So many characters, or whole lines of so many, show how a text is laid out. */
const looked = 1 << 16;

function sampleOf(text: string): string {
  if (text.length <= looked) return text;
  const end = text.lastIndexOf('\n', looked) + 1;
  return end > 0 ? text.slice(0, end) : text;
}

/** A cell as an error may show it. */
function shown(cell: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal must not be sent
  const plain = cell.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
  return plain.length > 40 ? `${plain.slice(0, 40)}…` : plain;
}
