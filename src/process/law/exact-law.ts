import { type GroupedSample, wholeNumbers } from '../../reduce/grouped.ts';

/** What is known exactly of a process's avalanches. */
export interface ExactLaw {
  /** Durations and sizes up to which the law is computed within seconds. */
  readonly limits: { readonly duration: number; readonly size: number };
  /** P(D ≥ d) of a perturbation, index d = 0 … most + 1. */
  survival(most: number): Float64Array;
  /** ⟨S⟩ given D = d, index d = 1 … most (entry 0 is NaN). */
  meanSizes(most: number): Float64Array;
  /** Probabilities of sizes up to about `most`, as a sample, for avalanches of any duration. */
  sizes(most: number): GroupedSample;
}

/** P(D = d) for d = 1 … most as a sample of durations, which fits take as they take data. */
export function durationSample(law: ExactLaw, most: number): GroupedSample {
  const survival = law.survival(most);
  return wholeNumbers(Float64Array.from({ length: most }, (_, i) => survival[i + 1]! - survival[i + 2]!));
}

/** Width of the group that stands for a whole number, relative to it: no cutoff moves for it. */
const narrow = 1e-9;

/**
 * Sizes at whole numbers with their probabilities, `probability[n]` of n, as a sample that is fitted like continuous sizes: a narrow group from each n
 * on, or up to it where sizes lie a hair below whole numbers, as the excess over a threshold just above a step does.
 */
export function countSample(probability: Float64Array, side: 'from' | 'up-to' = 'from'): GroupedSample {
  const most = probability.length - 1;
  const size = Float64Array.from({ length: most }, (_, i) => i + 1);
  const from = side === 'from';
  return {
    discrete: false,
    lower: size.map((n) => (from ? n : n * (1 - narrow))),
    upper: size.map((n) => (from ? n * (1 + narrow) : n)),
    count: probability.slice(1),
    sumLog: size.map((n) => probability[n]! * Math.log(n)),
  };
}
