import { bridgedBounds } from './censored/bridged-bounds.ts';
import type { BoundsInWindow } from './censored/share-beyond.ts';
import type { CensoredTail } from './censored/tail.ts';
import type { Tail } from './tail.ts';

/** A tail as weighted points, for likelihoods that need more than Σ ln x. */
export interface TailPoints {
  readonly discrete: boolean;
  readonly xmin: number;
  readonly xmax: number;
  readonly n: number;
  readonly value: Float64Array;
  readonly weight: Float64Array;
  /** Mean of ln(x/xmin) and of its square. */
  readonly meanLog: number;
  readonly meanSquareLog: number;
  /** Values that are known by a lower bound alone. */
  readonly censored?: BoundsInWindow;
}

/**
 * Raw values, and discrete groups of one integer, stand for themselves. A wider group becomes two points of half its
 * weight at its mean of ln x, plus and minus the standard deviation of a uniform ln x in it (nothing for a single value,
 * which is known exactly), kept inside its edges: Σ ln x stays exact, and the error of a smooth log-density is of order
 * width⁴ a value.
 */
export function pointsOf(tail: Tail | CensoredTail): TailPoints {
  const { sample, first, last, xmin, xmax, n } = tail;
  const { position, upper, countFrom, sumLogFrom, discrete } = sample;
  const value: number[] = [];
  const weight: number[] = [];
  for (let j = first; j < last; j++) {
    const count = countFrom[j]! - countFrom[j + 1]!;
    const lower = position[j]!;
    if (upper === null || (discrete && upper[j] === lower + 1)) {
      value.push(lower);
      weight.push(count);
      continue;
    }
    const low = Math.log(lower);
    const high = Math.log(upper[j]!);
    const mean = Math.min(Math.max((sumLogFrom[j]! - sumLogFrom[j + 1]!) / count, low), high);
    const spread = Math.min(((high - low) / Math.sqrt(12)) * Math.sqrt(1 - 1 / count), mean - low, high - mean);
    if (count === 1 || !(spread > 0)) {
      value.push(Math.exp(mean));
      weight.push(count);
    } else {
      value.push(Math.exp(mean - spread), Math.exp(mean + spread));
      weight.push(count / 2, count / 2);
    }
  }
  let sum = 0;
  let squares = 0;
  const origin = Math.log(xmin);
  for (let i = 0; i < value.length; i++) {
    const y = Math.log(value[i]!) - origin;
    sum += weight[i]! * y;
    squares += weight[i]! * y * y;
  }
  return {
    discrete,
    xmin,
    xmax,
    n,
    value: Float64Array.from(value),
    weight: Float64Array.from(weight),
    meanLog: sum / n,
    meanSquareLog: squares / n,
    ...('bound' in tail && tail.bound.length > 0 ? { censored: bridgedBounds(tail) } : {}),
  };
}
