import { ParameterError } from '../error.ts';
import { weightedLine } from '../numeric/weighted-line.ts';
import { type OrderedSample, orderSample, type Sample } from './ordered-sample.ts';

/** Bins lower ≤ x < upper; the last one of raw continuous data holds its upper edge, the largest value, too. */
export interface AdaptiveBins {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly count: Float64Array;
  /** Geometric mean of the edges; for integers, of the first and last integer in the bin. */
  readonly centre: Float64Array;
  /** count/(width · n). */
  readonly density: Float64Array;
}

/**
 * A density with every bin wide enough for k values (adaptive binning): the smallest value opens the first bin,
 * a bin closes at the first value, or group edge, after k of them; what is left at the end joins the last bin.
 * @param k values a bin takes at least
 * @param discrete whether values are integers; default false. A grouped sample says so itself
 * @throws ParameterError for a k that is no positive integer, and a sample without a positive value
 */
export function adaptiveBins(sample: Sample, k: number, discrete?: boolean): AdaptiveBins {
  if (!(Number.isInteger(k) && k > 0)) throw new ParameterError(`k must be a positive integer, got ${k}`);
  return binsOf(orderSample(sample, discrete), k);
}

/** {@link adaptiveBins} of a sample in its order, such as a product-limit estimate. */
export function binsOf(ordered: OrderedSample, k: number): AdaptiveBins {
  const { position, upper, countFrom } = ordered;
  const m = position.length;
  const starts: number[] = [];
  for (let start = 0; start < m; ) {
    starts.push(start);
    const held = countFrom[start]!;
    let end = start;
    while (end < m && held - countFrom[end]! < k) end++;
    // A last bin of one raw continuous value would have no width.
    const flat = upper === null && !ordered.discrete && end === m - 1;
    if (countFrom[end]! < k || flat) break;
    start = end;
  }
  const largest = upper === null ? position[m - 1]! + (ordered.discrete ? 1 : 0) : upper[m - 1]!;
  const lower = Float64Array.from(starts, (start) => position[start]!);
  const end = Float64Array.from(starts, (_, b) => (b + 1 < starts.length ? lower[b + 1]! : largest));
  const count = Float64Array.from(starts, (start, b) => countFrom[start]! - countFrom[starts[b + 1] ?? m]!);
  const n = countFrom[0]!;
  return {
    lower,
    upper: end,
    count,
    centre: lower.map((low, b) => Math.sqrt(low * (end[b]! - (ordered.discrete ? 1 : 0)))),
    density: count.map((c, b) => c / ((end[b]! - lower[b]!) * n)),
  };
}

/** The range that straightness is measured on. */
export interface StraightnessOptions {
  /** Bins whose centre lies in [least, most] take part; default all. */
  readonly least?: number;
  readonly most?: number;
}

/**
 * How straight a distribution is in doubly logarithmic axes: R² of the line through ln density against ln centre, every
 * bin counting alike.
 * @returns R² and the line's slope, an exponent by eye and not an estimate: for that, use maximum likelihood
 */
export function straightness(
  bins: AdaptiveBins,
  { least = 0, most = Infinity }: StraightnessOptions = {},
): { rSquared: number; slope: number; bins: number } {
  const inside = bins.centre.map((centre, b) =>
    centre >= least && centre <= most && bins.density[b]! < Infinity ? 1 : 0,
  );
  const line = weightedLine(bins.centre.map(Math.log), bins.density.map(Math.log), inside);
  return { rSquared: line.rSquared, slope: line.slope, bins: line.degreesOfFreedom + 2 };
}
