import Papa from 'papaparse';

/** What parts the fields of a row. `blanks`: runs of spaces and tabs. */
export type Delimiter = ',' | ';' | '\t' | '|' | 'blanks';

/** How rows are parted into fields. */
export interface Parting {
  readonly delimiter: Delimiter;
  readonly quote: '"' | "'";
}

/** Runs of blanks outside quotes as one tab, none at the ends of a line. */
function withoutRuns(text: string): string {
  const inQuotes = text.includes('"');
  const runs = inQuotes ? /("(?:[^"]|"")*")|[ \t]+/g : /[ \t]+/g;
  return text
    .replace(runs, (_, quoted: unknown) => (typeof quoted === 'string' ? quoted : '\t'))
    .replace(/^\t|\t$/gm, '');
}

/** The parser of a text: whole rows of a text and how many characters they took. */
export function rowsOf({ delimiter, quote }: Parting) {
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

export const isBlank = (row: readonly string[]): boolean =>
  row.length === 0 || (row.length === 1 && row[0]!.trim() === '');
