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
 * The committed partitions that the last checkpoint counts on, each with all its parts as they were written.
 * @param check that parts are, by their paths; throws where one isn't
 */
export async function trustedEntries(
  folder: string,
  manifest: Manifest,
  check: (written: Readonly<Record<string, FileEntry>>) => Promise<void>,
): Promise<readonly JournalEntry[]> {
  const path = join(folder, checkpointName);
  const checkpoint = await loadCheckpoint(path);
  if (checkpoint === undefined && manifest.committed > 0) {
    throw new StoreError(
      `${path} is missing: the run can't go on from ${manifest.committed} partitions whose states are lost; run it anew in another folder`,
    );
  }
  if (checkpoint !== undefined && checkpoint.identity !== identity(manifest)) {
    throw new StoreError(`${path} is of another run, or of other parameters, than ${manifestName} there`);
  }
  const journalPath = join(folder, journalName);
  const journal = await readJournal(journalPath, manifest.run);
  const entries = countedEntries(journalPath, journal, checkpoint?.journal ?? emptyMark(manifest.run));
  const parts = entries.flatMap((entry) => entry.parts);
  const written = Object.fromEntries(
    parts.map(({ path, rows, bytes, sha256 = '' }) => [path, { rows, bytes, sha256 }]),
  );
  await check(written);
  return entries;
}
