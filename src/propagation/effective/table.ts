import type { MeanSquareEnd, MeanSquareNumbers } from '../../kernel/effective.ts';
import { power } from '../../numeric/power.ts';
import { SphereMoments } from './moments.ts';

/** Intervals an octave of y is cut into; a power of two, so that the interval is read off the bits of y. */
const perOctave = 16;
const shift = 19; // 23 mantissa bits of a float32, of which log2(perOctave) number the interval
/** Octaves that are always tabulated, and how far the table is carried on until it follows a power law. */
const [lowest, low, high, highest] = [-100, -40, 40, 60];
const stride = 10; // numbers an interval
const points = [0, 1, 2, 3].map((k) => Math.cos(((2 * k + 1) * Math.PI) / 8));

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/**
 * The law of (1/n)Σ F(|h_i|) given y = (1/n)Σ h_i², tabulated: a Gaussian ξ bent to ξ + (γ/6)(ξ² − 1) (Cornish–Fisher), with the mean,
 * variance and skewness γ of {@link SphereMoments}.
 * In the relative form mean and standard deviation are held divided by y, so that nothing is lost at small signal strengths.
 * Relative errors of the interpolation: ≤ 1e-6 in the mean, ≤ 1e-4 in the variance; outside of the table the power laws that its
 * ends have reached.
 */
export class MeanSquareTable {
  /** True where F(h) ∝ h²: then the mean square is a constant times y, without noise. */
  readonly constant: boolean;
  readonly #relative: boolean;
  /** By interval: centre of y, then coefficients in y − centre of the mean (4), the factor of ξ (3) and of ξ² − 1 (2). */
  readonly #coefficients: Float64Array;
  readonly #base: number;
  readonly #intervals: number;
  readonly #below: MeanSquareEnd;
  readonly #above: MeanSquareEnd;

  /**
   * @param n neurons, n ≥ 3
   * @param f F by |h|: φ², or in the relative form φ(h)²/h²
   */
  constructor(n: number, f: (h: number) => number, relative: boolean) {
    this.#relative = relative;
    const level = f(1);
    this.constant = relative && isConstant(f);
    const octaves = this.constant ? new Map([[0, flatOctave(level)]]) : sweep(new SphereMoments(n, f, relative));
    const exponents = [...octaves.keys()].sort((a, b) => a - b);
    const first = exponents[0]!;
    this.#base = bitsOf(2 ** first) >> shift;
    this.#intervals = exponents.length * perOctave;
    this.#coefficients = new Float64Array(stride * this.#intervals);
    for (const e of exponents) {
      const { mean, deviation, bend } = octaves.get(e)!;
      for (let j = 0; j < perOctave; j++) {
        const at = stride * ((e - first) * perOctave + j);
        const half = 2 ** e / (2 * perOctave);
        this.#coefficients[at] = 2 ** e + (2 * j + 1) * half;
        interpolate(mean, 4 * j, half, 4, this.#coefficients, at + 1);
        interpolate(deviation, 4 * j, half, 3, this.#coefficients, at + 5);
        interpolate(bend, 4 * j, half, 2, this.#coefficients, at + 8);
      }
    }
    this.#below = this.#end(octaves, first, 1);
    this.#above = this.#end(octaves, exponents.at(-1)!, -1);
  }

  /** What the kernel is given. */
  get numbers(): MeanSquareNumbers {
    return {
      relative: this.#relative,
      constant: this.constant,
      coefficients: this.#coefficients,
      base: this.#base,
      below: this.#below,
      above: this.#above,
    };
  }

  /** (1/n)Σ F at y ≥ 0 for a standard normal `noise`. */
  at(y: number, noise: number): number {
    float[0] = y;
    const interval = (bits[0]! >> shift) - this.#base;
    if (interval < 0 || interval >= this.#intervals) return this.#beyond(y, noise);
    const c = this.#coefficients;
    const o = stride * interval;
    const t = y - c[o]!;
    const mean = c[o + 1]! + t * (c[o + 2]! + t * (c[o + 3]! + t * c[o + 4]!));
    const deviation = c[o + 5]! + t * (c[o + 6]! + t * c[o + 7]!);
    const bend = c[o + 8]! + t * c[o + 9]!;
    const value = mean + noise * deviation + (noise * noise - 1) * bend;
    return value > 0 ? (this.#relative ? y * value : value) : 0;
  }

  #beyond(y: number, noise: number): number {
    if (y === 0 && this.#relative) return 0;
    const end = y < this.#below.edge ? this.#below : this.#above;
    const ratio = y / end.edge;
    const mean = end.meanPower === 0 ? end.mean : end.mean * power(ratio, end.meanPower);
    const deviation = end.deviation === 0 ? 0 : end.deviation * power(ratio, end.deviationPower);
    const value = mean + deviation * (noise + end.skew * (noise * noise - 1));
    if (Number.isNaN(y)) return y;
    return value > 0 ? (this.#relative ? y * value : value) : 0;
  }

  /** The power laws at an end, from the outermost node of the outermost octave and its neighbour an octave inwards. */
  #end(octaves: ReadonlyMap<number, Octave>, e: number, inward: 1 | -1): MeanSquareEnd {
    const outer = octaves.get(e)!;
    const inner = octaves.get(e + inward) ?? outer;
    const at = inward > 0 ? 3 : 4 * (perOctave - 1);
    const y = 2 ** e * fraction(at);
    const powerOf = (a: number, b: number): number => {
      const slope = a > 0 && b > 0 ? (Math.log2(a) - Math.log2(b)) * -inward : 0;
      return Math.abs(slope - Math.round(slope)) < 1e-6 ? Math.round(slope) : slope;
    };
    return {
      edge: y,
      mean: outer.mean[at]!,
      meanPower: powerOf(outer.mean[at]!, inner.mean[at]!),
      deviation: outer.deviation[at]! < 1e-12 * outer.mean[at]! ? 0 : outer.deviation[at]!,
      deviationPower: powerOf(outer.deviation[at]!, inner.deviation[at]!),
      skew: outer.deviation[at]! > 0 ? outer.bend[at]! / outer.deviation[at]! : 0,
    };
  }
}

/** Moments at the nodes of one octave, four to an interval. */
interface Octave {
  readonly mean: Float64Array;
  /** Factor of ξ. */
  readonly deviation: Float64Array;
  /** Factor of ξ² − 1. */
  readonly bend: Float64Array;
}

/** Node i of an octave, in [1, 2). */
function fraction(i: number): number {
  return 1 + ((i >> 2) + (1 + points[i & 3]!) / 2) / perOctave;
}

function bitsOf(y: number): number {
  float[0] = y;
  return bits[0]!;
}

function flatOctave(level: number): Octave {
  const nothing = new Float64Array(4 * perOctave);
  return { mean: nothing.slice().fill(level), deviation: nothing, bend: nothing };
}

/** True where f is one number for all h > 0, to the last bits. */
export function isConstant(f: (h: number) => number): boolean {
  const level = f(1);
  for (let h = 2 ** -100; h < 2 ** 100; h *= 1.37) if (!(Math.abs(f(h) - level) <= 1e-14 * level)) return false;
  return true;
}

function sweep(moments: SphereMoments): Map<number, Octave> {
  const octaves = new Map<number, Octave>();
  const add = (e: number): boolean => {
    const mean = new Float64Array(4 * perOctave);
    const deviation = new Float64Array(4 * perOctave);
    const bend = new Float64Array(4 * perOctave);
    for (let i = 0; i < 4 * perOctave; i++) {
      const at = moments.at(e, fraction(i));
      if (Number.isNaN(at.mean)) return false;
      mean[i] = at.mean;
      // The variance of ξ + g(ξ² − 1) is 1 + 2g²; beyond |g| = 0.15 it would be far from monotone.
      const g = Math.max(-0.15, Math.min(0.15, at.skewness / 6));
      deviation[i] = Math.sqrt(at.variance / (1 + 2 * g * g));
      bend[i] = g * deviation[i]!;
    }
    octaves.set(e, { mean, deviation, bend });
    return true;
  };
  add(0);
  for (let e = -1; e >= low || (e >= lowest && !settled(octaves, e + 1, 1)); e--) if (!add(e)) break;
  for (let e = 1; e < high || (e <= highest && !settled(octaves, e - 1, -1)); e++) if (!add(e)) break;
  moments.free();
  return octaves;
}

/** Mean and standard deviation have become power laws of y at an end of the table. */
function settled(octaves: ReadonlyMap<number, Octave>, e: number, inward: 1 | -1): boolean {
  const [a, b, c] = [0, 1, 2].map((step) => octaves.get(e + inward * step)!);
  if (a === undefined || b === undefined || c === undefined) return false;
  return a.mean.every((mean, i) => {
    const bend = (mean * c.mean[i]!) / b.mean[i]! ** 2 - 1;
    const spread = (a.deviation[i]! * c.deviation[i]!) / b.deviation[i]! ** 2 - 1;
    return Math.abs(bend) < 1e-9 && (a.deviation[i]! < 1e-12 * mean || Math.abs(spread) < 1e-4);
  });
}

/** Polynomial with `terms` coefficients in y − centre through (or near-minimax for) four values at the Chebyshev nodes. */
function interpolate(
  values: Float64Array,
  from: number,
  half: number,
  terms: number,
  into: Float64Array,
  at: number,
): void {
  const chebyshev = [0, 0, 0, 0];
  for (let j = 0; j < terms; j++) {
    for (let k = 0; k < 4; k++) {
      chebyshev[j]! += ((j === 0 ? 1 : 2) / 4) * values[from + k]! * Math.cos((j * (2 * k + 1) * Math.PI) / 8);
    }
  }
  const [c0, c1, c2, c3] = chebyshev as [number, number, number, number];
  const powers = [c0 - c2, c1 - 3 * c3, 2 * c2, 4 * c3];
  for (let j = 0; j < terms; j++) into[at + j] = powers[j]! / power(half, j);
}
