import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StoreError } from '../error.ts';
import { fileDigest } from './digest.ts';
import { isFolder, makeFolders, readIfThere, storeError, temporaryEnding } from './file.ts';
import { type JournalEntry, pathsIn } from './journal.ts';
import { lockName } from './lock.ts';
import type { FileEntry, Manifest } from './manifest.ts';
import { isPartName, unfinishedName } from './part-path.ts';

/** Files of a run folder. */
export const manifestName = 'manifest.json';
export const journalName = 'journal.jsonl';
export const checkpointName = 'checkpoint/state.bin';
export const statesName = 'states.bin';

/** The last run, by its name, of a folder that holds runs: as `output/<pipeline>` does. */
export async function lastRunIn(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.sort().reverse()) {
    const found = await lstat(join(folder, name, manifestName)).catch(() => undefined);
    if (found?.isFile() === true) return name;
  }
  return undefined;
}

async function whyNoRun(folder: string): Promise<string> {
  if (!(await isFolder(folder))) return 'there is no such folder';
  const last = await lastRunIn(folder);
  return `it has no ${manifestName}${last === undefined ? '' : `; there are runs in it, the last one is ${join(folder, last)}`}`;
}

/**
 * The manifest of a run folder.
 * @throws StoreError where there is none or it can't be read
 */
export async function readManifest(folder: string): Promise<Manifest> {
  if (/(^|\/)s3:\//.test(folder)) {
    throw new StoreError(
      `${folder} is the address of a bucket, where this can't be done: copy the run into a folder first`,
    );
  }
  const path = join(folder, manifestName);
  const text = await readIfThere(path);
  if (text === undefined) throw new StoreError(`${folder} is not a run folder: ${await whyNoRun(folder)}`);
  const { parseManifest } = await import('./parse-manifest.ts');
  return parseManifest(text.toString('utf8'), path);
}

/**
 * Throws unless a run may begin in a folder: there is none yet, or it is empty.
 * @throws StoreError where it holds something already, or can't be read
 */
export async function checkFree(folder: string): Promise<void> {
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => name !== lockName);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw storeError('create run folder', folder, error);
  }
  if (names.includes(manifestName)) {
    const { pipeline, status, merged } = await readManifest(folder);
    if (merged !== undefined && status !== 'complete') {
      throw new StoreError(`${folder} already holds a merge that was cut off: remove it or choose another folder`);
    }
    const how = status === 'complete' ? 'choose another folder' : 'resume it or choose another folder';
    throw new StoreError(`${folder} already holds a run of ${pipeline} (status ${status}): ${how}`);
  }
  if (names.length > 0) {
    throw new StoreError(`${folder} is not empty and holds no run (${names[0]} is there): choose another folder`);
  }
}

/**
 * Makes an empty folder for a run.
 * @throws StoreError where it can't be made, or holds something already
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeFolders(folder);
  } catch (error) {
    throw storeError('create run folder', folder, error);
  }
  await checkFree(folder);
}

/**
 * What is wrong with a file of a run folder, in words; undefined where it is as it was written.
 * @param path relative to the folder
 * @throws StoreError where it can't be read
 */
export async function fileFault(folder: string, path: string, written: FileEntry): Promise<string | undefined> {
  const found = await lstat(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw storeError('read', join(folder, path), error);
  });
  if (found === undefined) return 'is missing';
  if (!found.isFile()) return 'is no plain file';
  if (found.size !== written.bytes) return `has ${found.size} bytes, expected ${written.bytes}`;
  const { sha256 } = await fileDigest(join(folder, path));
  return sha256 === written.sha256 ? undefined : 'is not as it was written: its checksum differs';
}

/**
 * Holds files of a run folder against what was written.
 * @throws StoreError for the first that is missing or not as it was written
 */
export async function checkFiles(
  folder: string,
  written: Readonly<Record<string, FileEntry>>,
  paths: readonly string[],
): Promise<void> {
  for (const path of paths) {
    const entry = Object.hasOwn(written, path) ? written[path]! : undefined;
    const fault = entry === undefined ? 'is not listed in the manifest' : await fileFault(folder, path, entry);
    if (fault !== undefined) throw new StoreError(`${folder} is damaged: ${path} ${fault}`);
  }
}

/**
 * Refuses a run folder whose own folders are links: what is written and removed there would be somebody else's.
 * @throws StoreError naming the link
 */
export async function checkNoLinks(folder: string, tables: readonly string[]): Promise<void> {
  for (const name of [...tables, dirname(checkpointName), unfinishedName]) {
    const found = await lstat(join(folder, name)).catch(() => undefined);
    if (found === undefined || found.isDirectory()) continue;
    const what = found.isSymbolicLink() ? 'a symbolic link' : 'no folder';
    throw new StoreError(
      `${name} in ${folder} is ${what}: a run writes and removes files in its own folder only; move the whole run folder instead`,
    );
  }
}

/** Names of the plain files of a folder; none where it is missing, or is a link. */
async function plainFiles(path: string): Promise<string[]> {
  try {
    if (!(await lstat(path)).isDirectory()) return [];
    return (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Removes what this run left there and doesn't count: part files in the folders of its recorded tables that the journal doesn't list, and
 * files that were never finished. Nothing else, and nothing through a link: a run folder may hold its owner's files too.
 * @param tables that the run records
 */
export async function removeStrays(
  folder: string,
  tables: readonly string[],
  journal: Iterable<JournalEntry>,
): Promise<void> {
  const listed = pathsIn(journal);
  try {
    for (const table of tables) {
      for (const name of await plainFiles(join(folder, table))) {
        if (isPartName(name) && !listed.has(`${table}/${name}`)) await rm(join(folder, table, name), { force: true });
      }
    }
    const unfinished = join(folder, unfinishedName);
    for (const name of await plainFiles(unfinished)) {
      if (name.endsWith(temporaryEnding)) await rm(join(unfinished, name), { force: true });
    }
    await rmdir(unfinished).catch(() => {}); // not there, or not ours alone
  } catch (error) {
    throw storeError('tidy', folder, error);
  }
}
