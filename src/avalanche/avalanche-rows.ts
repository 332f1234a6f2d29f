import { grown } from '../numeric/grown.ts';
import type { AvalancheColumns } from '../shortcut.ts';
import { type Precision, type Strengths, strengthsOf } from './threshold.ts';

export type { AvalancheColumns };

/** A growing block of avalanche columns; its buffers are kept between blocks. */
export class AvalancheRows {
  length = 0;
  /** The words of the perturbation ids, low and high in turn. */
  words = new Int32Array(512);
  start = new Int32Array(256);
  duration = new Int32Array(256);
  size = new Float64Array(256);
  signalSize = new Float64Array(256);
  peak = new Float64Array(256);
  censored = new Uint8Array(256);
  profile: Strengths;
  readonly grid: number;

  constructor(grid: number, precision: Precision) {
    this.grid = grid;
    this.profile = strengthsOf(precision, 256 * grid);
  }

  /** Index of a new row; the caller fills all its columns. */
  add(): number {
    const row = this.length++;
    if (row === this.start.length) this.#grow();
    return row;
  }

  /** The rows so far, in fresh arrays; starts an empty block. */
  take(): AvalancheColumns {
    const n = this.length;
    this.length = 0;
    return {
      length: n,
      perturbation: new BigInt64Array(this.words.slice(0, 2 * n).buffer),
      start: this.start.slice(0, n),
      duration: this.duration.slice(0, n),
      size: this.size.slice(0, n),
      signalSize: this.signalSize.slice(0, n),
      peak: this.peak.slice(0, n),
      censored: this.censored.slice(0, n),
      profile: this.profile.slice(0, n * this.grid),
    };
  }

  #grow(): void {
    const rows = 2 * this.start.length;
    this.words = grown(this.words, 2 * rows);
    this.start = grown(this.start, rows);
    this.duration = grown(this.duration, rows);
    this.size = grown(this.size, rows);
    this.signalSize = grown(this.signalSize, rows);
    this.peak = grown(this.peak, rows);
    this.censored = grown(this.censored, rows);
    this.profile = grown(this.profile, rows * this.grid);
  }
}
