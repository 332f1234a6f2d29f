import { fdatasync, fsync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';

const byNumber = { datasync: promisify(fdatasync), sync: promisify(fsync) };

/**
 * Waits until the disk has what was written. Handles of Yarn's Plug'n'Play know no sync of their own: there the file's number stands for them.
 * Node 26 forbids syncing under its permission model, and no flag allows it: there a run is as safe as the system's own writing back.
 */
export async function toDisk(handle: FileHandle, how: 'datasync' | 'sync' = 'datasync'): Promise<void> {
  try {
    await handle[how]();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ACCESS_DENIED') return;
    if ((error as Error).message !== 'Method not implemented.') throw error;
    await byNumber[how](handle.fd);
  }
}
