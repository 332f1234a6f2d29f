import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { storeError } from './file.ts';

/** SHA-256 of a text or of bytes, in hex. */
export const digest = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/**
 * SHA-256 of a file, in hex, and its length.
 * @throws StoreError where it can't be read
 */
export async function fileDigest(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  } catch (error) {
    throw storeError('read', path, error);
  }
  return { bytes, sha256: hash.digest('hex') };
}
