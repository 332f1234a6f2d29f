/**
 * A sample known by groups: sorted, disjoint groups [lower, upper) with their count and Σ ln x, so that likelihoods of power laws
 * whose cutoffs lie on group edges are exact without the raw data (streaming form of Clauset, Shalizi & Newman 2009).
 * For integer values below the exact limit, lower = k and upper = k + 1. All arrays have the same length.
 */
export interface GroupedSample {
  /** True for integer data; groups then have integer edges and hold the integers lower … upper − 1. */
  readonly discrete: boolean;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly count: Float64Array;
  /** Σ ln x over the group's values. */
  readonly sumLog: Float64Array;
}

/** The sample in which each of 1, 2, … is there `count` times, or with that probability. */
export function wholeNumbers(count: Float64Array): GroupedSample {
  const lower = count.map((_, i) => i + 1);
  return {
    discrete: true,
    lower,
    upper: lower.map((k) => k + 1),
    count,
    sumLog: count.map((c, i) => c * Math.log(lower[i]!)),
  };
}
