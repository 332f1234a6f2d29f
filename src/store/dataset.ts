import { randomUUID } from 'node:crypto';
import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CompleteError } from '../error.ts';
import type { Row } from '../schema/rows.ts';
import { tableSchema } from '../schema/table.ts';
import { buildsGoingOn, buildsWithOwn } from './build.ts';
import { countedOn } from './checked-states.ts';
import { loadCheckpoint, removeCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { type CommittedParts, partsInFolder } from './committed-parts.ts';
import { EntryList } from './entry-list.ts';
import {
  checkFree,
  checkNoLinks,
  checkpointName,
  journalName,
  makeFolder,
  manifestName,
  readManifest,
  statesName,
} from './folder.ts';
import { identity } from './identity.ts';
import { fileOptions } from './imprint.ts';
import { type JournalEntry, openJournal, removeJournal } from './journal.ts';
import { type Listed, listingOf, streamedListing } from './listing.ts';
import { type Lock, type TakeOptions, takeLock } from './lock.ts';
import {
  datasetVersion,
  type FileEntry,
  type Manifest,
  type ManifestHead,
  type StreamedManifest,
  saveManifest,
} from './manifest.ts';
import type { ParquetOptions } from './parquet/encoder.ts';
import { stateFolder, statePath, tablePath, unfinishedName, unfinishedPath } from './part-path.ts';
import { reportEntries } from './report-files.ts';
import type { Part } from './sink.ts';
import { surroundings } from './surroundings.ts';
import { writeTable } from './write-table.ts';

/**
 * A run folder that is being written. The order of events makes it safe to cut off anywhere: part files appear under their names
 * when whole, count once `commit` has listed them in the journal, and `status: complete` is written last of all.
 * All methods throw StoreError where the disk fails.
 */
export interface Dataset extends AsyncDisposable {
  /** Where its files are written. */
  readonly folder: string;
  /** What users call it: the folder, or the address of the bucket that the folder is a working copy of. */
  readonly address: string;
  readonly manifest: Manifest;
  /** Committed partitions, in the order they were committed. */
  readonly journal: readonly JournalEntry[];
  /** Lists a partition and its part files: from now on they count. */
  commit(entry: JournalEntry): Promise<void>;
  /** Keeps the committed partitions that `keep` accepts; all other part files are removed. No sink may be open. */
  retain(keep: (entry: JournalEntry) => boolean): Promise<void>;
  /** Writes a result table, `<table>.parquet`, replacing what an earlier session wrote. */
  writeTable(table: string, rows: readonly Row[]): Promise<Part>;
  /** Keeps what a partition of a shard came to; counts once it is committed with the partition's parts. */
  savePartition(partition: { readonly ensemble: number; readonly index: number }, value: unknown): Promise<Part>;
  /** Saves structured-cloneable entries, replacing the last ones. They must not change before it resolves, and nothing be committed. */
  saveCheckpoint(entries: readonly unknown[]): Promise<void>;
  /** The last checkpoint; undefined where there is none. */
  loadCheckpoint(): Promise<readonly unknown[] | undefined>;
  /** Keeps the final states of a run: entries as of a checkpoint. */
  saveStates(entries: readonly unknown[]): Promise<void>;
  /**
   * Removes part files that don't count and writes the manifest with its last status; a complete run also loses its checkpoint
   * and journal, since the manifest then lists every part. No sink may be open.
   * @param made all that was written, relative to the folder: findings, figures and page are listed as they are now
   */
  finish(
    status: 'partial' | 'complete',
    counts: Readonly<Record<string, number>>,
    made?: readonly string[],
  ): Promise<Manifest>;
  /** Removes a run of which nothing has been committed, and its folder where nothing else is in it. Runs in a bucket stay. */
  withdraw?(): Promise<void>;
}

export interface DatasetOptions extends ParquetOptions {
  /** Default: the folder. */
  readonly address?: string;
  /** Default: those in the folder. */
  readonly parts?: CommittedParts;
  /** How a lock of another machine is met. */
  readonly lock?: TakeOptions;
}

const temporary = (folder: string, path: string): string => join(folder, unfinishedPath(path));

/** Folders of part files: recorded tables, and a shard's states. */
const partFolders = ({ record, shard }: Manifest): readonly string[] =>
  shard === undefined ? record : [...record, stateFolder];

const save = (folder: string, manifest: Manifest | StreamedManifest): Promise<void> =>
  saveManifest(join(folder, manifestName), manifest, { temporary: temporary(folder, manifestName) });

function dataset(
  folder: string,
  lock: Lock,
  first: Manifest,
  committed: readonly JournalEntry[],
  options: DatasetOptions,
): Dataset {
  const began = performance.now();
  const { address = folder, parts: kept = partsInFolder(folder) } = options;
  const journalFile = openJournal(join(folder, journalName), first.run, committed, temporary(folder, journalName));
  const checkpoint = join(folder, checkpointName);
  const results = new Map<string, Part>();
  let states: FileEntry | undefined;
  let journal = new EntryList(committed);
  /** Without what is listed, which is made anew where it is asked for: it grows with every part. */
  let head: Manifest = { ...first, tables: {}, files: {} };

  const listed = (): Listed => ({ record: head.record, journal, results, states });
  const update = async (changes: Partial<Manifest>): Promise<void> => {
    const seconds = first.wall_seconds + (performance.now() - began) / 1000;
    head = { ...head, ...changes, wall_seconds: Math.round(seconds * 1000) / 1000 };
    await save(folder, { ...head, ...streamedListing(listed()) });
  };

  return {
    folder,
    address,
    get manifest() {
      return { ...head, ...listingOf(listed()) };
    },
    get journal() {
      return [...journal];
    },
    async commit(entry) {
      journalFile.append(entry);
      journal.push(entry);
      await kept.take(entry.parts);
    },
    async retain(keep) {
      await lock.check();
      await kept.settle();
      if (journal.some((entry) => !keep(entry))) {
        const left = [...journal].filter(keep);
        await journalFile.rewrite(left);
        journal = new EntryList(left);
      }
      await kept.removeStrays(partFolders(head), journal);
    },
    async writeTable(table, rows) {
      await lock.check();
      const path = tablePath(table);
      const part = await writeTable(join(folder, path), table, rows, {
        temporary: temporary(folder, path),
        ...fileOptions(head, 'table'),
        ...options,
      });
      results.set(table, part);
      return part;
    },
    async savePartition({ ensemble, index }, value) {
      const path = statePath(ensemble, index);
      const bound = { identity: identity(head), journal: undefined, entries: [value] };
      const how = { durable: false, temporary: temporary(folder, path) };
      return { table: stateFolder, path, rows: 1, ...(await saveCheckpoint(join(folder, path), bound, how)) };
    },
    async saveCheckpoint(entries) {
      // A checkpoint must never be ahead of the parts and the journal, even where the machine fails.
      await kept.settle();
      await lock.check();
      await journalFile.sync();
      const bound = { identity: identity(head), journal: journalFile.mark, entries };
      await saveCheckpoint(checkpoint, bound, { temporary: temporary(folder, checkpointName) });
      await update({ committed: journalFile.mark.entries });
    },
    loadCheckpoint: async () => (await loadCheckpoint(checkpoint))?.entries,
    async saveStates(entries) {
      await lock.check();
      const bound = { identity: identity(head), journal: undefined, entries };
      states = await saveCheckpoint(join(folder, statesName), bound, { temporary: temporary(folder, statesName) });
    },
    async finish(status, counts, made = []) {
      try {
        await kept.settle();
        await lock.check();
        await kept.removeStrays(partFolders(head), journal);
        await journalFile[Symbol.asyncDispose]();
        const report = await reportEntries(folder, made);
        await update({ status, counts, ended: new Date().toISOString(), report });
        if (status === 'complete') {
          // What stays of them counts no more.
          await removeCheckpoint(checkpoint).catch(() => {});
          await removeJournal(join(folder, journalName)).catch(() => {});
        }
        await rmdir(join(folder, unfinishedName)).catch(() => {}); // not empty: somebody else's
        return { ...head, ...listingOf(listed()) };
      } finally {
        await lock.release();
      }
    },
    async withdraw() {
      try {
        await lock.check();
        await journalFile[Symbol.asyncDispose]();
        await kept.removeStrays(partFolders(head), []);
        for (const table of partFolders(head)) await rmdir(join(folder, table)).catch(() => {}); // not there, or not ours
        await removeCheckpoint(checkpoint);
        await removeJournal(join(folder, journalName));
        await rm(join(folder, manifestName), { force: true });
      } finally {
        await lock.release();
      }
      await rmdir(folder).catch(() => {}); // its owner's files are in it
    },
    async [Symbol.asyncDispose]() {
      try {
        await journalFile[Symbol.asyncDispose]();
      } finally {
        await lock.release();
      }
    },
  };
}

/** A dataset over a lock, which is given back where the dataset can't be had. */
async function lockedDataset(lock: Lock, begin: () => Promise<Dataset>): Promise<Dataset> {
  try {
    return await begin();
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * Begins a run folder: makes it, and writes its manifest with status running.
 * @throws StoreError where the folder can't be made or written, holds something already, or another process writes there
 */
export async function createDataset(
  folder: string,
  head: ManifestHead,
  options: DatasetOptions = {},
): Promise<Dataset> {
  for (const table of head.record) tableSchema(table);
  await makeFolder(folder);
  const lock = await takeLock(folder, options.lock);
  const manifest: Manifest = {
    format: 'crackle-dataset',
    format_version: datasetVersion,
    status: 'running',
    run: randomUUID(),
    parquet: 'portable',
    imprint: true,
    ...head,
    ...surroundings(),
    ...buildsWithOwn(head.builds),
    started: new Date().toISOString(),
    ended: null,
    wall_seconds: 0,
    counts: {},
    committed: 0,
    tables: {},
    files: {},
  };
  return lockedDataset(lock, async () => {
    await checkFree(folder); // again: another process may have come before the lock
    await save(folder, manifest).catch(async (error: unknown) => {
      await rmdir(join(folder, unfinishedName)).catch(() => {}); // an empty folder may be taken once there is room
      throw error;
    });
    return dataset(folder, lock, manifest, [], options);
  });
}

/**
 * Opens a run folder that was cut off or interrupted, to go on with it from its last checkpoint: checks that the journal goes as far as that,
 * and that every part is as it was written. What came after, whole or not, is forgotten and its part files are removed: it is computed again.
 * @throws CompleteError for a complete run; StoreError where the folder holds no run, a damaged one, or one that another process is writing
 */
export async function openDataset(folder: string, options: DatasetOptions = {}): Promise<Dataset> {
  await readManifest(folder);
  const lock = await takeLock(folder, options.lock);
  return lockedDataset(lock, async () => {
    // Under the lock: what was running a moment ago may be complete.
    const manifest = await readManifest(folder);
    if (manifest.status === 'complete') throw new CompleteError(folder);
    await checkNoLinks(folder, partFolders(manifest));
    const { parts = partsInFolder(folder) } = options;
    const lost = `; the run can't go on without their states: crackle verify --repair sets it back to its start`;
    const { entries: journal, files } = await countedOn(folder, manifest, lost);
    await parts.check(files);
    await using file = openJournal(join(folder, journalName), manifest.run, [], temporary(folder, journalName));
    await file.rewrite(journal);
    await parts.removeStrays(partFolders(manifest), journal);
    const { report: _, ...rest } = manifest;
    const begun = { ...surroundings(), ...buildsGoingOn(rest.builds) };
    const resumed: Manifest = { ...rest, ...begun, status: 'running', ended: null };
    await save(folder, resumed);
    return dataset(folder, lock, resumed, journal, { ...options, parts });
  });
}
