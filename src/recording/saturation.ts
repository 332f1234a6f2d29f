import { orderSample, type Sample } from '../fit/ordered-sample.ts';

/** Ties at the top that chance doesn't make: so many at one value, and so many times the values just below it. */
const least = 5;
const times = 3;
const below = 1.1;

/**
 * A value near the largest that far more data have than lie within 10 % below it: what an instrument gives that can't measure more. undefined where there
 * is none.
 */
export function saturationOf(
  sample: Sample,
  discrete: boolean | undefined,
): { value: number; count: number } | undefined {
  const { position, countFrom } = orderSample(sample, discrete);
  const m = position.length;
  for (let j = m - 1; j >= Math.max(1, m - 3); j--) {
    const count = countFrom[j]! - countFrom[j + 1]!;
    if (count < least) continue;
    let near = 0;
    for (let i = j - 1; i >= 0 && position[i]! * below >= position[j]!; i--) near = countFrom[i]! - countFrom[j]!;
    if (count >= times * Math.max(1, near)) return { value: position[j]!, count };
  }
  return undefined;
}
