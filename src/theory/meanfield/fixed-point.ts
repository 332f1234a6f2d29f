import { findRoot } from '../../numeric/find-root.ts';
import type { Moments } from './moments.ts';

/**
 * The energy beyond a stable fixed point from which signals no longer come back to it: the next q where the map crosses the diagonal, from below. There
 * are some where φ gains more on large signals than on small ones.
 * @param q a fixed point as of {@link fixedPoint}
 * @returns NaN where there is none up to the energy at which φ is straight, or the fixed point isn't finite
 */
export function escapeEnergy(moments: Moments, weightVariance: number, biasVariance: number, q: number): number {
  const { shape } = moments;
  if (moments.saturating || shape.slopes !== undefined || !Number.isFinite(q)) return Number.NaN;
  const surplus = (at: number): number => weightVariance * (moments.second(at) / at) - 1 + biasVariance / at;
  let below = q > 0 ? q * (1 + 1e-6) : 1e-6;
  if (!(surplus(below) < 0)) return Number.NaN;
  for (let high = below * 1.5; high < 1.5e12; high *= 1.5) {
    const excess = surplus(high);
    // Less is rounding, where the map runs along the diagonal.
    if (excess > 1e-9) return findRoot(surplus, below, high);
    if (goesStraight(moments, high) && weightVariance * shape.farGain < 1 - 1e-3) return Number.NaN;
    if (excess < 0) below = high;
  }
  return Number.NaN;
}

/** Beyond so many times the larger variance, or 1, the signal is said to diverge. */
const largest = 1e40;

/** True where φ has become its asymptotes at the energy q, so that `farGain` is the gain there. */
export function goesStraight(moments: Moments, q: number): boolean {
  return Math.abs(moments.second(q) / q - moments.shape.farGain) < 1e-3 * moments.shape.farGain;
}

/** Relative surplus of a map over the diagonal that is all rounding. */
const rounding = 1e-13;

/**
 * The signal energy q* that an infinitesimal signal grows to under q ← σw² V(q) + σb²: the lowest q > 0 where the map crosses
 * the diagonal from above, or 0 in the absorbing phase. It is bracketed and solved as σw² V(q)/q + σb²/q − 1 = 0, so that nothing
 * is iterated where the map converges algebraically and nothing cancels near the critical point.
 * @returns q*; 0 in the absorbing phase and at its critical point, Infinity where the signal diverges, NaN where every q is fixed
 */
export function fixedPoint(moments: Moments, weightVariance: number, biasVariance: number): number {
  const { shape } = moments;
  const drive = shape.silent ? weightVariance * shape.gain - 1 : Number.NaN;
  if (shape.slopes !== undefined) {
    if (biasVariance === 0) return drive < 0 ? 0 : drive === 0 ? Number.NaN : Infinity;
    return drive < 0 ? biasVariance / -drive : Infinity;
  }
  /** Relative surplus of the map over the diagonal. */
  const surplus = (q: number): number => {
    const loss = shape.silent ? moments.gainLoss(q) : Number.POSITIVE_INFINITY;
    // Where little of the gain is left, the loss is what would cancel.
    return loss < 0.9 * shape.gain
      ? drive - weightVariance * loss + biasVariance / q
      : weightVariance * (moments.second(q) / q) - 1 + biasVariance / q;
  };
  const falling = (q: number): boolean => weightVariance * moments.bend(q) + biasVariance / q > 0;

  let low = biasVariance + (shape.silent ? 0 : weightVariance * shape.start);
  if (low === 0) {
    if (!(drive > 0) && !(drive === 0 && surplus(1e-6) > 0)) return 0;
    low = Math.min(0.25 * Math.max(drive, 1e-6), 1);
  } else if (moments.saturating && drive > 0) {
    low = Math.max(low, Math.min(drive / 4, 1));
  }
  while (surplus(low) < 0) low /= 4;
  const limit = largest * Math.max(1, weightVariance, biasVariance);
  let factor = 2;
  let high = low;
  for (;;) {
    high = low * factor;
    if (high > limit) return Infinity;
    if (surplus(high) <= 0) {
      const root = findRoot(surplus, low, high);
      // A surplus that is all rounding on either side is no crossing: the map runs along the diagonal.
      const blurred = root > 1 && [root / 2, 2 * root].every((q) => Math.abs(surplus(q)) < rounding);
      // φ that never is straight (x + sin² x) has no far slope to be asked for.
      const rises = !shape.settled || weightVariance * shape.farGain >= 1;
      return blurred && rises ? Infinity : root;
    }
    if (high > 1e10 && goesStraight(moments, high) && weightVariance * shape.farGain >= 1) return Infinity;
    if (!moments.saturating && falling(low) && !falling(high)) {
      const bottom = findRoot((q) => (falling(q) ? -1 : 1), low, high, 1e-12 * low);
      if (surplus(bottom) <= 0) return findRoot(surplus, low, bottom);
    }
    low = high;
    if (low > 1e4) factor = Math.min(factor * 2, 1e4);
  }
}
