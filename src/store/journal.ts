import { type FileHandle, open, rm, truncate } from 'node:fs/promises';
import { StoreError } from '../error.ts';
import { readIfThere, storeError, writeAtomically } from './file.ts';
import type { Part } from './sink.ts';

/** One committed partition with its part files. */
export interface JournalEntry {
  readonly ensemble: number;
  /** Position within the ensemble's list of partitions. */
  readonly index: number;
  readonly parts: readonly Part[];
}

const line = (entry: JournalEntry): string => `${JSON.stringify(entry)}\n`;

/**
 * Reads a journal. A last line that a crash cut off is no entry: it is removed from the file.
 * @throws StoreError for a line in the middle that can't be read
 */
export async function readJournal(path: string): Promise<JournalEntry[]> {
  const text = (await readIfThere(path))?.toString('utf8') ?? '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) {
    await truncate(path, Buffer.byteLength(whole)).catch((error: unknown) => {
      throw storeError('write', path, error);
    });
  }
  return whole
    .split('\n')
    .slice(0, -1)
    .map((entry, at) => {
      try {
        return JSON.parse(entry) as JournalEntry;
      } catch (error) {
        throw new StoreError(`${path} is damaged: line ${at + 1} can't be read`, { cause: error });
      }
    });
}

/** Removes a journal: the manifest lists everything. */
export async function removeJournal(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw storeError('remove', path, error);
  });
}

/** The list of committed partitions, appended to as they are merged. */
export interface Journal extends AsyncDisposable {
  append(entry: JournalEntry): Promise<void>;
  /** Makes what was appended durable. */
  sync(): Promise<void>;
  /** Replaces the whole list. */
  rewrite(entries: readonly JournalEntry[]): Promise<void>;
}

/** @param temporary where a whole new list is written before it takes the place of the old one */
export function openJournal(path: string, temporary: string): Journal {
  let handle: FileHandle | undefined;
  const close = async (): Promise<void> => {
    const file = handle;
    handle = undefined;
    await file?.close();
  };
  const failed = (error: unknown): never => {
    throw storeError('write', path, error);
  };
  const append = async (entry: JournalEntry): Promise<void> => {
    handle ??= await open(path, 'a');
    await handle.appendFile(line(entry));
  };
  return {
    append: (entry) => append(entry).catch(failed),
    async sync() {
      await handle?.datasync().catch(failed);
    },
    async rewrite(entries) {
      await close();
      await writeAtomically(path, entries.map(line).join(''), { temporary });
    },
    [Symbol.asyncDispose]: () => close().catch(failed),
  };
}
