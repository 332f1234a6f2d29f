import type { GroupedSample } from '../../reduce/grouped.ts';

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
  const duration = Float64Array.from({ length: most }, (_, i) => i + 1);
  const count = duration.map((d) => survival[d]! - survival[d + 1]!);
  return {
    discrete: true,
    lower: duration,
    upper: duration.map((d) => d + 1),
    count,
    sumLog: count.map((c, i) => c * Math.log(duration[i]!)),
  };
}

/** Integer sizes with their probabilities, `probability[n]` of n, as a sample that is fitted like continuous sizes. */
export function countSample(probability: Float64Array): GroupedSample {
  const most = probability.length - 1;
  const size = Float64Array.from({ length: most }, (_, i) => i + 1);
  return {
    discrete: false,
    lower: size,
    upper: size.map((n) => n + 1),
    count: probability.slice(1),
    sumLog: size.map((n) => probability[n]! * Math.log(n)),
  };
}
