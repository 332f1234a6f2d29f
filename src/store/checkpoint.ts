import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { StoreError } from '../error.ts';
import { readIfThere, storeError, writeAtomically } from './file.ts';

// Magic with the version of this layout, SHA-256 of the rest, then the value as V8 serialises it for structured cloning.
const magic = Buffer.from('crackle-checkpoint-1\n');
const digestLength = 32;

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/**
 * Saves a structured-cloneable value so that a crash leaves either the old checkpoint or the new one.
 * @throws StoreError where the file can't be written
 */
export async function saveCheckpoint(path: string, value: unknown): Promise<void> {
  const content = serialize(value);
  await writeAtomically(path, Buffer.concat([magic, digest(content), content]));
}

/**
 * The saved value, or undefined where nothing was saved.
 * @throws StoreError where the file is damaged or of another version
 */
export async function loadCheckpoint(path: string): Promise<unknown> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return undefined;
  if (!bytes.subarray(0, magic.length).equals(magic)) {
    throw new StoreError(`${path} is not a checkpoint that this version of crackle can read`);
  }
  const content = bytes.subarray(magic.length + digestLength);
  if (!digest(content).equals(bytes.subarray(magic.length, magic.length + digestLength))) {
    throw new StoreError(`checkpoint ${path} is damaged: its checksum doesn't match`);
  }
  return deserialize(content);
}

/** Removes a checkpoint with its folder. */
export async function removeCheckpoint(path: string): Promise<void> {
  await rm(dirname(path), { recursive: true, force: true }).catch((error: unknown) => {
    throw storeError('remove', path, error);
  });
}
