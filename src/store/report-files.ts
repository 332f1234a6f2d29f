import { join } from 'node:path';
import { fileDigest } from './digest.ts';
import { writeAtomically } from './file.ts';
import { manifestName, readManifest } from './folder.ts';
import { type FileEntry, writeManifest } from './manifest.ts';
import { reportFile } from './part-path.ts';

/**
 * What a manifest says of findings, figures and page that were just made.
 * @param paths of all that was made, relative to the folder: others are left out
 * @throws StoreError where one can't be read
 */
export async function reportEntries(folder: string, paths: readonly string[]): Promise<Record<string, FileEntry>> {
  const entries: Record<string, FileEntry> = {};
  for (const path of paths) if (reportFile.test(path)) entries[path] = await fileDigest(join(folder, path));
  return entries;
}

/**
 * Lists files that were made again in the manifest, in place of those of before. The caller holds the lock.
 * @throws StoreError where one can't be read, or the manifest can't be written
 */
export async function listReport(folder: string, paths: readonly string[]): Promise<void> {
  const manifest = { ...(await readManifest(folder)), report: await reportEntries(folder, paths) };
  await writeAtomically(join(folder, manifestName), writeManifest(manifest));
}
