import { StoreError } from '../../error.ts';
import { numberReader } from './cells.ts';
import { type Dialect, dialectOf, isComment, rowsOf, type TextOptions } from './dialect.ts';
import type { TableFile } from './table-file.ts';
import type { TextStream } from './text-stream.ts';
import type { ColumnValues } from './values.ts';

const chunkRows = 65_536;

const lineBreaks = (text: string, end: number): number => {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
};

/** Rows with the numbers of the lines that they end on; counted only where somebody asks. */
interface Block {
  readonly rows: readonly string[][];
  line(row: number): number;
}

/** Characters that one row may have: beyond, a quote isn't closed. */
const longestRow = 1 << 24;

async function* blocksOf(name: string, text: TextStream, dialect: Dialect): AsyncGenerator<Block> {
  const parse = rowsOf(dialect);
  let rest = '';
  let before = 0;
  const block = (input: string, cut: boolean): Block => {
    const { rows, rest: left, openQuote } = parse(input, cut);
    const from = before;
    const within = (cells: readonly string[]): number =>
      cells.reduce((n, cell) => n + lineBreaks(cell, cell.length), 1);
    const line = (row: number): number => rows.slice(0, row + 1).reduce((n, cells) => n + within(cells), from);
    if ((openQuote && !cut) || left.length > longestRow) {
      const first = 1 + line(cut ? rows.length - 1 : rows.length - 2);
      throw new StoreError(`${name} can't be read as a table: line ${first} has a quote without its end`);
    }
    rest = left;
    before += lineBreaks(input, input.length) - lineBreaks(left, left.length);
    return { rows, line };
  };
  for await (const piece of text.pieces()) yield block(rest + piece, true);
  if (rest !== '') yield block(rest, false);
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
  const { columns, comment, transposed } = dialect;
  const read = numberReader(dialect);
  const width = columns.length;
  return {
    name,
    columns,
    notes: dialect.notes,
    async *chunks(wanted) {
      const at = wanted.map((column) => columns.indexOf(column));
      const numeric = at.map((column) => dialect.numeric[column]!);
      const make = (): (Float64Array | string[])[] => numeric.map((is) => (is ? new Float64Array(chunkRows) : []));
      let values = make();
      let filled = 0;
      const take = () => {
        const rows = filled;
        const chunk = wanted.map((column, i): [string, ColumnValues] => {
          const found = values[i]!;
          return [column, found instanceof Float64Array ? found.slice(0, rows) : found];
        });
        values = make();
        filled = 0;
        return { rows, columns: Object.fromEntries(chunk) };
      };
      let skip = dialect.skip;
      for await (const block of blocksOf(name, text, dialect)) {
        for (let r = 0; r < block.rows.length; r++) {
          const row = block.rows[r]!;
          const lead = row[0]!;
          if (row.length === 1 && lead.trim() === '') continue;
          if (comment !== undefined && isComment(comment, lead)) continue;
          if (skip > 0) {
            skip--;
            continue;
          }
          const wrong = (what: string): never => {
            throw new StoreError(`${name} can't be read as a table: line ${block.line(r)} ${what}`);
          };
          const records = transposed ? row.map((cell) => [cell]) : [row];
          for (const cells of records) {
            if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== '')) {
              wrong(
                `has ${cells.length} fields, expected ${width} (--delimiter, --header and --comment say how to read it)`,
              );
            }
            for (let i = 0; i < at.length; i++) {
              const cell = cells[at[i]!] ?? '';
              const column = values[i]!;
              if (column instanceof Float64Array) {
                const value = read(cell);
                if (value === undefined) wrong(`must hold a number in column '${wanted[i]}', got '${shown(cell)}'`);
                column[filled] = value!;
              } else column.push(cell.trim());
            }
            filled++;
            if (filled === chunkRows) yield take();
          }
        }
      }
      if (filled > 0) yield take();
    },
    close,
  };
}

/** A cell as an error may show it. */
function shown(cell: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal must not be sent
  const plain = cell.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
  return plain.length > 40 ? `${plain.slice(0, 40)}…` : plain;
}
