import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { StoreError } from '../error.ts';
import { type NewFileOptions, newFile, storeError, type Written } from './file.ts';
import type { JournalMark } from './journal.ts';

// Magic with the version of this layout, then frames: SHA-256 of the rest, length of the content, the content as V8 serialises it for
// structured cloning. The first frame holds the head and the number of entries, each further one an entry.
const magic = Buffer.from('crackle-checkpoint-5\n');
const digestLength = 32;
const headLength = digestLength + 8;

/** What a checkpoint belongs to. */
export interface CheckpointHead {
  /** Identity of the run. */
  readonly identity: string;
  /** How far the journal goes that it counts on; kept states count on none. */
  readonly journal: JournalMark | undefined;
}

/** A checkpoint as it was saved. */
export interface Checkpoint extends CheckpointHead {
  readonly entries: readonly unknown[];
}

function frame(value: unknown): Buffer[] {
  const content = serialize(value);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(content.length));
  return [createHash('sha256').update(length).update(content).digest(), length, content];
}

/**
 * Saves structured-cloneable entries so that a crash leaves either the old checkpoint or the new one. One entry at a time is held in
 * serialised form: they may be large together, and must not change before this resolves.
 * @throws StoreError where the file can't be written
 */
export async function saveCheckpoint(
  path: string,
  { identity, journal, entries }: Checkpoint,
  options: NewFileOptions = {},
): Promise<Written> {
  const file = newFile(path, options);
  try {
    await file.write([magic, ...frame({ identity, journal, length: entries.length })]);
    for (const entry of entries) await file.write(frame(entry));
    return await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** The next bytes of a file; fewer where it ends. */
async function take(file: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

async function readCheckpoint(file: FileHandle, path: string): Promise<Checkpoint> {
  const damaged = (): StoreError => new StoreError(`checkpoint ${path} is damaged: its checksum doesn't match`);
  const { size } = await file.stat();
  const next = async (): Promise<unknown> => {
    const head = await take(file, headLength);
    if (head.length < headLength) throw damaged();
    const length = Number(head.readBigUInt64LE(digestLength));
    if (length > size) throw damaged();
    const content = await take(file, length);
    const found = createHash('sha256').update(head.subarray(digestLength)).update(content).digest();
    if (!found.equals(head.subarray(0, digestLength))) throw damaged();
    return deserialize(content);
  };
  if (!(await take(file, magic.length)).equals(magic)) {
    throw new StoreError(`${path} is not a checkpoint that this version of crackle can read`);
  }
  const entries: unknown[] = [];
  const { length, ...head } = (await next()) as CheckpointHead & { length: number };
  for (let left = length; left > 0; left--) entries.push(await next());
  return { ...head, entries };
}

/**
 * What was saved last, or undefined where nothing was.
 * @throws StoreError where the file can't be read, is damaged or of another version
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw storeError('read', path, error);
  }
  try {
    return await readCheckpoint(file, path);
  } catch (error) {
    throw storeError('read', path, error);
  } finally {
    await file.close();
  }
}

/** Removes a checkpoint with its folder. */
export async function removeCheckpoint(path: string): Promise<void> {
  await rm(dirname(path), { recursive: true, force: true }).catch((error: unknown) => {
    throw storeError('remove', path, error);
  });
}
