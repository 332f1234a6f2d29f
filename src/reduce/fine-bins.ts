import { widened } from './outgrown.ts';

/**
 * A histogram over the positive normal floats in bins of relative width 2^-9 to 2^-8: bin i holds the values whose sign, exponent and first
 * 8 mantissa bits are i, so edges are exact and integer from 256 on. Beside the count it keeps Σ ln(x/lower), which with the edge
 * gives Σ ln x to full precision. Contiguous from `first`: 256 bins an octave that the data span, 8 MB for every float there is.
 */
export interface FineBins {
  /** Index of the first bin that is kept; -1 where there is none. */
  first: number;
  count: Float64Array;
  residual: Float64Array;
}

const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const scratch = new DataView(new ArrayBuffer(8));

export function fineBins(): FineBins {
  return { first: -1, count: new Float64Array(0), residual: new Float64Array(0) };
}

/** The smallest value of bin i. */
export function lowerEdge(bin: number): number {
  scratch.setUint32(0, bin << 12);
  scratch.setUint32(4, 0);
  return scratch.getFloat64(0);
}

/** The bin of a positive, normal, finite value. */
export function binOf(value: number): number {
  scratch.setFloat64(0, value);
  return scratch.getInt32(0) >> 12;
}

/** Makes room for bins `low` to `high`. */
export function reach(bins: FineBins, low: number, high: number): void {
  const { first, count } = bins;
  const end = first + count.length;
  if (first >= 0 && low >= first && high < end) return;
  const from = (first < 0 ? low : Math.min(low, first)) & ~255;
  const to = ((first < 0 ? high : Math.max(high, end - 1)) | 255) + 1;
  for (const name of ['count', 'residual'] as const) {
    bins[name] = widened(bins[name], to - from, first < 0 ? 0 : first - from);
  }
  bins.first = from;
}

/** The high words of doubles: sign, exponent, 20 mantissa bits. */
export const highWord: (words: Int32Array, i: number) => number = littleEndian
  ? (words, i) => words[2 * i + 1]!
  : (words, i) => words[2 * i]!;
export const lowWord: (words: Int32Array, i: number) => number = littleEndian
  ? (words, i) => words[2 * i]!
  : (words, i) => words[2 * i + 1]!;

/**
 * Counts a positive, normal, finite value, given by the words of its double, whose bin there is room for.
 * ln(x/lower) = log1p(δ), 0 ≤ δ < 2^-8, by six terms of its series: error < 2^-58.
 */
export function addFine(bins: FineBins, high: number, low: number): void {
  const at = (high >> 12) - bins.first;
  bins.count[at]!++;
  // The exponents of x and its edge agree, so their ratio is that of the mantissas.
  const rest = (high & 0xfff) + (low >>> 0) * 2 ** -32;
  const d = rest / (0x100000 + (high & 0xff000));
  const series = d * (1 - d * (1 / 2 - d * (1 / 3 - d * (1 / 4 - d * (1 / 5 - d * (1 / 6 - d / 7))))));
  bins.residual[at]! += series;
}

export function mergeFine(into: FineBins, other: FineBins): void {
  if (other.first < 0) return;
  reach(into, other.first, other.first + other.count.length - 1);
  const shift = other.first - into.first;
  for (let i = 0; i < other.count.length; i++) {
    into.count[i + shift]! += other.count[i]!;
    into.residual[i + shift]! += other.residual[i]!;
  }
}

/** A longer count array for the integer k, in powers of two up to `limit`. */
export function reachCount(count: Float64Array, k: number, limit: number): Float64Array {
  return k < count.length ? count : widened(count, Math.min(limit, 2 ** (32 - Math.clz32(k))));
}
