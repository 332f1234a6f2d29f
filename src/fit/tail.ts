import { ParameterError } from '../error.ts';
import { indexAtLeast, type OrderedSample } from './ordered-sample.ts';

/** The part of a sample between two cutoffs: positions first … last − 1. */
export interface Tail {
  readonly sample: OrderedSample;
  readonly first: number;
  readonly last: number;
  /** Values x ≥ xmin belong to the tail. */
  readonly xmin: number;
  /** Values x ≤ xmax belong to the tail; Infinity: no upper cutoff. */
  readonly xmax: number;
  /** Number of values in the tail. */
  readonly n: number;
  /** Mean of ln(x/xmin) over the tail. */
  readonly meanExcess: number;
}

/**
 * Cuts a tail. On a grouped sample a cutoff inside an occupied group moves to the edge that leaves the group out. Then,
 * with m values in that group, δ = ln(edge/xmin) and M the mean of ln(x/edge) above it, the unbounded continuous
 * exponent moves by |1/(α̂ − 1) − 1/(α̂_raw − 1)| ≤ max(δ, M·m/(n + m)): the width of one group, and at a group edge
 * exactly nothing.
 */
export function cutTail(sample: OrderedSample, xmin: number, xmax = Infinity): Tail {
  checkCutoffs(sample.discrete, xmin, xmax);
  const { position, upper } = sample;
  let first = indexAtLeast(position, xmin);
  if (upper === null) {
    let last = indexAtLeast(position, xmax);
    if (last < position.length && position[last] === xmax) last++;
    return tailBetween(sample, first, last, xmin, xmax);
  }
  let from = xmin;
  if (first > 0 && upper[first - 1]! > xmin) from = upper[first - 1]!;
  first = indexAtLeast(position, from);
  const end = sample.discrete ? xmax + 1 : xmax;
  let last = indexAtLeast(position, end);
  let to = xmax;
  if (last > first && upper[last - 1]! > end) {
    last--;
    to = sample.discrete ? position[last]! - 1 : position[last]!;
  }
  return tailBetween(sample, first, last, from, to);
}

/** The tail from position `first` up to before position `last`, with cutoffs that are known to lie so. */
export function tailBetween(sample: OrderedSample, first: number, last: number, xmin: number, xmax: number): Tail {
  const n = sample.countFrom[first]! - sample.countFrom[last]!;
  const sumLog = sample.sumLogFrom[first]! - sample.sumLogFrom[last]!;
  return { sample, first, last, xmin, xmax, n, meanExcess: sumLog / n - Math.log(xmin) };
}

/** Mean of ln(x/xmin) below which rounding of ln x decides: exponents beyond 1e9. */
export const leastSpread = 1e-9;

/** @throws ParameterError where the likelihood has no maximum: nothing in the tail, or all of it at one cutoff */
export function requireSpread(tail: Tail): void {
  const { sample, first, last, n, xmin, xmax } = tail;
  const range = xmax === Infinity ? `from ${xmin}` : `from ${xmin} to ${xmax}`;
  if (!(n > 0)) throw new ParameterError(`a power-law fit needs values ${range}, got none`);
  if (tail.meanExcess > leastSpread && (last - first > 1 || sample.upper !== null)) return;
  const only = sample.position[first]!;
  if (last - first === 1 && only > xmin * (1 + leastSpread) && only < xmax) return;
  if (last - first > 1) {
    throw new ParameterError(
      `a power-law fit needs distinct values ${range}, got ${n} that differ by less than a billionth of themselves`,
    );
  }
  throw new ParameterError(
    `a power-law fit needs at least 2 distinct values ${range}, got ${n} of them all equal to ${only}`,
  );
}

function checkCutoffs(discrete: boolean, xmin: number, xmax: number): void {
  if (!(xmin > 0 && xmin < Infinity)) throw new ParameterError(`xmin must be a positive number, got ${xmin}`);
  if (!(xmax > xmin)) throw new ParameterError(`xmax must be greater than xmin = ${xmin}, got ${xmax}`);
  if (!discrete) return;
  if (!Number.isInteger(xmin)) throw new ParameterError(`xmin must be an integer for discrete data, got ${xmin}`);
  if (xmax !== Infinity && !Number.isInteger(xmax)) {
    throw new ParameterError(`xmax must be an integer for discrete data, got ${xmax}`);
  }
}
