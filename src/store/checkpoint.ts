import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { StoreError } from '../error.ts';
import { apart, arrayOf, bytesOf, bytesOfShapes, type Shape, shapeOf, together } from './apart.ts';
import { type NewFileOptions, newFile, storeError, type Written } from './file.ts';
import { inPieces, type Pieces } from './in-pieces.ts';
import type { JournalMark } from './journal.ts';

// Magic with the version of this layout, then frames: SHA-256 of the rest, length of the content, the content as V8 serialises it for
// structured cloning. The first frame holds the head and the number of entries. Of each entry follow a frame with all of it but its typed arrays,
// the bytes of these, and their SHA-256.
const magic = Buffer.from('crackle-checkpoint-7\n');
const digestLength = 32;
const headLength = digestLength + 8;
/** Bytes that are written at a time. */
const pieceBytes = 524_288;

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

/** What stands before the bytes of an entry's arrays. */
interface EntryHead {
  readonly frame: Uint8Array;
  /** JSON of each array's {@link Shape}: V8 would write a length as an integer or as a double, by how it happens to hold it. */
  readonly shapes: string;
}

async function writeFrame({ write }: Pieces, value: unknown): Promise<void> {
  const content = serialize(value);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(content.length));
  await write(createHash('sha256').update(length).update(content).digest());
  await write(length);
  await write(content);
}

async function writeEntry(to: Pieces, entry: unknown): Promise<void> {
  const { frame, arrays } = apart(entry);
  await writeFrame(to, { frame, shapes: JSON.stringify(arrays.map(shapeOf)) } satisfies EntryHead);
  const hash = createHash('sha256');
  for (const array of arrays) {
    hash.update(bytesOf(array));
    await to.write(bytesOf(array));
  }
  await to.write(hash.digest());
}

/**
 * Saves structured-cloneable entries so that a crash leaves either the old checkpoint or the new one. They must not change before this resolves; of
 * their typed arrays no more than a piece is ever copied.
 * @throws StoreError where the file can't be written
 */
export async function saveCheckpoint(
  path: string,
  { identity, journal, entries }: Checkpoint,
  options: NewFileOptions = {},
): Promise<Written> {
  const file = newFile(path, options);
  try {
    await inPieces(file, pieceBytes, async (to) => {
      await to.write(magic);
      await writeFrame(to, { identity, journal, length: entries.length });
      for (const entry of entries) await writeEntry(to, entry);
    });
    return await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Fills memory with the next bytes of a file; false where it ends before. */
async function fill(file: FileHandle, bytes: Uint8Array): Promise<boolean> {
  for (let filled = 0; filled < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled);
    if (bytesRead === 0) return false;
    filled += bytesRead;
  }
  return true;
}

async function readCheckpoint(file: FileHandle, path: string): Promise<Checkpoint> {
  const { size } = await file.stat();
  const held = (sound: boolean): void => {
    if (!sound) throw new StoreError(`checkpoint ${path} is damaged: its checksum doesn't match`);
  };
  const take = async (length: number): Promise<Buffer> => {
    held(length <= size);
    const bytes = Buffer.allocUnsafe(length);
    held(await fill(file, bytes));
    return bytes;
  };
  const frame = async (): Promise<unknown> => {
    const head = await take(headLength);
    const content = await take(Number(head.readBigUInt64LE(digestLength)));
    const found = createHash('sha256').update(head.subarray(digestLength)).update(content).digest();
    held(found.equals(head.subarray(0, digestLength)));
    return deserialize(content);
  };
  const entry = async (): Promise<unknown> => {
    const { frame: rest, shapes: text } = (await frame()) as EntryHead;
    const shapes = JSON.parse(text) as Shape[];
    held(bytesOfShapes(shapes) <= size);
    const arrays = shapes.map(arrayOf);
    const hash = createHash('sha256');
    for (const array of arrays) {
      held(await fill(file, bytesOf(array)));
      hash.update(bytesOf(array));
    }
    held(hash.digest().equals(await take(digestLength)));
    return together({ frame: rest, arrays });
  };
  const first = Buffer.alloc(magic.length);
  if (!((await fill(file, first)) && first.equals(magic))) {
    throw new StoreError(`${path} is not a checkpoint that this version of crackle can read`);
  }
  const entries: unknown[] = [];
  const { length, ...head } = (await frame()) as CheckpointHead & { length: number };
  for (let left = length; left > 0; left--) entries.push(await entry());
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
