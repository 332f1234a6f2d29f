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
    const longer = records.filter((row) => row.slice(columns.length).some((cell) => cell.trim() !== ''));
    // Where few rows have more fields, reading names their lines.
    if (longer.length > records.length / 2) {
      if (delimiter === 'blanks') refuseUnit(name, columns.length, longer);
      if (extra !== columns.length + 1 || !areNames(records)) {
        throw new StoreError(
          `${name} has ${columns.length} ${columns.length === 1 ? 'name' : 'names'} of columns and ${extra} fields a row (${named[delimiter]} between fields): choose --delimiter or --no-header`,
        );
      }
      columns = ['row.names', ...columns];
    }
  }
  while (columns.length > 1 && (columns.at(-1) === '' || header === undefined) && trailing(columns.length - 1))
    columns.pop();
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (twice !== undefined)
    throw new StoreError(`${name} can't be read: it names column '${twice}' twice (--no-header: columns by position)`);
  return columns;
}

const first = (row: readonly string[]): string => row[0]?.trim() ?? '';

/** Whether rows are named by their first field: no name comes twice. */
const areNames = (records: readonly (readonly string[])[]): boolean =>
  new Set(records.map(first)).size === records.length;

/**
 * Numbers with a word behind each of them, the same for many, as the last fields of rows that have one more than there are names.
 * @throws StoreError where they are that
 */
function refuseUnit(name: string, names: number, records: readonly (readonly string[])[]): void {
  const units = records.map((row) => row[names]?.trim() ?? '');
  const apart = new Set(units);
  if (apart.size > (names === 1 ? Math.max(1, records.length / 4) : 1)) return;
  if (![...apart].every((unit) => /^[\p{L}%°$]/u.test(unit))) return;
  const number = /^[+-]?[\d.,]+(?:e[+-]?\d+)?$/i;
  if (!records.every((row) => row.length === names + 1 && number.test(row[names - 1]!.trim()))) return;
  const shown = `${records[0]![names - 1]!.trim()} ${units[0]}`;
  const expected = names === 1 ? 'a unit may stand in the name of the column' : 'or a name for every field';
  throw new StoreError(
    `${name} has values with a unit behind them, such as '${shown}': expected numbers alone, ${expected}`,
  );
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
