import { absorb } from '../numeric/random-key.ts';

/** Neurons a group: four in each of four lanes. */
export const GROUP = 16;

/** Four lanes of xoshiro128+ (Blackman & Vigna, doi:10.1145/3460772), seeded as the SIMD kernel's: four words a lane. */
class Lanes {
  readonly state = new Int32Array(16);

  constructor(prefix: Int32Array, low: number, high: number, firstLane: number) {
    const hash = Int32Array.from(prefix);
    absorb(hash, low, high);
    for (let lane = 0; lane < 4; lane++) {
      const start = Int32Array.from(hash);
      absorb(start, firstLane + lane, 0);
      this.state.set(start, 4 * lane);
    }
  }

  next(lane: number): number {
    const { state } = this;
    const at = 4 * lane;
    const a = state[at]!;
    const b = state[at + 1]!;
    const d = state[at + 3]!;
    const mixedC = state[at + 2]! ^ a;
    const mixedD = d ^ b;
    state[at] = a ^ mixedD;
    state[at + 1] = b ^ mixedC;
    state[at + 2] = mixedC ^ (b << 9);
    state[at + 3] = (mixedD << 11) | (mixedD >>> 21);
    return (a + d) | 0;
  }
}

/**
 * The random squares of one perturbation: the numbers of `assembly/annealed/squares.ts`, word by word, in float64. Four neurons take
 * five words: T = −2 ln(u1·u2) ~ χ²₄ is split into two χ²₂ by a third uniform, and each of these into E·sin²θ and E·cos²θ.
 */
export class Squares {
  readonly #radius: Lanes;
  readonly #angle: Lanes;

  constructor(prefix: Int32Array, low: number, high: number) {
    this.#radius = new Lanes(prefix, low, high, 0);
    this.#angle = new Lanes(prefix, low, high, 4);
  }

  /** Gives a function that comes back to this point. */
  mark(): () => void {
    const radius = this.#radius.state.slice();
    const angle = this.#angle.state.slice();
    return () => {
      this.#radius.state.set(radius);
      this.#angle.state.set(angle);
    };
  }

  #chiSquared4(lane: number): number {
    const u1 = Math.abs(this.#radius.next(lane) | 1) * 2 ** -31;
    const u2 = Math.abs(this.#radius.next(lane) | 1) * 2 ** -31;
    return -2 * Math.log(u1 * u2);
  }

  /** E·sin²θ for a word that gives θ in [−π/4, π/4]. */
  #smaller(e: number, lane: number): number {
    const sine = Math.sin(this.#angle.next(lane) * (Math.PI * 2 ** -33));
    return e * sine * sine;
  }

  /** Σ z² of a group where no single z is needed. */
  sum(): number {
    let total = 0;
    for (let lane = 0; lane < 4; lane++) total += this.#chiSquared4(lane);
    return total;
  }

  /**
   * A group's z², entry 4k + lane for neuron k of a lane, with the sign of z where `signs`.
   * @param count neurons that are kept; where some are not, the four of a lane are shuffled first and the rest become 0
   */
  draw(out: Float64Array, signs: boolean, count: number): void {
    for (let lane = 0; lane < 4; lane++) {
      const t = this.#chiSquared4(lane);
      const split = this.#angle.next(lane);
      const e1 = t * Math.abs(split) * 2 ** -32;
      const e2 = t - e1;
      const c1 = this.#smaller(e1, lane);
      const c3 = this.#smaller(e2, lane);
      out[lane] = c1;
      out[lane + 4] = e1 - c1;
      out[lane + 8] = c3;
      out[lane + 12] = e2 - c3;
      if (signs) for (let k = 0; k < 4; k++) if ((split >>> (4 + k)) & 1) out[4 * k + lane] = -out[4 * k + lane]!;
      if (count < GROUP) shuffle(out, lane, this.#angle.next(lane));
    }
    for (let i = count; i < GROUP; i++) out[i] = 0;
  }
}

function shuffle(out: Float64Array, lane: number, word: number): void {
  const swap = (k: number, other: number): void => {
    const held = out[4 * k + lane]!;
    out[4 * k + lane] = out[4 * other + lane]!;
    out[4 * other + lane] = held;
  };
  if (word < 0) swap(0, 1);
  if (word & 0x40000000) swap(2, 3);
  if (word & 0x20000000) {
    swap(0, 2);
    swap(1, 3);
  }
}
