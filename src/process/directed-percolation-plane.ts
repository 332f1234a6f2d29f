import type { RandomStream } from '../numeric/random.ts';
import type { Trajectory } from './control.ts';

/** A probability of one, as words of 31 bits are compared with it. */
const UNIT = 2 ** 31;
/** Distance between rows in a site's number: room for 65,535 layers either way. */
const ROW = 65_536;
/** Children of a site, as differences of site numbers. */
const steps = Int32Array.of(0, 1, ROW, ROW + 1);

/** Longest depth that site numbers hold. */
export const deepestPlane = ROW - 2;

/**
 * Bond directed percolation in 2+1 dimensions on the body-centred lattice: a site leads to four of the next layer, those half a step away in both
 * directions, by bonds that are open with probability p. The active sites are a list; a hash table, emptied by a change of stamp, tells which children
 * have been reached already. Memory goes with the largest number of active sites.
 */
export class Plane implements Trajectory {
  readonly #open: number;
  #stream!: RandomStream;
  #sites = new Int32Array(64);
  #spare = new Int32Array(64);
  #active = 0;
  #keys = new Int32Array(512);
  #stamps = new Int32Array(512);
  #stamp = 0;

  /** @param p probability of an open bond, taken to 2⁻³¹ */
  constructor(p: number) {
    this.#open = Math.round(UNIT * p);
  }

  begin(stream: RandomStream): void {
    this.#stream = stream;
    this.#sites[0] = 0;
    this.#active = 1;
  }

  next(): number {
    const stream = this.#stream;
    const open = this.#open;
    const active = this.#active;
    if (this.#keys.length < 8 * active) {
      const slots = 2 ** Math.ceil(Math.log2(16 * active));
      this.#keys = new Int32Array(slots);
      this.#stamps = new Int32Array(slots);
    }
    this.#stamp = (this.#stamp + 1) | 0 || 1;
    const keys = this.#keys;
    const stamps = this.#stamps;
    const stamp = this.#stamp;
    const mask = keys.length - 1;
    const from = this.#sites;
    const to = this.#spare.length < 4 * active + 1 ? new Int32Array(8 * active + 1) : this.#spare;
    let count = 0;
    for (let i = 0; i < active; i++) {
      const site = from[i]!;
      // Which bonds are open, found without branches that no predictor could foresee.
      const bonds =
        ((((stream.nextUint32() >>> 1) - open) >>> 31) << 0) |
        ((((stream.nextUint32() >>> 1) - open) >>> 31) << 1) |
        ((((stream.nextUint32() >>> 1) - open) >>> 31) << 2) |
        ((((stream.nextUint32() >>> 1) - open) >>> 31) << 3);
      for (let left = bonds; left !== 0; left &= left - 1) {
        const child = (site + steps[31 - Math.clz32(left & -left)]!) | 0;
        let slot = (Math.imul(child, 0x9e3779b1) >>> 12) & mask;
        while (stamps[slot] === stamp && keys[slot] !== child) slot = (slot + 1) & mask;
        to[count] = child;
        count += stamps[slot] === stamp ? 0 : 1;
        stamps[slot] = stamp;
        keys[slot] = child;
      }
    }
    this.#sites = to;
    this.#spare = from;
    this.#active = count;
    return count;
  }
}
