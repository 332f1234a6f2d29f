import { readdir, rm, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { StoreError } from '../error.ts';
import { makeFolders, readIfThere, storeError } from './file.ts';
import type { JournalEntry } from './journal.ts';
import { lockName } from './lock.ts';
import { type Manifest, parseManifest } from './manifest.ts';

/** Files of a run folder. */
export const manifestName = 'manifest.json';
export const journalName = 'journal.jsonl';
export const checkpointName = 'checkpoint/state.bin';
export const statesName = 'states.bin';

/**
 * The manifest of a run folder.
 * @throws StoreError where there is none or it can't be read
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, manifestName);
  const text = await readIfThere(path);
  if (text === undefined) throw new StoreError(`${folder} is not a run folder: it has no ${manifestName}`);
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
 * Holds the part files of a journal against the folder.
 * @throws StoreError for a part that is missing or has another length
 */
export async function verifyParts(folder: string, journal: readonly JournalEntry[]): Promise<void> {
  for (const { path, bytes } of journal.flatMap((entry) => entry.parts)) {
    const found = await stat(join(folder, path)).catch(() => undefined);
    if (found === undefined) throw new StoreError(`${folder} is damaged: part ${path} is missing`);
    if (found.size !== bytes) {
      throw new StoreError(`${folder} is damaged: part ${path} has ${found.size} bytes, expected ${bytes}`);
    }
  }
}

const partPattern = /^[a-z0-9_]+\/part-\d+-\d+\.parquet$/;
const temporaryPattern = /(\.parquet|^manifest\.json|^journal\.jsonl|^checkpoint\/state\.bin|^states\.bin)\.tmp$/;

/** Removes part files that the journal doesn't list, and files that a writer left unfinished; nothing else. */
export async function removeStrays(folder: string, journal: readonly JournalEntry[]): Promise<void> {
  const listed = new Set(journal.flatMap((entry) => entry.parts.map((part) => part.path)));
  try {
    for (const name of await readdir(folder, { recursive: true })) {
      const path = name.split(sep).join('/');
      if (temporaryPattern.test(path) || (partPattern.test(path) && !listed.has(path))) {
        await rm(join(folder, name), { force: true });
      }
    }
  } catch (error) {
    throw storeError('tidy', folder, error);
  }
}
