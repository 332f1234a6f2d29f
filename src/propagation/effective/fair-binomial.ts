import type { SignNumbers } from '../../kernel/effective.ts';
import type { RandomStream } from '../../numeric/random.ts';

/**
 * Bin(n, 1/2) in constant time: an alias table (Walker 1977, doi:10.1145/355744.355749; Vose 1991, doi:10.1109/32.92917) over all k
 * whose probability is at least 1e-20 of the largest. Exact to the 53 bits of a draw.
 */
export class FairBinomial {
  readonly #first: number;
  readonly #size: number;
  readonly #threshold: Float64Array;
  readonly #alias: Int32Array;

  /** @param n trials, n ≥ 1 */
  constructor(n: number) {
    const mode = n >> 1;
    const below = [1];
    for (let k = mode; k > 0 && below.at(-1)! > 1e-20; k--) below.push((below.at(-1)! * k) / (n - k + 1));
    const above = [1];
    for (let k = mode; k < n && above.at(-1)! > 1e-20; k++) above.push((above.at(-1)! * (n - k)) / (k + 1));
    const weights = [...below.reverse(), ...above.slice(1)];
    this.#first = mode - below.length + 1;
    this.#size = weights.length;
    const total = [...weights].sort((a, b) => a - b).reduce((sum, w) => sum + w, 0);
    const scaled = weights.map((w) => (w * this.#size) / total);
    this.#threshold = new Float64Array(this.#size).fill(1);
    this.#alias = new Int32Array(this.#size);
    const small: number[] = [];
    const large: number[] = [];
    scaled.forEach((w, i) => {
      (w < 1 ? small : large).push(i);
    });
    while (small.length > 0 && large.length > 0) {
      const poor = small.pop()!;
      const rich = large.at(-1)!;
      this.#threshold[poor] = scaled[poor]!;
      this.#alias[poor] = rich;
      scaled[rich]! -= 1 - scaled[poor]!;
      if (scaled[rich]! < 1) small.push(large.pop()!);
    }
  }

  get numbers(): SignNumbers {
    return { first: this.#first, threshold: this.#threshold, alias: this.#alias };
  }

  /** Number of heads. */
  draw(stream: RandomStream): number {
    const at = stream.uniform() * this.#size;
    const column = Math.floor(at);
    // A word of its own: the rest of `at` has too few bits left for a table of many columns.
    return this.#first + (stream.uniform() < this.#threshold[column]! ? column : this.#alias[column]!);
  }
}
