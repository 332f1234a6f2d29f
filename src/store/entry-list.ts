import type { JournalEntry } from './journal.ts';
import { partPath, stateFolder, statePath } from './part-path.ts';
import type { Part } from './sink.ts';

/** A SHA-256 as text of a character a byte, half as long as in hex. */
const shortened = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1');
const inHex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

const usualPath = (table: string, ensemble: number, index: number): string =>
  table === stateFolder ? statePath(ensemble, index) : partPath(table, ensemble, index);

/**
 * Journal entries in the order in which they came. A long run commits thousands, each a kilobyte of objects: their fields are kept in columns, a hundred
 * bytes for a part, and objects are made of them one at a time.
 */
export class EntryList implements Iterable<JournalEntry> {
  readonly #ensembles: number[] = [];
  readonly #indices: number[] = [];
  /** Parts of all entries up to this one. */
  readonly #ends: number[] = [];
  readonly #tables: string[] = [];
  readonly #rows: number[] = [];
  readonly #bytes: number[] = [];
  readonly #hashes: string[] = [];
  /** Parts that have no checksum, or another path than the usual one, by their places. */
  readonly #others = new Map<number, Part>();
  readonly #names = new Set<string>();
  #inOrder = true;

  constructor(entries: Iterable<JournalEntry> = []) {
    for (const entry of entries) this.push(entry);
  }

  get length(): number {
    return this.#ends.length;
  }

  /** Tables that parts are of, in the order in which they came. */
  get tables(): Iterable<string> {
    return this.#names;
  }

  push({ ensemble, index, parts }: JournalEntry): void {
    const last = this.length - 1;
    if (last >= 0) this.#inOrder &&= this.#compare(last, ensemble, index) < 0;
    this.#ensembles.push(ensemble);
    this.#indices.push(index);
    for (const part of parts) {
      const { table, path, rows, bytes, sha256 = '' } = part;
      const usual = /^[0-9a-f]{64}$/.test(sha256) && path === usualPath(table, ensemble, index);
      if (!usual) this.#others.set(this.#tables.length, part);
      this.#names.add(table);
      this.#tables.push(table);
      this.#rows.push(rows);
      this.#bytes.push(bytes);
      this.#hashes.push(usual ? shortened(sha256) : '');
    }
    this.#ends.push(this.#tables.length);
  }

  *[Symbol.iterator](): Generator<JournalEntry> {
    for (let e = 0; e < this.length; e++) {
      const parts: Part[] = [];
      for (let p = this.#begin(e); p < this.#ends[e]!; p++) parts.push(this.#part(e, p));
      yield { ensemble: this.#ensembles[e]!, index: this.#indices[e]!, parts };
    }
  }

  some(condition: (entry: JournalEntry) => boolean): boolean {
    for (const entry of this) if (condition(entry)) return true;
    return false;
  }

  /** The parts of a table in the order of partitions. */
  *partsOf(table: string): Generator<Part> {
    for (const e of this.#order()) {
      for (let p = this.#begin(e); p < this.#ends[e]!; p++) if (this.#tables[p] === table) yield this.#part(e, p);
    }
  }

  #begin(entry: number): number {
    return entry === 0 ? 0 : this.#ends[entry - 1]!;
  }

  #compare(entry: number, ensemble: number, index: number): number {
    return this.#ensembles[entry]! - ensemble || this.#indices[entry]! - index;
  }

  #order(): Iterable<number> {
    if (this.#inOrder) return this.#ends.keys();
    return Uint32Array.from(this.#ends.keys()).sort((a, b) => this.#compare(a, this.#ensembles[b]!, this.#indices[b]!));
  }

  #part(entry: number, place: number): Part {
    const other = this.#others.get(place);
    if (other !== undefined) return other;
    const table = this.#tables[place]!;
    return {
      table,
      path: usualPath(table, this.#ensembles[entry]!, this.#indices[entry]!),
      rows: this.#rows[place]!,
      bytes: this.#bytes[place]!,
      sha256: inHex(this.#hashes[place]!),
    };
  }
}
