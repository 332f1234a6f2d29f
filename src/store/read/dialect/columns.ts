import { StoreError } from '../../../error.ts';
import { named } from './delimiter.ts';
import type { Delimiter } from './rows.ts';

/**
 * Names of the columns of some rows: those of a header, a column of row names that it leaves out included, or 1, 2 and so on. Columns without
 * a value at the end of the rows are none.
 * @throws StoreError where there are more fields than names, or a name stands twice
 */
export function columnsOf(
  name: string,
  header: readonly string[] | undefined,
  records: readonly (readonly string[])[],
  width: number,
  delimiter: Delimiter,
): string[] {
  let columns = [...(header ?? Array.from({ length: width }, (_, at) => String(at + 1)))];
  const trailing = (at: number): boolean => records.every((row) => (row[at] ?? '').trim() === '');
  if (header !== undefined && width > columns.length) {
    let extra = width;
    while (extra > columns.length && trailing(extra - 1)) extra--;
    if (extra === columns.length + 1) columns = ['row.names', ...columns];
    else if (extra > columns.length) {
      throw new StoreError(
        `${name} has ${columns.length} ${columns.length === 1 ? 'name' : 'names'} of columns and ${extra} fields a row (${named[delimiter]} between fields): choose --delimiter or --no-header`,
      );
    }
  }
  while (columns.length > 1 && (columns.at(-1) === '' || header === undefined) && trailing(columns.length - 1))
    columns.pop();
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (twice !== undefined)
    throw new StoreError(`${name} can't be read: it names column '${twice}' twice (--no-header: columns by position)`);
  return columns;
}

/** Whether the values of a column are numbers. A few words among numbers are mistakes to be named, not a column of texts. */
export function isNumeric(cells: Iterable<string | undefined>, read: (cell: string) => number | undefined): boolean {
  let numbers = 0;
  let texts = 0;
  for (const cell of cells) {
    if (cell === undefined) continue;
    const value = read(cell);
    if (value === undefined) texts++;
    else if (!Number.isNaN(value)) numbers++;
  }
  return texts === 0 || numbers > 9 * texts;
}
