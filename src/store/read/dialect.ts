import Papa from 'papaparse';
import { StoreError } from '../../error.ts';
import { looksMissing, type NumberStyle, numberReader } from './cells.ts';

/** How a text is laid out as a table. `blanks`: runs of spaces and tabs. */
export interface Dialect extends NumberStyle {
  readonly delimiter: ',' | ';' | '\t' | '|' | 'blanks';
  readonly quote: '"' | "'";
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
  readonly delimiter?: Dialect['delimiter'] | undefined;
  readonly decimal?: '.' | ',' | undefined;
  readonly thousands?: NumberStyle['thousands'] | 'none' | undefined;
  /** What comment lines begin with; '' for none. */
  readonly comment?: string | undefined;
  readonly header?: boolean | undefined;
  readonly encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1' | undefined;
}

const delimiters = ['\t', ';', '|', ',', 'blanks'] as const;
const named: Record<Dialect['delimiter'], string> = {
  '\t': 'tab',
  ';': 'semicolon',
  '|': 'bar',
  ',': 'comma',
  blanks: 'blanks',
};

/** Runs of blanks outside quotes as one tab, none at the ends of a line. */
function withoutRuns(text: string): string {
  const inQuotes = text.includes('"');
  const runs = inQuotes ? /("(?:[^"]|"")*")|[ \t]+/g : /[ \t]+/g;
  return text
    .replace(runs, (_, quoted: unknown) => (typeof quoted === 'string' ? quoted : '\t'))
    .replace(/^\t|\t$/gm, '');
}

/** The parser of a dialect: whole rows of a text and how many characters they took. */
export function rowsOf({ delimiter, quote }: Pick<Dialect, 'delimiter' | 'quote'>) {
  const separator = delimiter === 'blanks' ? '\t' : delimiter;
  // Papa takes a quote for one only where a field begins with it: blanks after a delimiter come off first.
  const padded = new RegExp(`(^|[${separator === '|' ? '\\|' : separator}]) +(?=["'])`, 'gm');
  const parser = new Papa.Parser({ delimiter: separator, newline: '\n', quoteChar: quote });
  return (text: string, cut: boolean): { rows: string[][]; rest: string; openQuote: boolean } => {
    let input = text;
    if (delimiter === 'blanks') {
      const end = cut ? input.lastIndexOf('\n') + 1 : input.length;
      input = withoutRuns(input.slice(0, end)) + input.slice(end);
    } else if (input.includes(quote)) input = input.replace(padded, '$1');
    const { data, errors, meta } = parser.parse(input, 0, cut) as Papa.ParseResult<string[]>;
    const openQuote = errors.some(({ code }) => code === 'MissingQuotes');
    return { rows: data, rest: cut ? input.slice(meta.cursor) : '', openQuote };
  };
}

const isBlank = (row: readonly string[]): boolean => row.length === 0 || (row.length === 1 && row[0]!.trim() === '');

/** The mark that comment lines begin with, if the sample has such lines. */
function commentOf(lines: readonly string[]): string | undefined {
  for (const mark of ['#', '%', '//', '!']) {
    if (lines.some((line) => line.startsWith(mark) && !looksMissing(line))) return mark;
  }
  // A semicolon parts fields more often than it begins comments.
  const marked = lines.filter((line) => line.startsWith(';'));
  return marked.length > 0 && lines.every((line) => line.startsWith(';') || !line.includes(';')) ? ';' : undefined;
}

/** Whether a line is left out. */
export function isComment(comment: string | undefined, cell: string): boolean {
  return (
    comment !== undefined && comment !== '' && cell.trimStart().startsWith(comment) && !looksMissing(cell.trimStart())
  );
}

/** The delimiter that parts most lines alike; of equal ones the first in the list, so that 2;11,3 is parted at the semicolon. */
function delimiterOf(sample: string, lines: readonly string[]): Dialect['delimiter'] {
  let best: { delimiter: Dialect['delimiter']; share: number } | undefined;
  for (const delimiter of delimiters) {
    const { rows } = rowsOf({ delimiter, quote: '"' })(sample, false);
    const counted = new Map<number, number>();
    const kept = rows.filter((row) => !isBlank(row));
    for (const row of kept) counted.set(row.length, (counted.get(row.length) ?? 0) + 1);
    const [width, count] = [...counted].reduce((a, b) => (b[1] > a[1] ? b : a), [1, 0]);
    if (width < 2) continue;
    const share = count / kept.length;
    if (share > 0.5 && (best === undefined || share > best.share + 0.2)) best = { delimiter, share };
  }
  // One column of words with blanks between them is one column: only numbers are parted at blanks alone.
  if (best?.delimiter === 'blanks' && !lines.slice(1).some((line) => /\d/.test(line)) && lines.length > 1) return ',';
  return best?.delimiter ?? ',';
}

/** How the numbers of the sample are written, where that isn't said. */
function styleOf(
  name: string,
  cells: readonly string[],
  delimiter: Dialect['delimiter'],
  given: TextOptions,
): NumberStyle {
  const thousands = given.thousands === 'none' ? undefined : given.thousands;
  if (given.decimal !== undefined) return { decimal: given.decimal, thousands };
  if (given.thousands !== undefined)
    return { decimal: thousands === ',' ? '.' : thousands === '.' ? ',' : '.', thousands };
  const numbers = cells
    .map((cell) => cell.trim())
    .filter((cell) => /^[+-]?[\d.,' _\u00a0\u2009\u202f]*\d[\d.,' _\u00a0\u2009\u202f]*$/.test(cell));
  const some = (pattern: RegExp): boolean => numbers.some((cell) => pattern.test(cell));
  if (some(/^[+-]?\d{1,3}(,\d{3})+\.\d*$/) || some(/^[+-]?\d{1,3}(,\d{3}){2,}$/))
    return { decimal: '.', thousands: ',' };
  if (some(/^[+-]?\d{1,3}(\.\d{3})+,\d*$/) || some(/^[+-]?\d{1,3}(\.\d{3}){2,}$/))
    return { decimal: ',', thousands: '.' };
  if (some(/^[+-]?\d{1,3}'\d{3}/)) return { decimal: '.', thousands: "'" };
  if (some(/^[+-]?\d{1,3}(_\d{3})+(\.\d*)?$/)) return { decimal: '.', thousands: '_' };
  if (some(/^[+-]?\d{1,3}([ \u00a0\u2009\u202f]\d{3})+([.,]\d*)?$/)) {
    return { decimal: some(/,\d*$/) ? ',' : '.', thousands: ' ' };
  }
  const commas = numbers.filter((cell) => cell.includes(','));
  if (commas.length > 0) {
    const dotted = numbers.filter((cell) => cell.includes('.'));
    const dots = dotted.length > 0;
    if (dots && commas.every((cell) => /^[+-]?\d{1,3},\d{3}$/.test(cell))) return { decimal: '.', thousands: ',' };
    if (dots && dotted.every((cell) => /^[+-]?\d{1,3}\.\d{3}$/.test(cell))) return { decimal: ',', thousands: '.' };
    if (dots) return { decimal: '.' };
    if (commas.some((cell) => !/^[+-]?\d{1,3},\d{3}$/.test(cell))) return { decimal: ',' };
    // Where fields are parted at commas a comma inside one must stand for thousands.
    if (delimiter === ',') return { decimal: '.', thousands: ',' };
    throw new StoreError(
      `${name} has numbers like ${commas[0]}, which may be thousands or decimals: say --decimal , or --thousands ,`,
    );
  }
  return { decimal: '.' };
}

/** Lines that a title takes before a header: they have fewer fields than the header, which is of words above numbers. */
function titleOf(rows: readonly (readonly string[])[], isNumber: (cell: string) => boolean): number {
  const width = rows.slice(1).reduce((most, row) => Math.max(most, row.length), 0);
  const at = rows.findIndex((row) => row.length === width);
  const [header, first] = [rows[at], rows[at + 1]];
  if (width < 2 || at < 1 || at > 20 || header === undefined || first === undefined) return 0;
  const words = header.every((cell) => cell.trim() !== '' && !isNumber(cell));
  return words && first.some((cell) => cell.trim() !== '' && isNumber(cell)) ? at : 0;
}

const counting = (row: readonly string[]): boolean => row.every((cell, at) => cell.trim() === String(at));

/**
 * Finds out how a text is laid out, from its beginning.
 * @throws StoreError where it is empty or can't be told, naming the option that would help
 */
export function dialectOf(name: string, sample: string, whole: boolean, given: TextOptions): Dialect {
  const notes: string[] = [];
  let text = whole ? sample : sample.slice(0, sample.lastIndexOf('\n') + 1);
  let skip = 0;
  const separator = /^sep=(.)\n/.exec(text);
  if (separator !== null) {
    text = text.slice(separator[0].length);
    skip++;
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new StoreError(`${name} can't be read as a table: it is empty`);
  const comment = given.comment === '' ? undefined : (given.comment ?? commentOf(lines));
  const content = lines.filter((line) => !isComment(comment, line));
  if (content.length === 0)
    throw new StoreError(`${name} holds nothing but lines that begin with ${comment}: choose --comment`);
  const joined = content.join('\n');
  const marked = separator?.[1] as Dialect['delimiter'] | undefined;
  let delimiter = given.delimiter ?? (marked !== undefined && marked in named ? marked : delimiterOf(joined, content));
  const quote: Dialect['quote'] =
    /(^|[,;\t| ])'[^'\n]*'($|[,;\t| \n])/m.test(content[0]!) && !joined.includes('"') ? "'" : '"';
  let { rows } = rowsOf({ delimiter, quote })(joined, false);
  rows = rows.filter((row) => !isBlank(row));
  if (!whole && rows.length > 1) rows.pop();
  const pure = (row: readonly string[], style: NumberStyle): boolean => {
    const read = numberReader(style);
    return row.every((cell) => read(cell) !== undefined);
  };

  // A single column of decimal commas looks like two columns under a header of one.
  const [first] = rows as [string[]];
  const data = rows.slice(1);
  if (
    given.delimiter === undefined &&
    delimiter === ',' &&
    first.length === 1 &&
    data.some((row) => row.length === 2) &&
    data.every((row) => row.length <= 2 && row.every((cell) => /^\s*[+-]?\d+\s*$/.test(cell))) &&
    given.decimal !== '.' &&
    !data.every((row, at) => row[0]!.trim() === String(at + 1) || row[0]!.trim() === String(at))
  ) {
    delimiter = ';';
    rows = rowsOf({ delimiter, quote })(joined, false).rows.filter((row) => !isBlank(row));
    notes.push(`${name} is read as one column with decimal commas (--delimiter , reads two columns).`);
  }
  const style = styleOf(name, rows.flat(), delimiter, given);
  const read = numberReader(style);
  const transposed = whole && rows.length === 1 && rows[0]!.length > 2 && pure(rows[0]!, style);

  const title = given.header === undefined ? titleOf(rows, (cell) => read(cell) !== undefined) : 0;
  if (title > 0) {
    notes.push(`The first ${title} lines of ${name} have fewer fields than those below: they are taken for a title.`);
    rows = rows.slice(title);
    skip += title;
  }
  const head = rows[0]!;
  const body = rows.slice(1);
  const width = body.reduce((most, row) => Math.max(most, row.length), body.length === 0 ? head.length : 0);
  const namedAbove = (): string[] | undefined => {
    // A header that is a comment, as numpy.savetxt writes it: the last comment before the first row, with as many names.
    const at = lines.indexOf(content[0]!);
    const above = at > 0 ? lines[at - 1]! : undefined;
    if (comment === undefined || above === undefined || !isComment(comment, above)) return undefined;
    const words = rowsOf({ delimiter, quote })(above.trimStart().slice(comment.length).trim(), false).rows[0] ?? [];
    const names = words.map((word) => word.trim());
    const one = names.length === 1 && at === 1 && !/\s/.test(names[0]!);
    return names.length === head.length && (names.length > 1 || one) && !pure(names, style) ? names : undefined;
  };
  const textual = head.some((cell) => read(cell) === undefined) || (head[0]!.trim() === '' && head.length > 1);
  // pandas names columns 0, 1, … where they have no name.
  const numbered =
    head.length > 1 &&
    body.length > 1 &&
    counting(head) &&
    !(body[0]![0]!.trim() === '1' && body[1]![0]!.trim() === '2');
  let header: readonly string[] | undefined;
  const above = given.header === undefined ? namedAbove() : undefined;
  const own = given.header ?? (!transposed && above === undefined && (textual || numbered));
  if (own) {
    header = head.map((cell) => cell.trim());
    skip++;
    if (given.header === undefined && !textual)
      notes.push(
        `The first line of ${name}, ${head.join(',')}, is taken for names of columns (--no-header: it is data).`,
      );
  } else header = above;

  let records = own ? body : rows;
  const units = records[0];
  if (own && given.header === undefined && units !== undefined && records.length > 2 && units.length === head.length) {
    const below = records.slice(1, 50);
    const unit = (at: number): boolean =>
      read(units[at]!) === undefined && below.every((row) => row[at] === undefined || read(row[at]) !== undefined);
    if (units.some((_, at) => unit(at)) && units.every((cell) => !(read(cell)! - read(cell)! === 0))) {
      skip++;
      records = records.slice(1);
      notes.push(`The second line of ${name}, ${units.join(',')}, is taken for units and left out.`);
    }
  }

  let columns = [...(header ?? Array.from({ length: transposed ? 1 : width }, (_, at) => String(at + 1)))];
  const trailing = (at: number): boolean => records.every((row) => (row[at] ?? '').trim() === '');
  if (header !== undefined && width > columns.length) {
    let extra = width;
    while (extra > columns.length && trailing(extra - 1)) extra--;
    if (extra === columns.length + 1) columns = ['row.names', ...columns];
    else if (extra > columns.length) {
      throw new StoreError(
        `${name} has ${columns.length} names of columns and ${extra} fields a row (${named[delimiter]} between fields): choose --delimiter or --no-header`,
      );
    }
  }
  while (columns.length > 1 && (columns.at(-1) === '' || header === undefined) && trailing(columns.length - 1))
    columns.pop();
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (twice !== undefined)
    throw new StoreError(`${name} can't be read: it names column '${twice}' twice (--no-header: columns by position)`);
  const numeric = columns.map((_, at) => {
    let numbers = 0;
    let texts = 0;
    for (const row of records) {
      const cell = transposed ? row[0] : row[at];
      if (cell === undefined) continue;
      const value = read(cell);
      if (value === undefined) texts++;
      else if (!Number.isNaN(value)) numbers++;
    }
    // A few words among numbers are mistakes to be named, not a column of texts.
    return texts === 0 || numbers > 9 * texts;
  });
  const spaced = content.length > 3 && /^(?:.*\S.*\n[ \t]*\n)+(?:.*\S.*\n?)?\s*$/.test(text);
  const blankRows = columns.length === 1 && !transposed && !spaced;
  return { delimiter, quote, comment, skip, columns, numeric, transposed, blankRows, notes, ...style };
}
