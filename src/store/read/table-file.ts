import type { ColumnChunk } from './values.ts';

/** A table that lies in a file or comes from a stream, whatever its format. */
export interface TableFile {
  /** What it is called in messages: a path, or `standard input`. */
  readonly name: string;
  /** Column names, in order. */
  readonly columns: readonly string[];
  /** Those of dates and times, which are read as seconds since 1970 (UTC), to a quarter of a microsecond. */
  readonly times?: ReadonlySet<string>;
  /** Further columns that can't be read as numbers, texts or booleans, and what they hold (`lists`, `dates` …). */
  readonly unreadable?: ReadonlyMap<string, string>;
  /** What was decided about its layout that might have been decided otherwise, as sentences. */
  readonly notes?: readonly string[];
  /**
   * Reads columns in chunks of rows, in order; holds one chunk at a time. Can be called once where the table comes from a stream.
   * @throws StoreError where the content is damaged or a column holds neither numbers, texts nor booleans
   */
  chunks(names: readonly string[]): AsyncIterable<ColumnChunk>;
  close(): Promise<void>;
}

/** Names of columns in a sentence, with those that can't be read: the first of many, the beginnings of long ones. */
export function columnList({
  columns,
  unreadable,
}: Pick<TableFile, 'columns'> & { unreadable?: TableFile['unreadable'] | undefined }): string {
  const others = [...(unreadable ?? [])].map(([name, what]) => `${named(name)} (${what})`);
  return `${columns.length === 0 ? 'none' : firstOf(columns.map(named))}${others.length === 0 ? '' : `; not to be read: ${firstOf(others)}`}`;
}

const mostNames = 50;
const longestName = 80;

function named(name: string): string {
  const characters = [...name];
  const shown = characters.length > longestName ? `${characters.slice(0, longestName).join('')}…` : name;
  return shown === '' || /[\s,']/.test(shown) ? `'${shown}'` : shown;
}

function firstOf(names: readonly string[]): string {
  const left = names.length - mostNames;
  return left > 1 ? `${names.slice(0, mostNames).join(', ')} and ${left} more` : names.join(', ');
}
