import { tableSchema } from '../schema/table.ts';
import type { EntryList } from './entry-list.ts';
import { statesName } from './folder.ts';
import { Streamed } from './json-pieces.ts';
import type { FileEntry, Manifest, StreamedManifest, TableEntry } from './manifest.ts';
import { stateFolder } from './part-path.ts';
import type { Part } from './sink.ts';

/** What a manifest lists. */
export interface Listed {
  /** Tables of part files, which are listed where they have none. */
  readonly record: readonly string[];
  readonly journal: EntryList;
  /** Tables that are a file each. */
  readonly results: ReadonlyMap<string, Part>;
  /** The kept states. */
  readonly states: FileEntry | undefined;
}

const fileEntry = ({ rows, bytes, sha256 = '' }: Part): FileEntry => ({ rows, bytes, sha256 });

function tablesOf({ record, journal, results }: Listed): string[] {
  const names = new Set([...record, ...journal.tables, ...results.keys()]);
  names.delete(stateFolder);
  return [...names];
}

function* partsOf({ journal, results }: Listed, table: string): Generator<Part> {
  const result = results.get(table);
  if (result === undefined) yield* journal.partsOf(table);
  else yield result;
}

function* pathsOf(listed: Listed, table: string): Generator<readonly [undefined, string]> {
  for (const { path } of partsOf(listed, table)) yield [undefined, path];
}

/** Files in the order of tables, parts in that of partitions, the states of a shard's after them. */
function* filesOf(listed: Listed): Generator<readonly [string, FileEntry]> {
  for (const table of [...tablesOf(listed), stateFolder])
    for (const part of partsOf(listed, table)) yield [part.path, fileEntry(part)];
  if (listed.states !== undefined) yield [statesName, listed.states];
}

function sumsOf(listed: Listed, table: string): Omit<TableEntry, 'parts'> {
  let [rows, bytes] = [0, 0];
  for (const part of partsOf(listed, table)) {
    rows += part.rows;
    bytes += part.bytes;
  }
  return { version: tableSchema(table).version, rows, bytes };
}

/** The tables of a run by their names in order, with what `partsIn` makes of the paths of their parts. */
const tablesWith = <Parts>(listed: Listed, partsIn: (table: string) => Parts) =>
  Object.fromEntries(
    tablesOf(listed)
      .sort()
      .map((table) => [table, { ...sumsOf(listed, table), parts: partsIn(table) }] as const),
  );

/** The tables and files of a run, made while they are written. */
export const streamedListing = (listed: Listed): Pick<StreamedManifest, 'tables' | 'files'> => ({
  tables: tablesWith(listed, (table) => new Streamed('[]', pathsOf(listed, table))),
  files: new Streamed('{}', filesOf(listed)),
});

/** The same, all at once. */
export const listingOf = (listed: Listed): Pick<Manifest, 'tables' | 'files'> => ({
  tables: tablesWith(listed, (table) => Array.from(pathsOf(listed, table), ([, path]) => path)),
  files: Object.fromEntries(filesOf(listed)),
});
