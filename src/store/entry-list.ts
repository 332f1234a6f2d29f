import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { JournalEntry } from './journal.ts';

/** Entries that are packed at once. */
const atOnce = 256;

/**
 * Journal entries in the order in which they came. A long run commits thousands, each a kilobyte of objects that is read once, at its end: all but the
 * last few are kept as deflated text, a tenth of that.
 */
export class EntryList implements Iterable<JournalEntry> {
  readonly #packed: Uint8Array[] = [];
  #fresh: JournalEntry[] = [];

  constructor(entries: Iterable<JournalEntry> = []) {
    for (const entry of entries) this.push(entry);
  }

  get length(): number {
    return atOnce * this.#packed.length + this.#fresh.length;
  }

  push(entry: JournalEntry): void {
    this.#fresh.push(entry);
    if (this.#fresh.length < atOnce) return;
    this.#packed.push(deflateRawSync(JSON.stringify(this.#fresh), { level: 1 }));
    this.#fresh = [];
  }

  *[Symbol.iterator](): Generator<JournalEntry> {
    for (const bytes of this.#packed) yield* JSON.parse(inflateRawSync(bytes).toString()) as JournalEntry[];
    yield* this.#fresh;
  }
}
