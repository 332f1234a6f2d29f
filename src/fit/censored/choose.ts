import { ParameterError } from '../../error.ts';
import { candidatePositions } from '../cutoff-scan.ts';
import type { CutoffOptions } from '../fit-power-law.ts';
import { type KsConvention, kolmogorovSmirnov } from '../kolmogorov-smirnov.ts';
import { indexAtLeast, type OrderedSample } from '../ordered-sample.ts';
import type { PowerLaw } from '../power-law.ts';
import { cutTail, leastSpread, tailBetween } from '../tail.ts';
import { censoredExponent } from './estimate.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import type { CensoredOrder } from './sample.ts';
import { shareBeyondOf } from './share-beyond.ts';
import { atRisk, type CensoredTail, withBounds } from './tail.ts';

/**
 * Kolmogorov–Smirnov distance of a law and the product-limit estimate between its cutoffs (Koziol & Byar, Technometrics 17, 507 (1975)). It is taken up to
 * the largest value or bound.
 */
export function censoredDistance(
  all: OrderedSample,
  tail: CensoredTail,
  law: PowerLaw,
  convention: KsConvention = 'left',
  limit = Infinity,
): number {
  const first = indexAtLeast(all.position, tail.xmin);
  let last = indexAtLeast(all.position, tail.xmax);
  if (all.position[last] === tail.xmax) last++;
  const n = all.countFrom[first]! * (1 - shareBeyondOf(tail, law));
  const stretch = { sample: all, first, last, xmin: tail.xmin, xmax: tail.xmax, n, meanExcess: Number.NaN };
  return kolmogorovSmirnov(stretch, law, convention, limit);
}

/**
 * Share of the values between the cutoffs that the product-limit estimate has at values known whole: the distance can't become larger than that, and is
 * small for a tail of which hardly anything was seen to end.
 */
function shareSeen(all: OrderedSample, tail: CensoredTail, law: PowerLaw, lastWhole: number): number {
  const from = all.countFrom[indexAtLeast(all.position, tail.xmin)]!;
  const beyond = all.countFrom[indexAtLeast(all.position, lastWhole) + 1]!;
  return (from - beyond) / (from * (1 - shareBeyondOf(tail, law)));
}

/** What the values known whole of a tail range over, where all of them do: near a depth, where hardly any is seen to end, any law fits. */
const decade = 10;
/** Values tried for xmin where nothing is said: each asks for the estimate anew. */
const fewCandidates = 500;

/**
 * The tail of a censored sample between cutoffs that are given, or with the xmin whose law is nearest to the product-limit estimate in
 * Kolmogorov–Smirnov distance, as a share of what was seen to end, among those with a decade of values known whole; of equal distances the smallest.
 * @throws ParameterError where both cutoffs were to be found, or no tail allows a fit
 */
export function chooseCensored(order: CensoredOrder, options: CutoffOptions): CensoredTail {
  const { xmin = 'auto', xmax = null, convention = 'left', leastTail = 2 } = options;
  if (xmax === 'auto') {
    throw new ParameterError('xmax must be a number or none where values are censored: no window is found for them');
  }
  const { values, bounds } = order;
  const most = xmax ?? Infinity;
  if (xmin !== 'auto') {
    const whole = values.position.at(-1)!;
    if (whole < xmin && atRisk(order, xmin) > 0) {
      throw new ParameterError(
        `a power-law fit needs values known whole from ${xmin} on, the largest is ${whole}: beyond are lower bounds`,
      );
    }
    return withBounds(cutTail(values, xmin, most), bounds);
  }
  const { last } = cutTail(values, values.position[0]!, most);
  const wide = indexAtLeast(values.position, values.position[last - 1]! / decade);
  const to = wide > 0 ? wide : Math.max(last - 1, 0);
  const tried = candidatePositions(values, to, options.candidates ?? fewCandidates);
  const all = kaplanMeier(order);
  let best: { tail: CensoredTail; distance: number } | undefined;
  for (const first of tried) {
    const tail = withBounds(tailBetween(values, first, last, values.position[first]!, most), bounds);
    if (tail.n < leastTail || !(tail.meanExcess > leastSpread)) continue;
    const law = { discrete: values.discrete, exponent: censoredExponent(tail), xmin: tail.xmin, xmax: most };
    const seen = shareSeen(all, tail, law, values.position[last - 1]!);
    const distance = censoredDistance(all, tail, law, convention, best && best.distance * seen) / seen;
    if (best === undefined || distance < best.distance) best = { tail, distance };
  }
  if (best === undefined) {
    throw new ParameterError(
      `xmin can't be found: no tail has ${leastTail} values known whole that differ by more than a billionth`,
    );
  }
  return best.tail;
}
