import { attempt, ParameterError } from '../error.ts';
import { type BinnedFit, type BinnedSample, fitBinned } from './binned.ts';

/** Fewest values, and bins that hold some, of a tail that is found: a law of one parameter is at no distance from two bins. */
const leastBinned = { values: 50, bins: 6 } as const;
/** Lower cutoffs that are tried at most, evenly over the bins that hold values. */
const mostTried = 200;

/** Where the window of binned values begins and ends. */
export interface BinnedCutoffs {
  /** Index of the first bin; `auto`: the one whose tail lies nearest to its law. */
  readonly first: number | 'auto';
  /** Index of the bin after the last. */
  readonly last: number;
  /** Whether the law goes on beyond it. */
  readonly open: boolean;
}

/** A fit, and the index of its first bin. */
export type BinnedTail = BinnedFit & { readonly first: number };

/**
 * Fits binned values between cutoffs that are given, or from the edge on whose law has the smallest Kolmogorov–Smirnov distance at the edges above
 * (Virkar & Clauset, Ann. Appl. Stat. 8, 89 (2014), doi:10.1214/13-AOAS710, section 3.3), with at least 50 values in 6 bins.
 * @throws ParameterError where no tail is as large as that, or the one given allows no fit
 */
export function fitBinnedTail(sample: BinnedSample, { first, last, open }: BinnedCutoffs): BinnedTail {
  if (first !== 'auto') return { ...fitBinned(sample, first, last, open), first };
  const occupied: number[] = [];
  for (let b = 0; b < last; b++) if (sample.counts[b]! > 0) occupied.push(b);
  let above = 0;
  let tails = 0;
  for (let i = occupied.length - 1; i >= 0; i--) {
    above += sample.counts[occupied[i]!]!;
    if (above >= leastBinned.values && occupied.length - i >= leastBinned.bins) {
      tails = i + 1;
      break;
    }
  }
  let best: BinnedTail | undefined;
  let start: number | undefined;
  const stride = Math.max(1, tails / mostTried);
  for (let i = 0; i < tails; i += stride) {
    const b = occupied[Math.floor(i)]!;
    const fit = attempt(() => fitBinned(sample, b, last, open, start));
    if (fit === undefined) continue;
    start = fit.exponent;
    if (best === undefined || fit.ks < best.ks) best = { ...fit, first: b };
  }
  if (best === undefined) {
    const { values, bins } = leastBinned;
    throw new ParameterError(
      `xmin can't be found: no tail of binned values that a power law fits has ${values} values in ${bins} bins`,
    );
  }
  return best;
}
