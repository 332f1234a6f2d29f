import { join } from 'node:path';
import { saveCheckpoint } from './checkpoint.ts';
import { writeAtomically } from './file.ts';
import { checkFiles, checkNoLinks, checkpointName, journalName, manifestName } from './folder.ts';
import { identity } from './identity.ts';
import { emptyMark, type JournalEntry, nextMark, openJournal } from './journal.ts';
import { takeLock } from './lock.ts';
import { type Manifest, type ManifestHead, writeManifest } from './manifest.ts';
import { partNumbers, unfinishedPath } from './part-path.ts';
import type { Part } from './sink.ts';

/** The journal that a complete run would have: its parts, partition by partition. */
function journalOf({ tables, files }: Manifest, merged: readonly number[]): JournalEntry[] {
  const parts = new Map<string, Part[]>();
  for (const [table, { parts: paths }] of Object.entries(tables)) {
    for (const path of paths) {
      const numbers = partNumbers(path);
      if (numbers === undefined) continue; // a result table
      const { rows = 0, bytes, sha256 } = files[path]!;
      const key = `${numbers.ensemble}/${numbers.index}`;
      parts.set(key, [...(parts.get(key) ?? []), { table, path, rows, bytes, sha256 }]);
    }
  }
  return merged.flatMap((count, ensemble) =>
    Array.from({ length: count }, (_, index) => ({ ensemble, index, parts: parts.get(`${ensemble}/${index}`) ?? [] })),
  );
}

/**
 * Turns a complete run into a partial one that goes on from its states, under changed parameters. Journal and checkpoint are written before the
 * manifest that makes them count: cut off anywhere, the folder holds the complete run or the partial one.
 * @param merged partitions of each ensemble that the states are of
 * @throws StoreError where a file isn't as it was written, another process writes there, or the disk fails
 */
export async function reopenComplete(
  folder: string,
  manifest: Manifest,
  changes: Pick<ManifestHead, 'parameters' | 'partition_sizes'>,
  merged: readonly number[],
  states: readonly unknown[],
): Promise<void> {
  const lock = await takeLock(folder);
  try {
    await checkNoLinks(folder, manifest.record);
    await checkFiles(folder, manifest.files, Object.keys(manifest.files));
    const entries = journalOf(manifest, merged);
    const mark = entries.reduce(nextMark, emptyMark(manifest.run));
    const { ended: _, report: __, ...rest } = manifest;
    const reopened: Manifest = { ...rest, ...changes, status: 'partial', ended: null, committed: mark.entries };
    const at = (path: string): string => join(folder, unfinishedPath(path));
    await using journal = openJournal(join(folder, journalName), manifest.run, [], at(journalName));
    await journal.rewrite(entries);
    const head = { identity: identity(reopened), journal: mark, entries: states };
    await saveCheckpoint(join(folder, checkpointName), head, { temporary: at(checkpointName) });
    await lock.check();
    await writeAtomically(join(folder, manifestName), writeManifest(reopened), { temporary: at(manifestName) });
  } finally {
    await lock.release();
  }
}
