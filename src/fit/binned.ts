import { ParameterError } from '../error.ts';
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
/** Integers from which on sums over a bin are integrals between half integers: of the mean of ln x that is off by less than 1e-6. */
const smooth = 256;

/** The bins of a window that hold values. */
interface Occupied {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly count: readonly number[];
  readonly n: number;
}

function occupiedBins({ edges, counts }: BinnedSample, first: number, last: number): Occupied {
  const [lower, upper, count]: [number[], number[], number[]] = [[], [], []];
  let n = 0;
  for (let b = first; b < last; b++) {
    if (!(counts[b]! > 0)) continue;
    lower.push(edges[b]!);
    upper.push(edges[b + 1]!);
    count.push(counts[b]!);
    n += counts[b]!;
  }
  return { lower, upper, count, n };
}

/** Mean and variance of ln(x/from) from `from` to below `upper`. */
function moments(discrete: boolean, a: number, from: number, upper: number): { mean: number; variance: number } {
  if (!discrete) return truncatedExponential(a - 1, Math.log(upper / from));
  if (upper - from === 1) return { mean: 0, variance: 0 };
  if (from >= smooth && upper < Infinity) {
    const half = Math.log1p(-0.5 / from);
    const { mean, variance } = truncatedExponential(a - 1, Math.log((upper - 0.5) / (from - 0.5)));
    return { mean: mean + half, variance };
  }
  const { meanExcess, varianceLog } = powerSum(a, from, upper - 1);
  return { mean: meanExcess, variance: varianceLog };
}

/**
 * The power law of greatest likelihood for binned values (Virkar & Clauset, Ann. Appl. Stat. 8, 89 (2014), arXiv:1208.3524, eq. 3.1, here with
 * bins of any widths, an upper cutoff and integers): its score is the mean of ln x that the law expects in the window, less the ones that
 * it expects within the bins that the values are in.
 * @param first index of the first bin of the window
 * @param last index of the bin after its last; where `open`, the law goes on beyond it
 * @param start a guess near the exponent
 * @throws ParameterError where the window holds fewer than two occupied bins
 */
export function fitBinned(
  sample: BinnedSample,
  first = 0,
  last = sample.counts.length,
  open = false,
  start = 2,
): BinnedFit {
  const { discrete, edges } = sample;
  const { lower, upper, count, n } = occupiedBins(sample, first, last);
  if (lower.length < 2) throw new ParameterError(`a fit to bins needs two that hold values, got ${lower.length}`);
  const xmin = edges[first]!;
  const xmax = open ? Infinity : edges[last]!;
  let origins = 0;
  for (let i = 0; i < lower.length; i++) origins += count[i]! * Math.log(lower[i]! / xmin);
  const at = (a: number): { score: number; information: number } => {
    const whole = moments(discrete, a, xmin, xmax);
    let score = n * whole.mean - origins;
    let information = n * whole.variance;
    for (let i = 0; i < lower.length; i++) {
      const { mean, variance } = moments(discrete, a, lower[i]!, upper[i]!);
      score -= count[i]! * mean;
      information -= count[i]! * variance;
    }
    return { score, information };
  };
  let [low, high] = [open ? 1 + 1e-6 : range[0], range[1] as number];
  const ends = [low, high] as const;
  let exponent = start > low && start < high ? start : (low + high) / 2;
  let information = 0;
  for (let round = 0; round < 200; round++) {
    const here = at(exponent);
    information = here.information;
    if (here.score > 0) low = exponent;
    else high = exponent;
    let next = exponent + here.score / information;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const step = Math.abs(next - exponent);
    exponent = next;
    if (step <= 1e-9) break;
  }
  if (!(exponent - ends[0] > 1e-7 && ends[1] - exponent > 1e-7)) {
    throw new ParameterError(`no power law fits best between the exponents ${ends[0]} and ${ends[1]}`);
  }
  const below = probabilityBelow({ discrete, exponent, xmin, xmax: discrete ? xmax - 1 : xmax });
  let [held, ks] = [0, 0];
  for (let i = 0; i < lower.length; i++) {
    // Between bins that hold values the two distributions are farthest apart at either end.
    if (lower[i]! > (upper[i - 1] ?? xmin)) ks = Math.max(ks, Math.abs(held / n - below(lower[i]!)));
    held += count[i]!;
    if (upper[i]! < xmax) ks = Math.max(ks, Math.abs(held / n - below(upper[i]!)));
  }
  return { exponent, standardError: 1 / Math.sqrt(information), n, ks, xmin, xmax };
}
