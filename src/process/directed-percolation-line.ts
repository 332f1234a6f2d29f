import type { RandomStream } from '../numeric/random.ts';
import type { Trajectory } from './control.ts';

/** A probability of one, as words of 31 bits are compared with it. */
const UNIT = 2 ** 31;

/**
 * Bond directed percolation in 1+1 dimensions: site x of a layer leads to x and x + 1 of the next by bonds that are open with probability p. Active
 * sites are an ascending list, as their density falls as t^{−0.31}: a word of 32 sites would hold few, and cost more random bits than they do.
 */
export class Line implements Trajectory {
  readonly #both: number;
  readonly #left: number;
  readonly #any: number;
  #stream!: RandomStream;
  #sites = new Int32Array(64);
  #spare = new Int32Array(64);
  #active = 0;

  /** @param p probability of an open bond, taken to 2⁻³¹ */
  constructor(p: number) {
    this.#both = Math.round(UNIT * p * p);
    this.#left = Math.round(UNIT * p);
    this.#any = Math.round(UNIT * p * (2 - p));
  }

  begin(stream: RandomStream): void {
    this.#stream = stream;
    this.#sites[0] = 0;
    this.#active = 1;
  }

  next(): number {
    const stream = this.#stream;
    const active = this.#active;
    const both = this.#both;
    const left = this.#left;
    const any = this.#any;
    const from = this.#sites;
    const to = this.#spare.length < 2 * active + 2 ? new Int32Array(4 * active + 2) : this.#spare;
    let count = 0;
    let last = -1;
    // Without branches, which no predictor could foresee; one word decides both bonds of a site, and x < y is the sign of x − y.
    for (let i = 0; i < active; i++) {
      const u = stream.nextUint32() >>> 1;
      const site = from[i]!;
      const lefts = (u - left) >>> 31;
      to[count] = site;
      count += lefts & ((last - site) >>> 31);
      const rights = ((u - both) >>> 31) | (((u - any) >>> 31) & (lefts ^ 1));
      to[count] = site + 1;
      count += rights;
      last += rights * (site + 1 - last);
    }
    this.#sites = to;
    this.#spare = from;
    this.#active = count;
    return count;
  }
}
