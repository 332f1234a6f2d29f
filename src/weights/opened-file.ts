import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StoreError } from '../error.ts';
import { storeError } from '../store/file.ts';

/** A file of which parts are read where they lie. */
export interface OpenedFile {
  readonly path: string;
  readonly length: number;
  /** @throws StoreError where the file ends before */
  read(from: number, length: number): Buffer;
}

/**
 * What `use` makes of a file, which is closed then.
 * @throws StoreError where it can't be read
 */
export function withFile<T>(path: string, use: (file: OpenedFile) => T): T {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const open = descriptor;
    const { size: length } = fstatSync(open);
    const read = (from: number, count: number): Buffer => {
      const bytes = Buffer.alloc(count);
      for (let at = 0; at < count; ) {
        const taken = readSync(open, bytes, at, count - at, from + at);
        if (taken === 0) throw new StoreError(`${path} is cut off: it ends at byte ${from + at}`);
        at += taken;
      }
      return bytes;
    };
    return use({ path, length, read });
  } catch (error) {
    throw storeError('read', path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
