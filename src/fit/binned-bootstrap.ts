import { ParameterError } from '../error.ts';
import { binomial } from '../numeric/binomial.ts';
import { createStream } from '../numeric/random.ts';
import type { BinnedSample } from './binned.ts';
import { type BinnedCutoffs, type BinnedTail, fitBinnedTail } from './binned-xmin.ts';
import { drawCounts } from './bootstrap-cells.ts';
import { type PowerLaw, probabilityBelow } from './power-law.ts';

/** Binned values with cutoffs: what a bootstrap is made of. */
export interface BinnedData extends BinnedSample {
  readonly cutoffs: BinnedCutoffs;
}

/** All that a repetition of the bootstrap of binned values needs: plain arrays, so that it crosses threads. */
export interface BinnedPlan {
  readonly edges: Float64Array;
  readonly counts: Float64Array;
  readonly discrete: boolean;
  readonly cutoffs: BinnedCutoffs;
  /** The data's own distance. */
  readonly ks: number;
  readonly n: number;
  readonly nTail: number;
  /** Share of the fitted law in each bin, 0 below its first. */
  readonly mass: Float64Array;
}

/** Names the draws of this room among the keys of random streams. */
const purpose = { synthetic: 0x62696e73, resampled: 0x62696e72 };

/**
 * Fits the data and prepares the bootstrap: from xmin on the fitted law, put into the same bins, below it the data drawn again (Virkar & Clauset 2014,
 * section 4.1). Where the law goes on beyond the last bin, that one takes all of it: leave bins that the law may reach.
 * @throws ParameterError where the data don't allow a fit
 */
export function planBinned({ cutoffs, ...sample }: BinnedData): BinnedPlan {
  const { discrete } = sample;
  const edges = Float64Array.from(sample.edges);
  const counts = Float64Array.from(sample.counts);
  const { exponent, xmin, xmax, ks, n: nTail, first } = fitBinnedTail(sample, cutoffs);
  const law: PowerLaw = { discrete, exponent, xmin, xmax: discrete ? xmax - 1 : xmax };
  const below = probabilityBelow(law);
  const { last } = cutoffs;
  const mass = new Float64Array(counts.length);
  let before = 0;
  for (let b = first; b < last; b++) {
    const through = b === last - 1 ? 1 : below(edges[b + 1]!);
    mass[b] = Math.max(0, through - before);
    before = through;
  }
  const n = first === cutoffs.first ? nTail : counts.subarray(0, last).reduce((sum, count) => sum + count, 0);
  return { edges, counts, discrete, cutoffs, ks, n, nTail, mass };
}

/** Distance of a synthetic sample; exponent and xmin of the data drawn again. Depends on nothing but (plan, seed, i). */
export function binnedRepetition(plan: BinnedPlan, seed: number, i: number): [number, number, number] {
  const { counts, cutoffs, n, nTail, mass } = plan;
  const from = cutoffs.first === 'auto' ? 0 : cutoffs.first;
  const inRange = counts.map((count, b) => (b >= from && b < cutoffs.last ? count : 0));
  const again = firstFit(plan, (k) => drawCounts(createStream(seed, purpose.resampled, i, k), n, inRange));
  const body = inRange.map((count, b) => (mass[b]! > 0 ? 0 : count));
  const { ks } = firstFit(plan, (k) => {
    const stream = createStream(seed, purpose.synthetic, i, k);
    const inTail = n === nTail ? n : binomial(stream, n, nTail / n);
    const drawn = drawCounts(stream, inTail, mass);
    if (inTail === n) return drawn;
    const outside = drawCounts(stream, n - inTail, body);
    return drawn.map((count, b) => count + outside[b]!);
  });
  return [ks, again.exponent, again.xmin];
}

/** A small sample may allow no fit: then it is drawn again. */
function firstFit({ edges, discrete, cutoffs, nTail }: BinnedPlan, draw: (k: number) => Float64Array): BinnedTail {
  for (let k = 0; k < 100; k++) {
    try {
      return fitBinnedTail({ discrete, edges, counts: draw(k) }, cutoffs);
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
    }
  }
  throw new ParameterError(`a bootstrap needs data whose fit can be repeated, got ${nTail} values that mostly can't`);
}
