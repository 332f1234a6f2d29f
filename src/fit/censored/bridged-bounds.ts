import type { BoundsInWindow } from './share-beyond.ts';

/** Cells of ln c to a factor of e. */
const fine = 64;

/**
 * Bounds for likelihoods that ask for an integral at each: where more than two lie within 1/64 of each other, the outer two stand for them with weights that
 * keep their mean of ln c. For a power law that changes nothing; for others ln P(X ≥ c) of one value by an eighth of its second derivative in ln c, times (1/64)².
 */
export function bridgedBounds({ bound, weight, beyond }: BoundsInWindow): BoundsInWindow {
  const at: number[] = [];
  const held: number[] = [];
  for (let j = 0; j < bound.length; ) {
    const cell = Math.floor(fine * Math.log(bound[j]!));
    let [end, count, sumLog] = [j, 0, 0];
    for (; end < bound.length && Math.floor(fine * Math.log(bound[end]!)) === cell; end++) {
      count += weight[end]!;
      sumLog += weight[end]! * Math.log(bound[end]! / bound[j]!);
    }
    if (end - j === 1) {
      at.push(bound[j]!);
      held.push(count);
    } else {
      const upper = sumLog / Math.log(bound[end - 1]! / bound[j]!);
      at.push(bound[j]!, bound[end - 1]!);
      held.push(count - upper, upper);
    }
    j = end;
  }
  return { bound: Float64Array.from(at), weight: Float64Array.from(held), beyond };
}
