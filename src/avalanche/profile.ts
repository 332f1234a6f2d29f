import { grown } from '../numeric/grown.ts';

const limit = 2048;
const smallest = 16;
const noBuffer = new Float32Array(0);

/**
 * The strengths s_1 … s_D of avalanches under way, one a slot, in memory that doesn't depend on D.
 *
 * Below 2048 layers a profile is kept as it is. From there on neighbours are averaged pairwise, again and again, so that each of
 * 1024 to 2048 values is the mean of k = 2^j layers and stands at their middle layer; s_1 and s_D stay exact. With k ≤ D/1024, a
 * resampled value differs from the one of the full profile by at most the oscillation of s over 2k layers, a fraction 2/1024 of the
 * duration; for a profile that is smooth in x by max|s''(x)| / (6 · 1024²) away from the ends.
 */
export class ProfileRecorder {
  /** Points of the common grid x_g = g/G, g = 1 … G. */
  readonly grid: number;
  #buffer: Float32Array[] = [];
  #filled = new Int32Array(64);
  /** Layers a value stands for, k. */
  #stride = new Int32Array(64);
  #partialSum = new Float64Array(64);
  #partialCount = new Int32Array(64);
  #first = new Float32Array(64);
  #last = new Float32Array(64);
  /** Spare buffers by log2(length): a slot that was once long doesn't keep its memory. */
  readonly #spare: Float32Array[][] = Array.from({ length: 12 }, () => []);

  constructor(grid: number) {
    this.grid = grid;
  }

  /** The slot's next avalanche begins. */
  start(slot: number): void {
    while (slot >= this.#filled.length) this.#grow();
    while (this.#buffer.length <= slot) this.#buffer.push(noBuffer);
    if (this.#buffer[slot] === noBuffer) this.#buffer[slot] = this.#take(smallest);
    this.#filled[slot] = 0;
    this.#stride[slot] = 1;
    this.#partialSum[slot] = 0;
    this.#partialCount[slot] = 0;
  }

  /** The strength of the avalanche's next layer. */
  push(slot: number, strength: number): void {
    const filled = this.#filled[slot]!;
    const stride = this.#stride[slot]!;
    if (stride === 1) {
      if (filled === 0) this.#first[slot] = strength;
      this.#buffer[slot]![filled] = strength;
      this.#filled[slot] = filled + 1;
      if (filled + 1 === this.#buffer[slot]!.length) this.#widen(slot);
    } else {
      const count = this.#partialCount[slot]! + 1;
      const sum = this.#partialSum[slot]! + strength;
      if (count === stride) {
        this.#buffer[slot]![filled] = sum / stride;
        this.#filled[slot] = filled + 1;
        this.#partialSum[slot] = 0;
        this.#partialCount[slot] = 0;
        if (filled + 1 === limit) this.#coarsen(slot);
      } else {
        this.#partialSum[slot] = sum;
        this.#partialCount[slot] = count;
      }
      this.#last[slot] = strength;
    }
  }

  /** The slot's avalanche is over and its profile not needed any more. */
  release(slot: number): void {
    const buffer = this.#buffer[slot];
    if (buffer === undefined || buffer === noBuffer) return;
    this.#spare[31 - Math.clz32(buffer.length)]!.push(buffer);
    this.#buffer[slot] = noBuffer;
  }

  /**
   * Writes the profile of an avalanche of duration D on the common grid to out[offset …]: s by linear interpolation at x = l/D,
   * s_1 for x < 1/D.
   */
  resample(slot: number, duration: number, out: Float32Array, offset: number): void {
    const { grid } = this;
    if (this.#stride[slot] !== 1) {
      for (let g = 1; g <= grid; g++) out[offset + g - 1] = this.#coarse(slot, (g * duration) / grid, duration);
      return;
    }
    const s = this.#buffer[slot]!;
    for (let g = 1; g <= grid; g++) {
      const position = (g * duration) / grid;
      const layer = Math.floor(position);
      if (layer < 1) {
        out[offset + g - 1] = s[0]!;
      } else {
        const low = s[layer - 1]!;
        out[offset + g - 1] = layer < duration ? low + (position - layer) * (s[layer]! - low) : low;
      }
    }
  }

  /** The strength at a layer position 0 < p ≤ D, between the nodes (1, s_1), the means at their middles, and (D, s_D). */
  #coarse(slot: number, position: number, duration: number): number {
    const s = this.#buffer[slot]!;
    const filled = this.#filled[slot]!;
    const stride = this.#stride[slot]!;
    if (position <= 1) return this.#first[slot]!;
    const middle = (stride + 1) / 2;
    const at = Math.floor((position - middle) / stride);
    let leftX = 1;
    let left = this.#first[slot]!;
    if (at >= 0) {
      leftX = middle + Math.min(at, filled - 1) * stride;
      left = s[Math.min(at, filled - 1)]!;
    }
    let rightX = duration;
    let right = this.#last[slot]!;
    const partial = this.#partialCount[slot]!;
    const partialX = filled * stride + (partial + 1) / 2;
    if (at + 1 < filled) {
      rightX = middle + (at + 1) * stride;
      right = s[at + 1]!;
    } else if (partial > 1) {
      const mean = this.#partialSum[slot]! / partial;
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

  #widen(slot: number): void {
    const buffer = this.#buffer[slot]!;
    if (buffer.length === limit) {
      this.#last[slot] = buffer[limit - 1]!;
      this.#coarsen(slot);
      return;
    }
    const wider = this.#take(2 * buffer.length);
    wider.set(buffer);
    this.release(slot);
    this.#buffer[slot] = wider;
  }

  #coarsen(slot: number): void {
    const s = this.#buffer[slot]!;
    for (let i = 0; i < limit / 2; i++) s[i] = (s[2 * i]! + s[2 * i + 1]!) / 2;
    this.#filled[slot] = limit / 2;
    this.#stride[slot] = 2 * this.#stride[slot]!;
  }

  #take(length: number): Float32Array {
    return this.#spare[31 - Math.clz32(length)]!.pop() ?? new Float32Array(length);
  }

  #grow(): void {
    const length = 2 * this.#filled.length;
    this.#filled = grown(this.#filled, length);
    this.#stride = grown(this.#stride, length);
    this.#partialSum = grown(this.#partialSum, length);
    this.#partialCount = grown(this.#partialCount, length);
    this.#first = grown(this.#first, length);
    this.#last = grown(this.#last, length);
  }
}
