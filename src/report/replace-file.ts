import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StoreError } from '../error.ts';

/**
 * Writes a whole file in place of what is there, a link among it: a folder that came from elsewhere may hold links to anything.
 * @throws StoreError where it can't be written
 */
export async function replaceFile(path: string, content: string | Buffer): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.tmp`);
  try {
    await rm(temporary, { force: true });
    await writeFile(temporary, content, { flag: 'wx' });
    await rename(temporary, path);
  } catch (cause) {
    throw new StoreError(`can't write ${path}: ${(cause as Error).message}`, { cause });
  }
}
