import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storeError } from '../../src/store/file.ts';

/**
 * SHA-256 (hex) over names and contents of all Parquet files of a run folder, in order of their names: part files and result
 * tables. Two runs with the same hash hold the same bits. The manifest, which has times in it, stays out.
 * @param footers false for runs whose parameters differ, in those that no row depends on: files without their footers, which tell them
 * @throws StoreError where the folder can't be read
 */
export async function hashDataset(folder: string, footers = true): Promise<string> {
  const hash = createHash('sha256');
  try {
    const names: string[] = [];
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isFile()) names.push(entry.name);
      // Links are followed nowhere: they may lead out, or round in circles.
      if (entry.isDirectory())
        names.push(...(await readdir(join(folder, entry.name))).map((name) => `${entry.name}/${name}`));
    }
    for (const name of names.filter((each) => each.endsWith('.parquet')).sort()) {
      const file = await readFile(join(folder, name));
      // Before the magic stands the length of the footer.
      const length = footers ? file.length : file.length - 8 - file.readUInt32LE(file.length - 8);
      const content = createHash('sha256').update(file.subarray(0, length));
      hash.update(`${name}\0${content.digest('hex')}\n`);
    }
  } catch (error) {
    throw storeError('read', folder, error);
  }
  return hash.digest('hex');
}
