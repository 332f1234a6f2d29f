import { type OrderedSample, orderSample, type Sample } from '../fit/ordered-sample.ts';
import { exponentOf } from '../fit/power-law.ts';
import { cutTail } from '../fit/tail.ts';
import { logPowerSum } from '../numeric/zeta.ts';

/** A deficit that chance doesn't make: a share of what the law has, in so many standard deviations. */
const share = 0.8;
const deviations = 5;
/** Fewest values above the start that say what law they have. */
const least = 50;

/** What the smallest value fitted has, and what the power law of those above it would have there. */
export interface CutStart {
  readonly count: number;
  readonly expected: number;
}

/** How many values are exactly `at`, and how many the power law of those above has there; undefined where those are too few for a law. */
function countAt(ordered: OrderedSample, at: number): CutStart | undefined {
  const above = cutTail(ordered, at + 1);
  if (above.n < least || above.last - above.first < 2) return undefined;
  const exponent = exponentOf(above);
  return {
    count: cutTail(ordered, at).n - above.n,
    expected: above.n * Math.exp(-exponent * Math.log(at) - logPowerSum(exponent, at + 1)),
  };
}

const isShort = ({ count, expected }: CutStart): boolean => count < share * expected;

/**
 * Whether the smallest value of a fit to integers, and it alone, is there too rarely: values that were rounded before are cut in half at the smallest
 * that was measured. undefined where it isn't, and where the next one is short too: then the law bends.
 */
export function cutStartOf(sample: Sample, xmin: number): CutStart | undefined {
  if (xmin >= 2 ** 50) return undefined;
  const ordered = orderSample(sample, true);
  const start = countAt(ordered, xmin);
  if (start === undefined || !isShort(start)) return undefined;
  if (start.expected - start.count <= deviations * Math.sqrt(start.expected)) return undefined;
  const next = countAt(ordered, xmin + 1);
  return next !== undefined && isShort(next) ? undefined : start;
}
