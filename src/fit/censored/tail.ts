import { indexAtLeast } from '../ordered-sample.ts';
import type { Tail } from '../tail.ts';
import type { Bounds, CensoredOrder } from './sample.ts';

/** A tail with the bounds that say something of its law. */
export interface CensoredTail extends Tail {
  /** Bounds above xmin, below which a value of the window may end: ascending, distinct, with their numbers. */
  readonly bound: Float64Array;
  readonly weight: Float64Array;
  /** Values and bounds known to lie beyond xmax. */
  readonly beyond: number;
}

/** A tail with its bounds. Those at or below xmin may belong to no tail and say nothing. */
export function withBounds(tail: Tail, { position, countFrom }: Bounds): CensoredTail {
  const { sample, last, xmin, xmax } = tail;
  let first = indexAtLeast(position, xmin);
  if (position[first] === xmin) first++;
  // Of integers one that was last seen at xmax may end there.
  const end = indexAtLeast(position, sample.discrete ? xmax + 1 : xmax);
  return {
    ...tail,
    bound: position.subarray(first, end),
    weight: countFrom.subarray(first, end).map((count, j) => count - countFrom[first + j + 1]!),
    beyond: sample.countFrom[last]! + countFrom[Math.max(first, end)]!,
  };
}

/** Values and bounds at or above a value. */
export const atRisk = ({ values, bounds }: CensoredOrder, from: number): number =>
  values.countFrom[indexAtLeast(values.position, from)]! + bounds.countFrom[indexAtLeast(bounds.position, from)]!;
