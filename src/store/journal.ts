import { type FileHandle, open, rm } from 'node:fs/promises';
import { StoreError } from '../error.ts';
import { digest } from './digest.ts';
import { readIfThere, storeError, writeAtomically } from './file.ts';
import type { Part } from './sink.ts';
import { toDisk } from './to-disk.ts';

/** One committed partition with its part files. */
export interface JournalEntry {
  readonly ensemble: number;
  /** Position within the ensemble's list of partitions. */
  readonly index: number;
  readonly parts: readonly Part[];
}

/** Where the part files of partitions stand. */
export function pathsIn(entries: Iterable<JournalEntry>): Set<string> {
  const paths = new Set<string>();
  for (const { parts } of entries) for (const { path } of parts) paths.add(path);
  return paths;
}

/** How far a journal goes, and what is in it up to there. */
export interface JournalMark {
  readonly entries: number;
  /** Of the last of these entries. */
  readonly chain: string;
}

// Every line holds its number and a checksum of itself and of all lines before it, back to the id of the run: none can be lost, doubled,
// moved or brought from another run unnoticed.
const link = (chain: string, number: number, entry: JournalEntry): string =>
  digest(`${chain}\n${number}\n${JSON.stringify(entry)}`).slice(0, 32);

/** The mark of an empty journal. */
export const emptyMark = (run: string): JournalMark => ({
  entries: 0,
  chain: digest(`journal of ${run}`).slice(0, 32),
});

/** The mark after one more entry. */
export const nextMark = ({ entries, chain }: JournalMark, entry: JournalEntry): JournalMark => ({
  entries: entries + 1,
  chain: link(chain, entries, entry),
});

const line = (number: number, { ensemble, index, parts }: JournalEntry, chain: string): string =>
  `${JSON.stringify({ number, ensemble, index, parts, chain })}\n`;

function lines(run: string, entries: readonly JournalEntry[]): string {
  let mark = emptyMark(run);
  return entries
    .map((entry, number) => {
      mark = nextMark(mark, entry);
      return line(number, entry, mark.chain);
    })
    .join('');
}

/** The entry of a line that is whole and follows on `mark`. */
function entryOf(text: string, mark: JournalMark): JournalEntry | undefined {
  try {
    const { number, ensemble, index, parts, chain } = JSON.parse(text) as JournalEntry & {
      number: number;
      chain: string;
    };
    const entry = { ensemble, index, parts };
    return number === mark.entries && nextMark(mark, entry).chain === chain ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** What a journal file holds. */
export interface ReadJournal {
  /** As far as they can be trusted. */
  readonly entries: readonly JournalEntry[];
  /** The first line, from 1, that can't be; undefined where all can. A last line without its end was cut off and is none. */
  readonly badLine: number | undefined;
  /** Whether there is a file at all. */
  readonly there: boolean;
  /** The marks after each entry, the empty one first. */
  readonly marks: readonly JournalMark[];
}

/** Reads a journal as far as it is whole. */
export async function readJournal(path: string, run: string): Promise<ReadJournal> {
  const content = await readIfThere(path);
  const entries: JournalEntry[] = [];
  const marks = [emptyMark(run)];
  const texts = (content?.toString('utf8') ?? '').split('\n').slice(0, -1);
  for (const text of texts) {
    const entry = entryOf(text, marks.at(-1)!);
    if (entry === undefined) break;
    entries.push(entry);
    marks.push(nextMark(marks.at(-1)!, entry));
  }
  const badLine = entries.length < texts.length ? entries.length + 1 : undefined;
  return { entries, badLine, there: content !== undefined, marks };
}

/**
 * The entries that a checkpoint counts on.
 * @throws StoreError where the journal is lost, cut short, damaged, or not the one of that checkpoint
 */
export function countedEntries(path: string, journal: ReadJournal, counted: JournalMark): readonly JournalEntry[] {
  const { entries, badLine, there, marks } = journal;
  if (entries.length < counted.entries) {
    if (!there) throw new StoreError(`${path} is missing: its checkpoint counts ${counted.entries} partitions there`);
    if (badLine !== undefined) {
      throw new StoreError(`${path} is damaged: line ${badLine} is not what was written there, or a line is missing`);
    }
    throw new StoreError(
      `${path} is cut short: it lists ${entries.length} partitions, its checkpoint counts ${counted.entries}`,
    );
  }
  if (marks[counted.entries]!.chain !== counted.chain) {
    throw new StoreError(`${path} is not the journal that its checkpoint was made with`);
  }
  return entries.slice(0, counted.entries);
}

/** Removes a journal: the manifest lists everything. */
export async function removeJournal(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw storeError('remove', path, error);
  });
}

/** The list of committed partitions, appended to as they are merged. */
export interface Journal extends AsyncDisposable {
  /** Of what is in it. */
  readonly mark: JournalMark;
  /** Its line is written by the next `sync`: nobody reads what no checkpoint counts on. */
  append(entry: JournalEntry): void;
  /** Writes what was appended, durably. Where that fails once, it fails from then on. */
  sync(): Promise<void>;
  /** Replaces the whole list. */
  rewrite(entries: readonly JournalEntry[]): Promise<void>;
}

/**
 * @param run id of the run that it belongs to
 * @param listed what is in it already
 * @param temporary where a whole new list is written before it takes the place of the old one
 */
export function openJournal(path: string, run: string, listed: readonly JournalEntry[], temporary: string): Journal {
  let handle: FileHandle | undefined;
  let mark = listed.reduce(nextMark, emptyMark(run));
  let unwritten: string[] = [];
  /** Why a line may be there in part. */
  let torn: unknown;
  const write = async (): Promise<void> => {
    const text = unwritten.join('');
    unwritten = [];
    if (text === '') return;
    handle ??= await open(path, 'a');
    await handle.appendFile(text);
  };
  const close = async (): Promise<void> => {
    const file = handle;
    handle = undefined;
    await file?.close();
  };
  const failed = (error: unknown): never => {
    throw storeError('write', path, error);
  };
  return {
    get mark() {
      return mark;
    },
    append(entry) {
      const next = nextMark(mark, entry);
      unwritten.push(line(mark.entries, entry, next.chain));
      mark = next;
    },
    async sync() {
      if (torn !== undefined) failed(torn);
      try {
        await write();
        if (handle !== undefined) await toDisk(handle);
      } catch (error) {
        torn = error;
        failed(error);
      }
    },
    async rewrite(entries) {
      await close();
      await writeAtomically(path, lines(run, entries), { temporary });
      [unwritten, torn] = [[], undefined];
      mark = entries.reduce(nextMark, emptyMark(run));
    },
    [Symbol.asyncDispose]: () => close().catch(failed),
  };
}
