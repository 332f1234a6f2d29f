import { power } from './power.ts';
import { hashKey } from './random-key.ts';
import * as ziggurat from './random-ziggurat.ts';

const WORD = 2 ** 32;
// Constants of this module: an imported binding is looked up anew at each access, which made a normal cost four times as much.
const { edge, height, LAYERS, TAIL } = ziggurat;

/**
 * A stream of random numbers: xoshiro128++ (Blackman & Vigna, ACM TOMS 47, 36 (2021), doi:10.1145/3460772), period 2¹²⁸ − 1,
 * started from a 128-bit hash of its key, so that streams with different keys are independent for all purposes.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #shape = Number.NaN;
  #scale = 0;
  #slope = 0;

  /** @param state 128 bits, not all zero */
  constructor(state: Int32Array) {
    this.#a = state[0]!;
    this.#b = state[1]!;
    this.#c = state[2]!;
    this.#d = state[3]!;
    if ((this.#a | this.#b | this.#c | this.#d) === 0) this.#d = 1;
  }

  /** Uniform on the integers 0 … 2³² − 1. */
  nextUint32(): number {
    return this.#nextInt32() >>> 0;
  }

  #nextInt32(): number {
    const a = this.#a;
    const b = this.#b;
    const sum = (a + this.#d) | 0;
    const c = this.#c ^ a;
    const d = this.#d ^ b;
    this.#b = b ^ c;
    this.#a = a ^ d;
    this.#c = c ^ (b << 9);
    this.#d = (d << 11) | (d >>> 21);
    return (((sum << 7) | (sum >>> 25)) + a) | 0;
  }

  /** Uniform on (0, 1): the midpoints (k + ½)·2⁻³². */
  uniform(): number {
    return (this.#nextInt32() + 2147483648.5) / WORD;
  }

  /** Uniform on the integers 0 … n − 1, without bias; n from 1 to 2⁵³. */
  integer(n: number): number {
    const span = n <= WORD ? WORD : 2 ** 53;
    const limit = span - (span % n);
    for (;;) {
      const low = this.nextUint32();
      const value = n <= WORD ? low : (this.nextUint32() >>> 11) * WORD + low;
      if (value < limit) return value % n;
    }
  }

  /** Standard normal, by the ziggurat method; positions within a layer have 32 bits. */
  normal(): number {
    const layer = this.#nextInt32() & (LAYERS - 1);
    const x = (this.#nextInt32() + 0.5) * edge[layer]! * 2 ** -31;
    return Math.abs(x) < edge[layer + 1]! ? x : this.#outside(layer, x);
  }

  /** The 1 in 80 normals that fall outside the part of a layer that lies wholly under the density. */
  #outside(layer: number, x: number): number {
    if (layer === 0) return x < 0 ? -this.#tail() : this.#tail();
    const bottom = height[layer]!;
    const y = bottom + this.uniform() * (height[layer + 1]! - bottom);
    return y < Math.exp(-0.5 * x * x) ? x : this.normal();
  }

  /** |x| beyond the base layer's edge (Marsaglia 1964). */
  #tail(): number {
    for (;;) {
      const x = -Math.log(this.uniform()) / TAIL;
      if (-2 * Math.log(this.uniform()) > x * x) return TAIL + x;
    }
  }

  /**
   * Gamma with density ∝ x^(shape−1)·e^(−x), shape > 0 (Marsaglia & Tsang, ACM TOMS 26, 363 (2000),
   * doi:10.1145/358407.358414); exact, for shape < 1 too (a gamma of shape + 1 times a power of a uniform).
   */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * power(this.uniform(), 1 / shape);
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#scale = shape - 1 / 3;
      this.#slope = 1 / Math.sqrt(9 * this.#scale);
    }
    const scale = this.#scale;
    const slope = this.#slope;
    for (;;) {
      const x = this.normal();
      const root = 1 + slope * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = this.uniform();
      const square = x * x;
      if (u < 1 - 0.0331 * square * square) return scale * v;
      if (Math.log(u) < 0.5 * square + scale * (1 - v + Math.log(v))) return scale * v;
    }
  }

  /** χ² with n > 0 degrees of freedom (n need not be whole). */
  chiSquared(n: number): number {
    if (n === 1) {
      const x = this.normal();
      return x * x;
    }
    return 2 * this.gamma(n / 2);
  }
}

/** A new typed array would take longer than the hash. */
const hashed = new Int32Array(4);

/**
 * The stream of a key: who draws, for what. Keys hold what names the draw (ensemble, perturbation or network, purpose), never a
 * worker, a batch or the time, so results don't depend on how work is cut.
 * @param seed integer from 0 to 2⁵³ − 1
 * @param key integers from 0 to 2⁵³ − 1; order and number matter
 * @throws ParameterError for anything else
 */
export function createStream(seed: number, ...key: number[]): RandomStream {
  return new RandomStream(hashKey(seed, key, key.length, hashed));
}
