import { ParameterError } from '../error.ts';
import { findRoot } from '../numeric/find-root.ts';
import { truncatedExponential } from '../numeric/truncated-exponential.ts';
import { powerSum } from '../numeric/zeta.ts';
import { probabilityBelow } from './power-law.ts';

/** A sample of which only counts in bins that touch are known. */
export interface BinnedSample {
  /** Whether values are integers; edges then are, too, and a bin holds lower ≤ k < upper. */
  readonly discrete: boolean;
  /** Ascending and positive, one more than there are counts. */
  readonly edges: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

export interface BinnedFit {
  readonly exponent: number;
  /** From the observed information: of independent values. */
  readonly standardError: number;
  readonly n: number;
  /** Largest distance of the two distributions at the edges of the bins. */
  readonly ks: number;
  /** Edge of the first bin; the last edge, or Infinity without an upper cutoff. */
  readonly xmin: number;
  readonly xmax: number;
}

/** Exponents between which the maximum is looked for. */
const range = [-20, 40] as const;

/**
 * The power law of greatest likelihood for binned values (Virkar & Clauset, Ann. Appl. Stat. 8, 89 (2014), arXiv:1208.3524, eq. 3.1, here with
 * bins of any widths, an upper cutoff and integers): its score is the mean of ln x that the law expects in the window, less the ones that
 * it expects within the bins that the values are in.
 * @param first index of the first bin of the window
 * @param last index of the bin after its last; where `open`, the law goes on beyond it
 * @throws ParameterError where the window holds fewer than two occupied bins
 */
export function fitBinned(
  { discrete, edges, counts }: BinnedSample,
  first = 0,
  last = counts.length,
  open = false,
): BinnedFit {
  const bins: { lower: number; upper: number; count: number }[] = [];
  let n = 0;
  let occupied = 0;
  for (let b = first; b < last; b++) {
    bins.push({ lower: edges[b]!, upper: edges[b + 1]!, count: counts[b]! });
    n += counts[b]!;
    if (counts[b]! > 0) occupied++;
  }
  if (occupied < 2) throw new ParameterError(`a fit to bins needs two that hold values, got ${occupied}`);
  const xmin = edges[first]!;
  const xmax = open ? Infinity : edges[last]!;
  const largest = discrete ? xmax - 1 : xmax;

  const moments = (a: number, from: number, upper: number): { mean: number; variance: number } => {
    if (discrete) {
      if (upper - from === 1) return { mean: Math.log(from / xmin), variance: 0 };
      const { meanExcess, varianceLog } = powerSum(a, from, upper - 1);
      return { mean: Math.log(from / xmin) + meanExcess, variance: varianceLog };
    }
    const { mean, variance } = truncatedExponential(a - 1, Math.log(upper / from));
    return { mean: Math.log(from / xmin) + mean, variance };
  };
  const score = (a: number): number => {
    let sum = n * moments(a, xmin, xmax).mean;
    for (const { lower, upper, count } of bins) if (count > 0) sum -= count * moments(a, lower, upper).mean;
    return sum;
  };
  const least = open ? 1 + 1e-6 : range[0];
  if (!(score(least) > 0 && score(range[1]) < 0)) {
    throw new ParameterError(`no power law fits best between the exponents ${least} and ${range[1]}`);
  }
  const exponent = findRoot(score, least, range[1], 1e-9);
  let information = n * moments(exponent, xmin, xmax).variance;
  for (const { lower, upper, count } of bins) {
    if (count > 0) information -= count * moments(exponent, lower, upper).variance;
  }
  const below = probabilityBelow({ discrete, exponent, xmin, xmax: largest });
  let [held, ks] = [0, 0];
  for (const { upper, count } of bins) {
    held += count;
    if (upper < xmax) ks = Math.max(ks, Math.abs(held / n - below(upper)));
  }
  return { exponent, standardError: 1 / Math.sqrt(information), n, ks, xmin, xmax };
}
