import { grown } from '../numeric/grown.ts';

const none = -1;

/**
 * The traces that are still being followed, in reusable slots (structure of arrays, index = slot), and where the next row's trace is.
 *
 * Open slots form a ring in the order in which their rows come, so that in layer-major input the next row's slot is the successor of
 * the last one's: no search. A row that comes out of order is found by a hash index, built when first needed, and its slot moves
 * behind the cursor: the ring learns an engine's new order after a compaction.
 */
export class OpenTraces {
  /** Low and high word of the perturbation id. */
  low = new Int32Array(64);
  high = new Int32Array(64);
  /** Last layer seen. */
  layer = new Int32Array(64);
  /** Layers of the avalanche under way; 0 below the threshold. */
  duration = new Int32Array(64);
  /** Σ s_l of the avalanche under way. */
  sum = new Float64Array(64);
  peak = new Float32Array(64);
  /** 1 where the trace has had an avalanche or a strength that is not finite. */
  marked = new Uint8Array(64);
  size = 0;
  /** Slot of the last row found; -1 where the ring is empty. */
  cursor = none;

  #next = new Int32Array(64);
  #previous = new Int32Array(64);
  #free = new Int32Array(64);
  #freeCount = 0;
  #used = 0;
  /** Slot + 1 by hash, linear probing; null until a search is needed. */
  #index: Int32Array | null = null;

  /** A new slot for a trace whose first row this is, placed behind the cursor. */
  open(low: number, high: number): number {
    const slot = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#used++;
    if (slot === this.low.length) this.#grow();
    this.low[slot] = low;
    this.high[slot] = high;
    this.duration[slot] = 0;
    this.sum[slot] = 0;
    this.peak[slot] = -Infinity;
    this.marked[slot] = 0;
    this.size++;
    this.#link(slot);
    if (this.#index !== null) this.#insert(slot);
    return slot;
  }

  /** The open slot of a trace, or -1; it becomes the cursor. */
  find(low: number, high: number): number {
    const { cursor } = this;
    if (cursor === none) return none;
    const next = this.#next[cursor]!;
    if (this.low[next] === low && this.high[next] === high) {
      this.cursor = next;
      return next;
    }
    const slot = this.#search(low, high);
    if (slot !== none && slot !== cursor) {
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
      slot = this.#next[slot]!;
      yield slot;
    }
  }

  #link(slot: number): void {
    const { cursor } = this;
    if (cursor === none) {
      this.#next[slot] = slot;
      this.#previous[slot] = slot;
    } else {
      const next = this.#next[cursor]!;
      this.#next[cursor] = slot;
      this.#previous[slot] = cursor;
      this.#next[slot] = next;
      this.#previous[next] = slot;
    }
    this.cursor = slot;
  }

  #unlink(slot: number): void {
    const next = this.#next[slot]!;
    const previous = this.#previous[slot]!;
    this.#next[previous] = next;
    this.#previous[next] = previous;
    if (this.cursor === slot) this.cursor = previous === slot ? none : previous;
  }

  #hash(low: number, high: number, mask: number): number {
    const h = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
    return (h ^ (h >>> 15)) & mask;
  }

  #search(low: number, high: number): number {
    this.#index ??= this.#build(this.low.length);
    const index = this.#index;
    const mask = index.length - 1;
    for (let at = this.#hash(low, high, mask); ; at = (at + 1) & mask) {
      const slot = index[at]! - 1;
      if (slot < 0) return none;
      if (this.low[slot] === low && this.high[slot] === high) return slot;
    }
  }

  #insert(slot: number): void {
    const index = this.#index!;
    const mask = index.length - 1;
    let at = this.#hash(this.low[slot]!, this.high[slot]!, mask);
    while (index[at] !== 0) at = (at + 1) & mask;
    index[at] = slot + 1;
  }

  /** Removal with backward shift (Knuth, TAOCP 3, 6.4, algorithm R): no tombstones. */
  #remove(slot: number): void {
    const index = this.#index!;
    const mask = index.length - 1;
    let hole = this.#hash(this.low[slot]!, this.high[slot]!, mask);
    while (index[hole] !== slot + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; index[at] !== 0; at = (at + 1) & mask) {
      const other = index[at]! - 1;
      const home = this.#hash(this.low[other]!, this.high[other]!, mask);
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        index[hole] = other + 1;
        hole = at;
      }
    }
    index[hole] = 0;
  }

  #build(capacity: number): Int32Array {
    const index = new Int32Array(2 * capacity);
    this.#index = index;
    for (const slot of this.slots()) this.#insert(slot);
    return index;
  }

  #grow(): void {
    const capacity = 2 * this.low.length;
    this.low = grown(this.low, capacity);
    this.high = grown(this.high, capacity);
    this.layer = grown(this.layer, capacity);
    this.duration = grown(this.duration, capacity);
    this.sum = grown(this.sum, capacity);
    this.peak = grown(this.peak, capacity);
    this.marked = grown(this.marked, capacity);
    this.#next = grown(this.#next, capacity);
    this.#previous = grown(this.#previous, capacity);
    this.#free = grown(this.#free, capacity);
    if (this.#index !== null) this.#build(capacity);
  }
}
