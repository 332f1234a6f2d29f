import { parsedRows } from './delimited/parsed-rows.ts';
import { RowTaker } from './delimited/row-taker.ts';
import { scannedRows } from './delimited/scanned-rows.ts';
import { dialectOf, type TextOptions } from './dialect.ts';
import type { TableFile } from './table-file.ts';
import type { TextStream } from './text-stream.ts';
import type { ColumnChunk } from './values.ts';

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
  const { columns, delimiter, transposed, quote } = dialect;
  const plain = delimiter !== 'blanks' && !transposed;

  async function* chunks(wanted: readonly string[]): AsyncGenerator<ColumnChunk> {
    const taker = new RowTaker(name, dialect, wanted);
    const { out } = taker;
    const parsed = parsedRows(taker, dialect);
    const scanned = scannedRows(taker, dialect, text);
    let rest = '';
    for await (const block of text.lines()) {
      // A row that begins within quotes must be parsed to its end.
      if (plain && rest === '' && !block.includes(quote.charCodeAt(0))) scanned(block);
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
