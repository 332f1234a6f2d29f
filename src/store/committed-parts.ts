import { dirname, join } from 'node:path';
import { makeDurable, syncFolder } from './file.ts';
import { checkFiles, removeStrays } from './folder.ts';
import type { JournalEntry } from './journal.ts';
import type { FileEntry } from './manifest.ts';
import type { Part } from './sink.ts';

/** Where the part files of a run are kept: its folder, or a bucket that the folder is a working copy of. */
export interface CommittedParts {
  /** Takes parts that were committed, whose files stand in the folder. */
  take(parts: readonly Part[]): Promise<void>;
  /** Waits until all that were taken are kept: a checkpoint may count on them. */
  settle(): Promise<void>;
  /**
   * Holds parts against what was written.
   * @throws StoreError for the first that is missing or not as it was written
   */
  check(written: Readonly<Record<string, FileEntry>>): Promise<void>;
  /** Removes part files that the journal doesn't list, and what was never finished. */
  removeStrays(tables: readonly string[], journal: Iterable<JournalEntry>): Promise<void>;
}

/** Parts that stay in the run folder: kept once the disk has them. */
export function partsInFolder(folder: string): CommittedParts {
  let fresh: string[] = [];
  return {
    async take(parts) {
      fresh.push(...parts.map((part) => join(folder, part.path)));
    },
    async settle() {
      const paths = fresh;
      fresh = [];
      for (const path of paths) await makeDurable(path);
      for (const each of new Set(paths.map((path) => dirname(path)))) await syncFolder(each);
    },
    check: (written) => checkFiles(folder, written, Object.keys(written)),
    removeStrays: (tables, journal) => removeStrays(folder, tables, journal),
  };
}
