import { type PowerLaw, probabilityBelow } from './power-law.ts';
import type { Tail } from './tail.ts';

/**
 * Which sides of the empirical steps are held against the law. `left` compares P(X < x) on both sides at every distinct
 * value (the complement of P(X ≥ x), as the `powerlaw` package does); `two-sided` also compares P(X ≤ x): the textbook
 * distance. `clauset` is what the program published with Clauset et al. (2009) computes: `two-sided` on integers, and of real
 * numbers the values 0/n, 1/n … (n − 1)/n in their order, so that it differs from `left` where values are tied. On a grouped
 * sample all are taken at the groups' lower edges, where they agree.
 */
export type KsConvention = 'left' | 'two-sided' | 'clauset';

/**
 * The exact Kolmogorov–Smirnov distance between a tail and a law, by branch and bound: both distributions only rise, so
 * their values at the ends of a stretch of positions bound every gap inside it, and a stretch that can't beat the
 * largest gap so far is skipped. About √n evaluations of the law in place of n.
 * @param limit gives up early, returning some gap above it, as soon as one is found
 */
export function kolmogorovSmirnov(
  tail: Tail,
  law: PowerLaw,
  convention: KsConvention = 'left',
  limit = Infinity,
): number {
  const { sample, first, last, n } = tail;
  const { position, logPosition, countFrom } = sample;
  const total = countFrom[first]!;
  const below = probabilityBelow(law);
  const bothSides = convention !== 'left' && sample.upper === null;
  const short = convention === 'clauset' && !law.discrete ? 1 : 0;
  let distance = 0;

  const model = (j: number): number => below(position[j]!, logPosition[j]!);
  const visit = (j: number): number => {
    const value = model(j);
    let gap = Math.abs(value - (total - countFrom[j]!) / n);
    if (bothSides) {
      const through = law.discrete ? below(position[j]! + 1) : value;
      gap = Math.max(gap, Math.abs(through - (total - countFrom[j + 1]! - short) / n));
    }
    if (gap > distance) distance = gap;
    return value;
  };
  const refine = (left: number, atLeft: number, right: number, atRight: number): void => {
    if (right - left < 2) return;
    const lowest = (total - countFrom[left + 1]!) / n;
    const highest = (total - countFrom[bothSides ? right : right - 1]!) / n;
    if (Math.max(atRight - lowest, highest - atLeft) <= distance || distance > limit) return;
    const middle = (left + right) >> 1;
    const atMiddle = visit(middle);
    refine(left, atLeft, middle, atMiddle);
    refine(middle, atMiddle, right, atRight);
  };

  const stretches = Math.min(last - first - 1, 24);
  if (stretches < 1) {
    visit(first);
    return distance;
  }
  const knots = Array.from({ length: stretches + 1 }, (_, k) => {
    const j = first + Math.round(((last - 1 - first) * k) / stretches);
    return { j, value: visit(j) };
  });
  for (let k = 0; k < stretches && distance <= limit; k++) {
    const from = knots[k]!;
    const to = knots[k + 1]!;
    refine(from.j, from.value, to.j, to.value);
  }
  return distance;
}
