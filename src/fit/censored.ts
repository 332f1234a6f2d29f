import { findRoot } from '../numeric/find-root.ts';
import { powerSum } from '../numeric/zeta.ts';
import type { GroupedSample } from '../reduce/grouped.ts';
import { exponentOf } from './power-law.ts';
import { requireSpread, type Tail } from './tail.ts';

/** A power law of integers some of which are known by a lower bound alone. */
export interface CensoredEstimate {
  readonly exponent: number;
  /** From the observed information. */
  readonly standardError: number;
  /** Values that are known whole, and such that are not, between the cutoffs. */
  readonly n: number;
  readonly censored: number;
}

/**
 * Maximum likelihood with right-censored values: one that was last seen at L counts as P(X ≥ L). Leaving such values out, or taking L for
 * them, makes a law steeper, as it is the large ones that don't end in time. Those with L below xmin may belong to no tail and say nothing.
 * With an upper cutoff a censored value from L ≤ xmax on is taken to end before it, L > xmax says nothing. Still an exponential family in the
 * whole values: the exponent is where (n + m)·E[ln x] = Σ ln x + Σ E[ln x | x ≥ L].
 * @param tail of integers that are known whole
 * @param bounds the values L, by groups of the sort of the tail's; a wide group counts at its mean of ln x
 * @throws ParameterError where the likelihood has no maximum
 */
export function estimateCensored(tail: Tail, bounds: GroupedSample): CensoredEstimate {
  requireSpread(tail);
  const { xmin, xmax, n, meanExcess } = tail;
  const seen: { at: number; count: number }[] = [];
  bounds.count.forEach((count, i) => {
    const at = Math.round(Math.exp(bounds.sumLog[i]! / count));
    if (count > 0 && at > xmin && at <= xmax) seen.push({ at, count });
  });
  const censored = seen.reduce((sum, { count }) => sum + count, 0);
  // What the law expects of ln(x/xmin), less what is known of it.
  const surplus = (exponent: number): number => {
    let sum = (n + censored) * powerSum(exponent, xmin, xmax).meanExcess - n * meanExcess;
    for (const { at, count } of seen) {
      sum -= count * (powerSum(exponent, at, xmax).meanExcess + Math.log(at / xmin));
    }
    return sum;
  };
  const plain = exponentOf(tail);
  let exponent = plain;
  if (censored > 0) {
    // Longer values than were seen whole: the law is flatter.
    let low = plain;
    for (let step = 0.125; surplus(low) <= 0; step *= 2)
      low = xmax === Infinity ? 1 + (plain - 1) / (1 + 8 * step) : plain - step;
    exponent = low === plain ? plain : findRoot(surplus, low, plain);
  }
  const information = seen.reduce(
    (sum, { at, count }) => sum - count * powerSum(exponent, at, xmax).varianceLog,
    (n + censored) * powerSum(exponent, xmin, xmax).varianceLog,
  );
  return { exponent, standardError: 1 / Math.sqrt(information), n, censored };
}
