import { orderSample, type Sample } from '../fit/ordered-sample.ts';

/** Ties at the top that chance doesn't make: so many at one value, and so many times the values just below it. */
const least = 5;
const times = 3;
const near = 1.1;

/**
 * A value within 10 % of the largest that far more data have than lie within 10 % below it: what an instrument gives that can't measure more. undefined where
 * there is none. Of integers the next one below counts as near: 2 has nothing within 10 %, and is no end.
 */
export function saturationOf(
  sample: Sample,
  discrete: boolean | undefined,
): { value: number; count: number } | undefined {
  const { position, countFrom } = orderSample(sample, discrete);
  const m = position.length;
  for (let j = m - 1; j >= Math.max(1, m - 3) && position[j]! * near >= position[m - 1]!; j--) {
    const count = countFrom[j]! - countFrom[j + 1]!;
    if (count < least) continue;
    const from = Math.min(position[j]! / near, discrete === true ? position[j]! - 1 : Infinity);
    let below = 0;
    for (let i = j - 1; i >= 0 && position[i]! >= from; i--) below = countFrom[i]! - countFrom[j]!;
    if (count >= times * Math.max(1, below)) return { value: position[j]!, count };
  }
  return undefined;
}
