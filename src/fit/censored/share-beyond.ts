import { findRoot } from '../../numeric/find-root.ts';
import { logSurvivalOf, type PowerLaw } from '../power-law.ts';

/** What a likelihood needs to know of censored values in a window. */
export interface BoundsInWindow {
  readonly bound: Float64Array;
  readonly weight: Float64Array;
  /** Values and bounds known to lie beyond the upper cutoff. */
  readonly beyond: number;
}

/**
 * The share q of all values from xmin on that lie beyond xmax, of greatest likelihood for a law that is given between the two: of it n ln(1 − q) + b ln q + Σ m
 * ln[(1 − q) P(X ≥ c) + q] is concave. An upper cutoff ends the range that is looked at, not the law: a value that was last seen at c may end beyond it.
 * @param n values that are known to lie in the window
 * @param survival P(X ≥ c) of the law in the window, of each bound
 */
export function shareBeyond(n: number, { weight, beyond }: BoundsInWindow, survival: Float64Array): number {
  // q(1 − q) times the derivative.
  const slope = (q: number): number => {
    let sum = beyond * (1 - q) - n * q;
    for (let j = 0; j < survival.length; j++) {
      const s = survival[j]!;
      sum += s === 0 ? weight[j]! * (1 - q) : (weight[j]! * q * (1 - q) * (1 - s)) / (s + q * (1 - s));
    }
    return sum;
  };
  const least = beyond > 0 ? 0 : 1e-12;
  const start = slope(least);
  if (start > 0) return findRoot(slope, least, 1);
  // Of a law whose survival is no number there is no share.
  return Number.isNaN(start) ? start : 0;
}

/** The part of a log-likelihood that censored values, and an upper cutoff beside them, have: q at its best. */
export interface CensoredTerm {
  readonly logLikelihood: number;
  /** ln(1 − q): of each value in the window. */
  readonly logInside: number;
  /** ln q: of each that is known to lie beyond it. */
  readonly logBeyond: number;
  /** Of each bound. */
  readonly logBound: Float64Array;
}

/**
 * @param xmax upper cutoff; Infinity: the law has all values from xmin on
 * @param logSurvival ln P(X ≥ c) of the law in the window
 */
export function censoredTerm(
  n: number,
  xmax: number,
  bounds: BoundsInWindow,
  logSurvival: (bound: number) => number,
): CensoredTerm {
  const { bound, weight, beyond } = bounds;
  const logs = bound.map(logSurvival);
  const q = xmax === Infinity ? 0 : shareBeyond(n, bounds, logs.map(Math.exp));
  const logBound = q === 0 ? logs : logs.map((log) => Math.log(q - (q - 1) * Math.exp(log)));
  const logInside = Math.log1p(-q);
  let sum = n * logInside + (beyond > 0 ? beyond * Math.log(q) : 0);
  for (let j = 0; j < logBound.length; j++) sum += weight[j]! * logBound[j]!;
  return { logLikelihood: sum, logInside, logBeyond: Math.log(q), logBound };
}

/** The share beyond xmax with a power law between the cutoffs; 0 without an upper one. */
export function shareBeyondOf({ n, ...bounds }: BoundsInWindow & { readonly n: number }, law: PowerLaw): number {
  if (law.xmax === Infinity) return 0;
  const log = logSurvivalOf(law);
  return shareBeyond(
    n,
    bounds,
    bounds.bound.map((c) => Math.exp(log(c))),
  );
}
