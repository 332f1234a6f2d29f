import type { Counts } from '../pipeline.ts';

export function zeroCounts(): Counts {
  return { perturbations: 0, valid: 0, dead: 0, censored: 0, nonFinite: 0 };
}

/** Adds a tally in place. */
export function addCounts(into: Counts, tally: Partial<Counts>): void {
  into.perturbations += tally.perturbations ?? 0;
  into.valid += tally.valid ?? 0;
  into.dead += tally.dead ?? 0;
  into.censored += tally.censored ?? 0;
  into.nonFinite += tally.nonFinite ?? 0;
  if (tally.underway !== undefined) into.underway = (into.underway ?? 0) + tally.underway;
}
