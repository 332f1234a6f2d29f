import { grown } from '../numeric/grown.ts';

const none = -1;

/** Offsets within a slot's 16 words of {@link OpenTraces.words}; words 0 to 3, 14 and 15 hold its three doubles. */
export const LOW = 4;
export const HIGH = 5;
/** Last layer seen. */
export const LAYER = 6;
/** Layers of the avalanche under way; 0 below the threshold. */
export const DURATION = 7;
/** 1 where the trace has had an avalanche or a strength that is not finite. */
export const MARKED = 8;
/** Slot of the next row's trace, where rows keep coming in the same order. */
export const NEXT = 9;
const PREVIOUS = 10;
/** Where the recorded profile begins in the recorder's arena. */
export const BUFFER = 11;
/** Layers of the avalanche that fit there as they are; Infinity, as an int32, without a recorder. */
export const ROOM = 12;
/** Offsets within a slot's 8 doubles of {@link OpenTraces.doubles}, of the avalanche under way: Σ s_l, the largest s_l, and Σ (s_l − θ_l). */
export const SUM = 0;
export const PEAK = 1;
export const EXCESS = 7;

/**
 * The traces that are still being followed, in reusable slots of 64 bytes, a cache line each, and where the next row's trace is.
 *
 * Open slots form a ring in the order in which their rows come, so that in layer-major input the next row's slot is the successor of
 * the last one's: no search. A row that comes out of order is found by a hash index, built when first needed, and its slot moves
 * behind the cursor: the ring learns an engine's new order after a compaction.
 */
export class OpenTraces {
  words = new Int32Array(16 * 64);
  doubles = new Float64Array(this.words.buffer);
  /** First strength of the avalanche under way in a slot: needed only where one begins or ends, hence not in its line. */
  first = new Float64Array(64);
  /** Excess and strength of the last layer of an avalanche in turn: the sums lack them as yet where it leaves its last layer out, and else the strength alone is kept. */
  last = new Float64Array(128);
  size = 0;
  /** Slot of the last row found; -1 where the ring is empty. */
  cursor = none;

  #capacity = 64;
  #free = new Int32Array(64);
  #freeCount = 0;
  #used = 0;
  /** Slot + 1 by hash, linear probing; null until a search is needed. */
  #index: Int32Array | null = null;

  /** A new slot for a trace whose first row this is, placed behind the cursor. */
  open(low: number, high: number): number {
    const slot = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#used++;
    if (slot === this.#capacity) this.#grow();
    const { words } = this;
    words[16 * slot + LOW] = low;
    words[16 * slot + HIGH] = high;
    words[16 * slot + DURATION] = 0;
    words[16 * slot + MARKED] = 0;
    words[16 * slot + ROOM] = 2 ** 31 - 1;
    this.size++;
    this.#link(slot);
    if (this.#index !== null) this.#insert(slot);
    return slot;
  }

  /**
   * The open slot of a trace, or -1; it becomes the cursor. Where it is neither the cursor nor its successor it is searched, and
   * moves behind the cursor.
   */
  find(low: number, high: number): number {
    const { cursor, words } = this;
    if (cursor === none) return none;
    if (words[16 * cursor + LOW] === low && words[16 * cursor + HIGH] === high) return cursor;
    const next = words[16 * cursor + NEXT]!;
    if (words[16 * next + LOW] === low && words[16 * next + HIGH] === high) {
      this.cursor = next;
      return next;
    }
    const slot = this.#search(low, high);
    if (slot !== none) {
      this.#unlink(slot);
      this.#link(slot);
    }
    return slot;
  }

  /** Gives a slot back. */
  close(slot: number): void {
    if (this.#index !== null) this.#remove(slot);
    this.#unlink(slot);
    this.size--;
    if (this.size === 0) {
      // Slots are handed out in ascending order again, so that the next cycle walks through memory in order.
      this.#used = 0;
      this.#freeCount = 0;
    } else {
      this.#free[this.#freeCount++] = slot;
    }
  }

  /** The open slots in ring order, the successor of the cursor first. */
  *slots(): Generator<number> {
    let slot = this.cursor;
    for (let left = this.size; left > 0; left--) {
      slot = this.words[16 * slot + NEXT]!;
      yield slot;
    }
  }

  #link(slot: number): void {
    const { cursor, words } = this;
    if (cursor === none) {
      words[16 * slot + NEXT] = slot;
      words[16 * slot + PREVIOUS] = slot;
    } else {
      const next = words[16 * cursor + NEXT]!;
      words[16 * cursor + NEXT] = slot;
      words[16 * slot + PREVIOUS] = cursor;
      words[16 * slot + NEXT] = next;
      words[16 * next + PREVIOUS] = slot;
    }
    this.cursor = slot;
  }

  #unlink(slot: number): void {
    const { words } = this;
    const next = words[16 * slot + NEXT]!;
    const previous = words[16 * slot + PREVIOUS]!;
    words[16 * previous + NEXT] = next;
    words[16 * next + PREVIOUS] = previous;
    if (this.cursor === slot) this.cursor = previous === slot ? none : previous;
  }

  #hash(low: number, high: number, mask: number): number {
    const h = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
    return (h ^ (h >>> 15)) & mask;
  }

  #search(low: number, high: number): number {
    this.#index ??= this.#build();
    const { words } = this;
    const index = this.#index;
    const mask = index.length - 1;
    for (let at = this.#hash(low, high, mask); ; at = (at + 1) & mask) {
      const slot = index[at]! - 1;
      if (slot < 0) return none;
      if (words[16 * slot + LOW] === low && words[16 * slot + HIGH] === high) return slot;
    }
  }

  #insert(slot: number): void {
    const { words } = this;
    const index = this.#index!;
    const mask = index.length - 1;
    let at = this.#hash(words[16 * slot + LOW]!, words[16 * slot + HIGH]!, mask);
    while (index[at] !== 0) at = (at + 1) & mask;
    index[at] = slot + 1;
  }

  /** Removal with backward shift (Knuth, TAOCP 3, 6.4, algorithm R): no tombstones. */
  #remove(slot: number): void {
    const { words } = this;
    const index = this.#index!;
    const mask = index.length - 1;
    let hole = this.#hash(words[16 * slot + LOW]!, words[16 * slot + HIGH]!, mask);
    while (index[hole] !== slot + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; index[at] !== 0; at = (at + 1) & mask) {
      const other = index[at]! - 1;
      const home = this.#hash(words[16 * other + LOW]!, words[16 * other + HIGH]!, mask);
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        index[hole] = other + 1;
        hole = at;
      }
    }
    index[hole] = 0;
  }

  #build(): Int32Array {
    const index = new Int32Array(2 * this.#capacity);
    this.#index = index;
    for (const slot of this.slots()) this.#insert(slot);
    return index;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.words = grown(this.words, 16 * this.#capacity);
    this.doubles = new Float64Array(this.words.buffer);
    this.first = grown(this.first, this.#capacity);
    this.last = grown(this.last, 2 * this.#capacity);
    this.#free = grown(this.#free, this.#capacity);
    if (this.#index !== null) this.#build();
  }
}
