import { StoreError } from '../../error.ts';
import { type NumberStyle, numberReader } from './cells.ts';
import { columnsOf, isNumeric } from './dialect/columns.ts';
import { commentOf, isComment } from './dialect/comments.ts';
import { delimiterOf, hasDecimalCommas, named } from './dialect/delimiter.ts';
import { givenHeading, type Heading, headingOf, titleOf } from './dialect/heading.ts';
import { styleOf } from './dialect/number-style.ts';
import { type Delimiter, isBlank, type Parting, rowsOf } from './dialect/rows.ts';

/** How a text is laid out as a table. */
export interface Dialect extends NumberStyle, Parting {
  /** What a line that is left out begins with. */
  readonly comment?: string | undefined;
  /** Lines before the first row of data that are not comments: header, `sep=`, units. */
  readonly skip: number;
  readonly columns: readonly string[];
  /** Whether each column holds numbers. */
  readonly numeric: readonly boolean[];
  /** The only row is one column. */
  readonly transposed: boolean;
  /** A blank line between rows is a row whose value is missing: there is one column, and not a blank line after every row. */
  readonly blankRows: boolean;
  /** What was decided that might have been decided otherwise, as sentences. */
  readonly notes: readonly string[];
}

/** What is said about a text; what isn't said is found out from its first 64 kB. */
export interface TextOptions {
  readonly delimiter?: Delimiter | undefined;
  readonly decimal?: '.' | ',' | undefined;
  readonly thousands?: NumberStyle['thousands'] | 'none' | undefined;
  /** What comment lines begin with; '' for none. */
  readonly comment?: string | undefined;
  readonly header?: boolean | undefined;
  readonly encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1' | undefined;
}

/** The lines of a text that hold rows, and those with which comments begin. */
function contentOf(name: string, text: string, given: TextOptions) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new StoreError(`${name} can't be read as a table: it is empty`);
  const comment = given.comment === '' ? undefined : (given.comment ?? commentOf(lines));
  const content = lines.filter((line) => !isComment(comment, line));
  if (content.length === 0)
    throw new StoreError(`${name} holds nothing but lines that begin with ${comment}: choose --comment`);
  return { lines, comment, content };
}

/** Whether a row is of words alone, above rows with numbers. */
function isHeader(
  head: readonly string[],
  body: readonly (readonly string[])[],
  read: (cell: string) => number | undefined,
): boolean {
  return (
    head.every((cell) => read(cell) === undefined) &&
    body.some((row) => row.some((cell) => read(cell)! - 0 === read(cell)))
  );
}

const noHeading: Heading = { names: undefined, rows: 0, notes: [] };

/**
 * Names in a comment, as numpy.savetxt writes a header: the last comment before the first row, with as many names as that has fields.
 * A single word is a name only in a text's first line.
 */
function namedAbove(
  lines: readonly string[],
  first: string,
  comment: string | undefined,
  parting: Parting,
): readonly string[] | undefined {
  const at = lines.indexOf(first);
  const above = at > 0 ? lines[at - 1]! : undefined;
  if (comment === undefined || above === undefined || !isComment(comment, above)) return undefined;
  const words = rowsOf(parting)(above.trimStart().slice(comment.length).trim(), false).rows[0] ?? [];
  const names = words.map((word) => word.trim());
  const one = names.length === 1 && at === 1 && !/\s/.test(names[0]!);
  return names.length > 1 || one ? names : undefined;
}

/**
 * Finds out how a text is laid out, from its beginning.
 * @throws StoreError where it is empty or can't be told, naming the option that would help
 */
export function dialectOf(name: string, sample: string, whole: boolean, given: TextOptions): Dialect {
  const notes: string[] = [];
  const oneLine = !sample.includes('\n');
  // The last value of what was looked at may be cut.
  let text = whole
    ? sample
    : oneLine
      ? sample.replace(/[^\s,;|]+$/, '')
      : sample.slice(0, sample.lastIndexOf('\n') + 1);
  const separator = /^sep=(.)\n/.exec(text);
  if (separator !== null) text = text.slice(separator[0].length);
  const { lines, comment, content } = contentOf(name, text, given);

  const joined = content.join('\n');
  const marked = separator?.[1] as Delimiter | undefined;
  let delimiter = given.delimiter ?? (marked !== undefined && marked in named ? marked : delimiterOf(joined, content));
  const quote: Dialect['quote'] =
    /(^|[,;\t| ])'[^'\n]*'($|[,;\t| \n])/m.test(content[0]!) && !joined.includes('"') ? "'" : '"';
  const parted = (): string[][] => rowsOf({ delimiter, quote })(joined, false).rows.filter((row) => !isBlank(row));
  let rows = parted();
  if (!whole && rows.length > 1) rows.pop();
  if (given.delimiter === undefined && delimiter === ',' && given.decimal !== '.' && hasDecimalCommas(rows)) {
    delimiter = ';';
    rows = parted();
    notes.push(`${name} is read as one column with decimal commas (--delimiter , reads two columns).`);
  }
  const style = styleOf(name, rows.flat(), delimiter, given);
  const read = numberReader(style);
  const pure = (row: readonly string[]): boolean => row.every((cell) => read(cell) !== undefined);
  const transposed = (whole || oneLine) && rows.length === 1 && rows[0]!.length > 2 && pure(rows[0]!);

  const title = given.header === undefined ? titleOf(rows, read) : 0;
  if (title > 0) {
    notes.push(`The first ${title} lines of ${name} have fewer fields than those below: they are taken for a title.`);
    rows = rows.slice(title);
  }
  const head = rows[0]!;
  const body = rows.slice(1);
  const width = body.reduce((most, row) => Math.max(most, row.length), body.length === 0 ? head.length : 0);
  const found = (): Heading => {
    if (given.header !== undefined) return given.header ? givenHeading(head) : noHeading;
    const above = namedAbove(lines, content[0]!, comment, { delimiter, quote });
    const fits = above !== undefined && above.length === head.length && !pure(above) && !isHeader(head, body, read);
    return transposed && !fits ? noHeading : headingOf(name, rows, read, fits ? above : undefined);
  };
  const heading = found();
  notes.push(...heading.notes);
  const records = rows.slice(heading.rows);

  const columns = columnsOf(name, heading.names, records, transposed ? 1 : width, delimiter);
  const numeric = columns.map((_, at) =>
    isNumeric(
      records.map((row) => row[transposed ? 0 : at]),
      read,
    ),
  );
  const spaced = content.length > 3 && /^(?:.*\S.*\n[ \t]*\n)+(?:.*\S.*\n?)?\s*$/.test(text);
  const blankRows = columns.length === 1 && !transposed && !spaced;
  const skip = (separator === null ? 0 : 1) + title + heading.rows;
  return { delimiter, quote, comment, skip, columns, numeric, transposed, blankRows, notes, ...style };
}
