import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { storeError } from '../store/file.ts';

/**
 * Writes a whole file, or nothing, in place of what is there, a link among it: a folder that came from elsewhere may hold links to anything.
 * @throws StoreError where it can't be written
 */
export async function replaceFile(path: string, content: string | Buffer): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.tmp`);
  try {
    await rm(temporary, { force: true });
    await writeFile(temporary, content, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw storeError('write', path, error);
  }
}
