import { join } from 'node:path';
import { StoreError } from '../error.ts';
import { loadCheckpoint } from './checkpoint.ts';
import { checkpointName, journalName, manifestName, readManifest, statesName } from './folder.ts';
import { identity } from './identity.ts';
import { countedEntries, emptyMark, type JournalEntry, readJournal } from './journal.ts';
import type { FileEntry, Manifest } from './manifest.ts';

/**
 * The final states that a complete run kept; undefined where it kept none.
 * @throws StoreError where they can't be read, are damaged or another run's
 */
export async function loadStates(folder: string): Promise<readonly unknown[] | undefined> {
  const manifest = await readManifest(folder);
  const path = join(folder, statesName);
  const states = await loadCheckpoint(path);
  if (states !== undefined && states.identity !== identity(manifest)) {
    throw new StoreError(`${path} holds the states of another run than ${manifestName} there`);
  }
  return states?.entries;
}

/**
 * What the last checkpoint of an unfinished run counts on: committed partitions, and their parts as they were written, by their paths.
 * @param advice what to do where the checkpoint is missing
 * @throws StoreError that begins with the path of checkpoint or journal, where that is missing, damaged or of another run
 */
export async function countedOn(
  folder: string,
  manifest: Manifest,
  advice = '',
): Promise<{ readonly entries: readonly JournalEntry[]; readonly files: Readonly<Record<string, FileEntry>> }> {
  const path = join(folder, checkpointName);
  const checkpoint = await loadCheckpoint(path);
  if (checkpoint === undefined && manifest.committed > 0) {
    throw new StoreError(`${path} is missing: ${manifest.committed} partitions were committed${advice}`);
  }
  if (checkpoint !== undefined && checkpoint.identity !== identity(manifest)) {
    throw new StoreError(`${path} is of another run, or of other parameters, than ${manifestName} there`);
  }
  const journalPath = join(folder, journalName);
  const journal = await readJournal(journalPath, manifest.run);
  const entries = countedEntries(journalPath, journal, checkpoint?.journal ?? emptyMark(manifest.run));
  const parts = entries.flatMap((entry) => entry.parts);
  const files = parts.map(({ path, rows, bytes, sha256 = '' }) => [path, { rows, bytes, sha256 }] as const);
  return { entries, files: Object.fromEntries(files) };
}
