import { tableSchema } from '../schema/table.ts';
import type { JournalEntry } from './journal.ts';
import type { FileEntry, Manifest, TableEntry } from './manifest.ts';
import { stateFolder } from './part-path.ts';
import type { Part } from './sink.ts';

/** What a manifest says of a run's tables, and of every file that counts. */
export type Listing = Pick<Manifest, 'tables' | 'files'>;

function tableEntry(table: string, parts: readonly Part[]): TableEntry {
  return {
    version: tableSchema(table).version,
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    parts: parts.map((part) => part.path),
  };
}

/**
 * The tables and files of a run, parts in the order of partitions, the states of a shard's after them.
 * @param record tables of part files, which are listed where they have none
 * @param results tables that are a file each
 */
export function listingOf(
  record: readonly string[],
  journal: Iterable<JournalEntry>,
  results: ReadonlyMap<string, Part>,
): Listing {
  const states: Part[] = [];
  const parts = new Map<string, Part[]>(record.map((table) => [table, []]));
  for (const entry of [...journal].sort((a, b) => a.ensemble - b.ensemble || a.index - b.index)) {
    for (const part of entry.parts) {
      if (part.table === stateFolder) {
        states.push(part);
        continue;
      }
      const sofar = parts.get(part.table);
      if (sofar === undefined) parts.set(part.table, [part]);
      else sofar.push(part);
    }
  }
  for (const [table, part] of results) parts.set(table, [part]);
  const files: Record<string, FileEntry> = {};
  for (const { path, rows, bytes, sha256 = '' } of [...[...parts.values()].flat(), ...states])
    files[path] = { rows, bytes, sha256 };
  const names = [...parts.keys()].sort();
  return { tables: Object.fromEntries(names.map((table) => [table, tableEntry(table, parts.get(table)!)])), files };
}
