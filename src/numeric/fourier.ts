import { ParameterError } from '../error.ts';

/** Smallest power of two ≥ n. */
const powerOfTwo = (n: number): number => 2 ** Math.ceil(Math.log2(n));

/** Radix-2 decimation in time, in place; lengths are powers of two. */
class Radix2 {
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #n: number;

  constructor(n: number) {
    this.#n = n;
    this.#cos = Float64Array.from({ length: n / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / n));
    this.#sin = Float64Array.from({ length: n / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / n));
  }

  forward(re: Float64Array, im: Float64Array): void {
    const n = this.#n;
    for (let i = 1, j = 0; i < n; i++) {
      let bit = n >> 1;
      for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
      j ^= bit;
      if (i < j) {
        [re[i], re[j]] = [re[j]!, re[i]!];
        [im[i], im[j]] = [im[j]!, im[i]!];
      }
    }
    for (let half = 1; half < n; half *= 2) {
      const stride = n / (2 * half);
      for (let from = 0; from < n; from += 2 * half) {
        for (let k = 0; k < half; k++) {
          const c = this.#cos[k * stride]!;
          const s = this.#sin[k * stride]!;
          const a = from + k;
          const b = a + half;
          const x = re[b]! * c - im[b]! * s;
          const y = re[b]! * s + im[b]! * c;
          re[b] = re[a]! - x;
          im[b] = im[a]! - y;
          re[a]! += x;
          im[a]! += y;
        }
      }
    }
  }
}

/**
 * The discrete Fourier transform X_k = Σ_j x_j·exp(−2πi·jk/n) of any length n, O(n log n): radix 2, and Bluestein's chirp (IEEE Trans. Audio
 * Electroacoust. 18, 451 (1970)) where n is no power of two. Tables are made once; a transform allocates nothing.
 */
export class Fourier {
  readonly n: number;
  readonly #radix: Radix2;
  /** Chirp exp(−πi·j²/n) and the transform of its conjugate, where n is no power of two. */
  readonly #chirp: { cos: Float64Array; sin: Float64Array; re: Float64Array; im: Float64Array } | undefined;
  readonly #re: Float64Array;
  readonly #im: Float64Array;

  /** @throws ParameterError for a length that is no integer from 1 to 2^26 */
  constructor(n: number) {
    if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 26)) {
      throw new ParameterError(`a Fourier transform takes 1 to 2^26 values, got ${n}`);
    }
    this.n = n;
    if (powerOfTwo(n) === n) {
      this.#radix = new Radix2(n);
      this.#re = this.#im = new Float64Array(0);
      return;
    }
    const m = powerOfTwo(2 * n - 1);
    this.#radix = new Radix2(m);
    this.#re = new Float64Array(m);
    this.#im = new Float64Array(m);
    // j² mod 2n, so that the angle keeps its digits at large j.
    const angle = (j: number): number => (Math.PI * ((j * j) % (2 * n))) / n;
    const cos = Float64Array.from({ length: n }, (_, j) => Math.cos(angle(j)));
    const sin = Float64Array.from({ length: n }, (_, j) => -Math.sin(angle(j)));
    const re = new Float64Array(m);
    const im = new Float64Array(m);
    for (let j = 0; j < n; j++) {
      re[j] = cos[j]!;
      im[j] = -sin[j]!;
      if (j > 0) {
        re[m - j] = cos[j]!;
        im[m - j] = -sin[j]!;
      }
    }
    this.#radix.forward(re, im);
    this.#chirp = { cos, sin, re, im };
  }

  /** Transforms in place. */
  forward(re: Float64Array, im: Float64Array): void {
    if (this.#chirp === undefined) {
      this.#radix.forward(re, im);
      return;
    }
    const { cos, sin, re: kernelRe, im: kernelIm } = this.#chirp;
    const workRe = this.#re;
    const workIm = this.#im;
    const m = workRe.length;
    workRe.fill(0);
    workIm.fill(0);
    for (let j = 0; j < this.n; j++) {
      workRe[j] = re[j]! * cos[j]! - im[j]! * sin[j]!;
      workIm[j] = re[j]! * sin[j]! + im[j]! * cos[j]!;
    }
    this.#radix.forward(workRe, workIm);
    // The inverse transform is the forward one of the conjugate.
    for (let k = 0; k < m; k++) {
      const x = workRe[k]! * kernelRe[k]! - workIm[k]! * kernelIm[k]!;
      workIm[k] = -(workRe[k]! * kernelIm[k]! + workIm[k]! * kernelRe[k]!);
      workRe[k] = x;
    }
    this.#radix.forward(workRe, workIm);
    for (let k = 0; k < this.n; k++) {
      const x = workRe[k]! / m;
      const y = -workIm[k]! / m;
      re[k] = x * cos[k]! - y * sin[k]!;
      im[k] = x * sin[k]! + y * cos[k]!;
    }
  }

  /** x_j = (1/n) Σ_k X_k·exp(2πi·jk/n), in place. */
  inverse(re: Float64Array, im: Float64Array): void {
    this.forward(im, re);
    for (let j = 0; j < this.n; j++) {
      re[j]! /= this.n;
      im[j]! /= this.n;
    }
  }
}
