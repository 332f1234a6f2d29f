import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { storeError } from './file.ts';

/**
 * SHA-256 (hex) over names and contents of all Parquet files of a run folder, in order of their names: part files and result
 * tables. Two runs with the same hash hold the same bits. The manifest, which has times in it, stays out.
 * @throws StoreError where the folder can't be read
 */
export async function hashDataset(folder: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    const names = (await readdir(folder, { recursive: true }))
      .filter((name) => name.endsWith('.parquet'))
      .map((name) => name.split(sep).join('/'))
      .sort();
    for (const name of names) {
      const content = createHash('sha256');
      for await (const chunk of createReadStream(join(folder, name))) content.update(chunk as Buffer);
      hash.update(`${name}\0${content.digest('hex')}\n`);
    }
  } catch (error) {
    throw storeError('read', folder, error);
  }
  return hash.digest('hex');
}
