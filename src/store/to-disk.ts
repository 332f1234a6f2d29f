import { fdatasync, fsync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';

const byNumber = { datasync: promisify(fdatasync), sync: promisify(fsync) };

/** Waits until the disk has what was written. Handles of Yarn's Plug'n'Play know no sync of their own: there the file's number stands for them. */
export async function toDisk(handle: FileHandle, how: 'datasync' | 'sync' = 'datasync'): Promise<void> {
  try {
    await handle[how]();
  } catch (error) {
    if ((error as Error).message !== 'Method not implemented.') throw error;
    await byNumber[how](handle.fd);
  }
}
