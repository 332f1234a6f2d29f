import { weightedLine } from '../numeric/weighted-line.ts';

/** The last values of one trace, as {@link BranchingMoments} needs them. */
export interface Recent {
  readonly values: Float64Array;
  seen: number;
}

/**
 * The multistep branching ratio of a trace of any length, by sums of products: the m of r_k = b·m^k, r_k the slope of A(t+k) against
 * A(t), k = 1 … K; right with input and under subsampling (Wilting & Priesemann, Nat. Commun. 9, 2325 (2018)).
 */
export class BranchingMoments {
  readonly lags: number;
  /** Taken off every value, so that sums don't cancel; slopes don't feel it. */
  #origin = Number.NaN;
  readonly #n: Float64Array;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #xx: Float64Array;
  readonly #xy: Float64Array;

  constructor(lags = 10) {
    this.lags = lags;
    this.#n = new Float64Array(lags);
    this.#x = new Float64Array(lags);
    this.#y = new Float64Array(lags);
    this.#xx = new Float64Array(lags);
    this.#xy = new Float64Array(lags);
  }

  /** A trace that begins. */
  open(): Recent {
    return { values: new Float64Array(this.lags), seen: 0 };
  }

  /** The next value of a trace. */
  add(recent: Recent, value: number): void {
    const { lags } = this;
    const { values, seen } = recent;
    if (Number.isNaN(this.#origin)) this.#origin = value;
    const y = value - this.#origin;
    const known = Math.min(seen, lags);
    let at = seen % lags;
    for (let k = 0; k < known; k++) {
      at = at === 0 ? lags - 1 : at - 1;
      const x = values[at]!;
      this.#n[k]!++;
      this.#x[k]! += x;
      this.#y[k]! += y;
      this.#xx[k]! += x * x;
      this.#xy[k]! += x * y;
    }
    values[seen % lags] = y;
    recent.seen = seen + 1;
  }

  /** r_1 … r_K. */
  slopes(): Float64Array {
    return this.#n.map((n, k) => {
      const spread = this.#xx[k]! - (this.#x[k]! * this.#x[k]!) / n;
      return spread > 0 ? (this.#xy[k]! - (this.#x[k]! * this.#y[k]!) / n) / spread : Number.NaN;
    });
  }

  /** NaN where fewer than two r_k are positive. */
  multistep(): number {
    const slopes = this.slopes();
    const line = weightedLine(
      slopes.map((_, i) => i + 1),
      slopes.map(Math.log),
      slopes.map((r) => (r > 0 ? r * r : 0)),
    );
    return Math.exp(line.slope);
  }
}
