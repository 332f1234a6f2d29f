import { grown } from '../numeric/grown.ts';
import { BUFFER, type OpenTraces, ROOM } from './open-traces.ts';
import { type Precision, type Strengths, strengthsOf } from './threshold.ts';

const limit = 2048;
const smallest = 16;

/**
 * The strengths s_1 … s_D of avalanches under way (or their excess over the threshold; here s is what is recorded), one a slot, in memory that doesn't depend on D.
 *
 * Up to 2048 layers a profile is kept as it is. Beyond that neighbours are averaged pairwise, again and again, so that each of
 * 1024 to 2048 values is the mean of k = 2^j layers and stands at their middle layer; s_1 and s_D stay exact. With k ≤ D/1024, a
 * resampled value differs from the one of the full profile by at most the oscillation of s over 2k layers, a fraction 2/1024 of the
 * duration; for a profile that is smooth in x by max|s''(x)| / (6 · 1024²) away from the ends.
 */
export class ProfileRecorder {
  /** Points of the common grid x_g = g/G, g = 1 … G. */
  readonly grid: number;
  /** All profiles under way; the one of a slot from word BUFFER of the slot on. */
  arena: Strengths;
  readonly #traces: OpenTraces;
  #used = 0;
  /** Lengths of the slots' buffers, 0 where there is none. */
  #length = new Int32Array(64);
  /** Layers a value stands for, k. */
  #stride = new Int32Array(64);
  /** Σ s over the layers that don't fill a value yet. */
  #partial = new Float64Array(64);
  #first: Strengths;
  #last: Strengths;
  /** Spare buffers by log2(length): a slot that was once long doesn't keep its memory. */
  readonly #spare: number[][] = Array.from({ length: 12 }, () => []);

  constructor(grid: number, traces: OpenTraces, precision: Precision) {
    this.grid = grid;
    this.arena = strengthsOf(precision, 4096);
    this.#first = strengthsOf(precision, 64);
    this.#last = strengthsOf(precision, 64);
    this.#traces = traces;
  }

  /** The slot's next avalanche begins. */
  start(slot: number): void {
    while (slot >= this.#length.length) this.#grow();
    this.#stride[slot] = 1;
    this.#hold(slot, smallest);
  }

  /** The strength of the layer after the first `recorded` of the avalanche. */
  append(slot: number, recorded: number, strength: number): void {
    if (recorded === 0) this.#first[slot] = strength;
    this.#last[slot] = strength;
    const from = this.#traces.words[16 * slot + BUFFER]!;
    const stride = this.#stride[slot]!;
    if (stride === 1) {
      if (recorded < this.#length[slot]!) {
        this.arena[from + recorded] = strength;
        return;
      }
      if (recorded < limit) {
        this.#widen(slot, recorded);
        this.append(slot, recorded, strength);
        return;
      }
      this.#traces.words[16 * slot + ROOM] = 0;
      this.#partial[slot] = 0;
    }
    if (recorded === limit * stride) {
      for (let i = 0; i < limit / 2; i++) {
        this.arena[from + i] = (this.arena[from + 2 * i]! + this.arena[from + 2 * i + 1]!) / 2;
      }
      this.#stride[slot] = 2 * stride;
      this.append(slot, recorded, strength);
      return;
    }
    const sum = this.#partial[slot]! + strength;
    if ((recorded + 1) % stride === 0) {
      this.arena[from + (recorded + 1) / stride - 1] = sum / stride;
      this.#partial[slot] = 0;
    } else this.#partial[slot] = sum;
  }

  /** The slot's avalanche is over and its profile not needed any more. */
  release(slot: number): void {
    const length = this.#length[slot]!;
    if (length === 0) return;
    this.#spare[31 - Math.clz32(length)]!.push(this.#traces.words[16 * slot + BUFFER]!);
    this.#length[slot] = 0;
  }

  /**
   * Writes the profile of an avalanche of duration D on the common grid to out[offset …]: s by linear interpolation at x = l/D,
   * s_1 for x < 1/D.
   */
  resample(slot: number, duration: number, out: Strengths, offset: number): void {
    const { grid } = this;
    if (this.#stride[slot] !== 1) {
      for (let g = 1; g <= grid; g++) out[offset + g - 1] = this.#coarse(slot, (g * duration) / grid, duration);
      return;
    }
    const s = this.arena;
    const from = this.#traces.words[16 * slot + BUFFER]! - 1;
    for (let g = 1; g <= grid; g++) {
      const position = (g * duration) / grid;
      const layer = Math.floor(position);
      if (layer < 1) {
        out[offset + g - 1] = s[from + 1]!;
      } else {
        const low = s[from + layer]!;
        out[offset + g - 1] = layer < duration ? low + (position - layer) * (s[from + layer + 1]! - low) : low;
      }
    }
  }

  /** The strength at a layer position 0 < p ≤ D, between the nodes (1, s_1), the means at their middles, and (D, s_D). */
  #coarse(slot: number, position: number, duration: number): number {
    const s = this.arena;
    const from = this.#traces.words[16 * slot + BUFFER]!;
    const stride = this.#stride[slot]!;
    const filled = Math.floor(duration / stride);
    const partial = duration % stride;
    if (position <= 1) return this.#first[slot]!;
    const middle = (stride + 1) / 2;
    const at = Math.floor((position - middle) / stride);
    let leftX = 1;
    let left = this.#first[slot]!;
    if (at >= 0) {
      leftX = middle + Math.min(at, filled - 1) * stride;
      left = s[from + Math.min(at, filled - 1)]!;
    }
    let rightX = duration;
    let right = this.#last[slot]!;
    if (at + 1 < filled) {
      rightX = middle + (at + 1) * stride;
      right = s[from + at + 1]!;
    } else if (partial > 1) {
      const partialX = filled * stride + (partial + 1) / 2;
      const mean = this.#partial[slot]! / partial;
      if (position < partialX) {
        rightX = partialX;
        right = mean;
      } else {
        leftX = partialX;
        left = mean;
      }
    }
    return left + ((position - leftX) / (rightX - leftX)) * (right - left);
  }

  #widen(slot: number, recorded: number): void {
    const old = this.#traces.words[16 * slot + BUFFER]!;
    this.release(slot);
    this.#hold(slot, 2 * recorded);
    this.arena.copyWithin(this.#traces.words[16 * slot + BUFFER]!, old, old + recorded);
  }

  /** Gives the slot a buffer. */
  #hold(slot: number, length: number): void {
    let from = this.#spare[31 - Math.clz32(length)]!.pop();
    if (from === undefined) {
      from = this.#used;
      this.#used += length;
      if (this.#used > this.arena.length) this.arena = grown(this.arena, 2 * this.arena.length);
    }
    this.#length[slot] = length;
    this.#traces.words[16 * slot + BUFFER] = from;
    this.#traces.words[16 * slot + ROOM] = length;
  }

  #grow(): void {
    const length = 2 * this.#length.length;
    this.#length = grown(this.#length, length);
    this.#stride = grown(this.#stride, length);
    this.#partial = grown(this.#partial, length);
    this.#first = grown(this.#first, length);
    this.#last = grown(this.#last, length);
  }
}
