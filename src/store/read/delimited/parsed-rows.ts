import { rowsOf } from '../dialect/rows.ts';
import type { Dialect } from '../dialect.ts';
import type { RowTaker } from './row-taker.ts';

/** Characters that one row may have: beyond, a quote isn't closed. */
const longestRow = 1 << 24;

const lineBreaks = (text: string, end: number): number => {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
};

/** Takes rows that a parser has to part: with quotes, runs of blanks, or all in one line. What it gives gives back what is no whole row yet. */
export function parsedRows(taker: RowTaker, dialect: Dialect): (given: string, last: boolean) => string {
  const { columns, transposed, quote } = dialect;
  const { at } = taker;
  const width = columns.length;
  const parse = rowsOf(dialect);
  let taken = 0;
  // Papa doesn't tell an empty field in quotes from a blank line.
  const empty =
    dialect.blankRows && dialect.numeric[0]! ? new RegExp(`^[ \\t]*${quote}${quote}[ \\t]*$`, 'gm') : undefined;
  return (given, last) => {
    const input = empty === undefined ? given : given.replace(empty, 'NaN');
    const { rows, rest, openQuote } = parse(input, !last);
    const within = (cells: readonly string[]): number =>
      cells.reduce((n, cell) => n + lineBreaks(cell, cell.length), 1);
    const lineOf = (row: number): number =>
      rows.slice(0, row + 1).reduce((n, cells) => n + within(cells), taker.before);
    if ((openQuote && last) || rest.length > longestRow) {
      taker.wrong(1 + lineOf(last ? rows.length - 2 : rows.length - 1), 'has a quote without its end');
    }
    for (const [r, row] of rows.entries()) {
      if (taker.passesOver(row.length > 1 && row[0]!.trim() === '' ? '-' : row[0]!)) continue;
      if (transposed && ++taken > 1) {
        taker.wrong(
          lineOf(r),
          'follows a line of values, of which a file has one, or as many columns as there are in the first',
        );
      }
      taker.fillBlanks();
      for (const cells of transposed ? row.map((cell) => [cell]) : [row]) {
        if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== '')) {
          taker.tooMany(lineOf(r), cells.length);
        }
        for (let i = 0; i < at.length; i++) taker.take(i, cells[at[i]!] ?? '', () => lineOf(r));
        taker.out.endRow();
      }
    }
    taker.before += lineBreaks(input, input.length) - lineBreaks(rest, rest.length);
    return rest;
  };
}
