/** Reads a cell: a number, NaN for a missing value, undefined for anything else. */
type Reader = (cell: string) => number | undefined;
type Row = readonly string[];

/** What stands above the data. */
export interface Heading {
  /** Names of columns, if there are any. */
  readonly names: Row | undefined;
  /** Rows that names and units take. */
  readonly rows: number;
  /** What might have been decided otherwise, as sentences. */
  readonly notes: readonly string[];
}

/** Lines that a title takes before a header: they have fewer fields than the header, which is of words above numbers. */
export function titleOf(rows: readonly Row[], read: Reader): number {
  const width = rows.slice(1).reduce((most, row) => Math.max(most, row.length), 0);
  const at = rows.findIndex((row) => row.length === width);
  const [header, first] = [rows[at], rows[at + 1]];
  if (width < 2 || at < 1 || at > 20 || header === undefined || first === undefined) return 0;
  const words = header.every((cell) => cell.trim() !== '' && read(cell) === undefined);
  return words && first.some((cell) => cell.trim() !== '' && read(cell) !== undefined) ? at : 0;
}

const counting = (row: Row): boolean => row.every((cell, at) => cell.trim() === String(at));

/** Whether columns are named 0, 1, …, as pandas does where they have no name. */
const isNumbered = (head: Row, [one, two]: readonly Row[]): boolean =>
  head.length > 1 &&
  one !== undefined &&
  two !== undefined &&
  counting(head) &&
  !(one[0]!.trim() === '1' && two[0]!.trim() === '2');

/** Whether the first row has a number, and each of its words again below: a row like the others. */
function isRepeated(head: Row, body: readonly Row[], read: Reader): boolean {
  const values = head.map(read);
  return (
    values.some((value) => value !== undefined && !Number.isNaN(value)) &&
    values.every((value, at) => value !== undefined || body.some((row) => row[at]?.trim() === head[at]!.trim()))
  );
}

/** Whether the first of the rows under a header says in which units they are. */
function hasUnits(width: number, rows: readonly Row[], read: Reader): boolean {
  const units = rows[0];
  if (units === undefined || rows.length <= 2 || units.length !== width) return false;
  const below = rows.slice(1, 50);
  const unit = (at: number): boolean =>
    read(units[at]!) === undefined && below.every((row) => row[at] === undefined || read(row[at]) !== undefined);
  return units.some((_, at) => unit(at)) && units.every((cell) => !(read(cell)! - read(cell)! === 0));
}

/**
 * Finds names of columns, and units below them.
 * @param above names in a comment above the first row, which then is data
 */
export function headingOf(name: string, rows: readonly Row[], read: Reader, above: Row | undefined): Heading {
  if (above !== undefined) return { names: above, rows: 0, notes: [] };
  const [head, ...body] = rows as [Row, ...Row[]];
  const textual =
    (head.some((cell) => read(cell) === undefined) || (head[0]!.trim() === '' && head.length > 1)) &&
    !isRepeated(head, body, read);
  if (!textual && !isNumbered(head, body)) return { names: undefined, rows: 0, notes: [] };
  const notes = textual
    ? []
    : [`The first line of ${name}, ${head.join(',')}, is taken for names of columns (--no-header: it is data).`];
  const units = hasUnits(head.length, body, read);
  if (units) notes.push(`The second line of ${name}, ${body[0]!.join(',')}, is taken for units and left out.`);
  return { names: trimmed(head), rows: units ? 2 : 1, notes };
}

/** A header that was said to be one. */
export const givenHeading = (head: Row): Heading => ({ names: trimmed(head), rows: 1, notes: [] });

const trimmed = (row: Row): Row => row.map((cell) => cell.trim());
