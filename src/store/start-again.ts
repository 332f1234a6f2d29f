import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storeError, syncFolder, writeAtomically } from './file.ts';
import { checkNoLinks, checkpointName, journalName, manifestName } from './folder.ts';
import { type Manifest, writeManifest } from './manifest.ts';
import { unfinishedPath } from './part-path.ts';

/**
 * Sets an unfinished run back to its start, where its checkpoint or its journal is lost: a resume computes all of it again, and removes what parts
 * there are. The manifest goes first: cut off anywhere, the folder is damaged as before or at its start. The caller holds the lock.
 * @throws StoreError where the disk fails
 */
export async function startAgain(folder: string, manifest: Manifest): Promise<void> {
  await checkNoLinks(folder, manifest.record);
  const path = join(folder, manifestName);
  const temporary = join(folder, unfinishedPath(manifestName));
  const { report: _, ...rest } = manifest;
  await writeAtomically(path, writeManifest({ ...rest, committed: 0, tables: {}, files: {} }), { temporary });
  try {
    await rm(join(folder, dirname(checkpointName)), { recursive: true, force: true });
    await rm(join(folder, journalName), { force: true });
    await syncFolder(folder);
  } catch (error) {
    throw storeError('remove', folder, error);
  }
}
