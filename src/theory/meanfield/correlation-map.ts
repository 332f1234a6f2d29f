import { findRoot } from '../../numeric/find-root.ts';
import { power } from '../../numeric/power.ts';
import { hermiteSeries } from './hermite-series.ts';
import type { Moments } from './moments.ts';
import { pairMean } from './paired-quadrature.ts';

/** Fixed point of the correlation map and what its slope there is short of 1. */
export interface CorrelationFixedPoint {
  /** c*. */
  readonly correlation: number;
  /** 1 − C'(c*), C'(c) = σw² ∫∫ φ'(u₁) φ'(u₂). */
  readonly slack: number;
  /** ln C'(c*), where it may be so small that nothing of it is left in the slack. */
  readonly logSlope?: number;
}

/**
 * The stable fixed point c* of C(c) = (σw² ∫∫ φ(u₁) φ(u₂) + σb²)/q* in the chaotic phase, χ₁ > 1: the one solution below 1
 * (C is convex with C(1) = 1). Solved in the form (1 − C(c))/(1 − c) = 1, in which neither the fixed point at 1 nor the equation
 * for q* is left to cancel.
 * @param surplus χ₁ − 1 > 0
 */
export function chaoticFixedPoint(
  moments: Moments,
  weightVariance: number,
  biasVariance: number,
  q: number,
  surplus: number,
): CorrelationFixedPoint {
  const closed = moments.chaotic?.(weightVariance, biasVariance, q, surplus);
  if (closed !== undefined) return closed;
  if (moments.jumps === true) return ofJumps(moments, weightVariance, q);
  for (const order of q < 0.1 ? [24] : [64, 512, 2048]) {
    const found = bySeries(moments, weightVariance, biasVariance, q, surplus, order);
    if (found !== undefined) return found;
  }
  return byPairs(moments, weightVariance, q, surplus);
}

/** With V/q = Σ αₙ²: Σₙ αₙ² c (1 − cⁿ⁻¹)/(1 − c) = α₀² + σb²/(σw² q), sums over n ≥ 2. Undefined where the series is too short. */
function bySeries(
  moments: Moments,
  weightVariance: number,
  biasVariance: number,
  q: number,
  surplus: number,
  order: number,
): CorrelationFixedPoint | undefined {
  const energies = hermiteSeries(moments, q, order).map((alpha) => alpha * alpha);
  const stride = moments.shape.odd ? 2 : 1;
  const first = moments.shape.odd ? 3 : 2;
  const gain = moments.second(q) / q;
  let rest = gain;
  for (const energy of energies) rest -= energy;
  // Rounding in the sum is not a tail.
  if (rest < 4e-15 * gain) rest = 0;
  const source = weightVariance * energies[0]! + biasVariance / q;

  function excess(c: number): number {
    if (c === 1) return surplus;
    const ratio = stride === 2 ? c * c : c;
    const group = stride === 2 ? 1 + c : 1;
    let sum = 0;
    let partial = 0;
    let kept = group;
    for (let n = first; n <= order; n += stride) {
      partial += kept;
      kept *= ratio;
      sum += energies[n]! * partial;
    }
    return weightVariance * c * (sum + rest / (1 - c)) - source;
  }

  const correlation = source === 0 ? 0 : findRoot(excess, 0, 1);
  let sum = rest;
  let kept = power(correlation, first - 1);
  for (let n = first; n <= order; n += stride) {
    sum += energies[n]! * (1 - n * kept);
    kept *= power(correlation, stride);
  }
  const slack = source + weightVariance * sum;
  const lost = weightVariance * rest * (order + 1) * (kept / (1 - correlation) + kept);
  return lost <= 1e-13 * slack ? { correlation, slack } : undefined;
}

/** The same by two-dimensional quadrature: (1 − C)/(1 − c) = σw² ∫∫ (φ(u₁) − φ(u₂))²/(2 q (1 − c)). */
function byPairs(moments: Moments, weightVariance: number, q: number, surplus: number): CorrelationFixedPoint {
  const { kinks, activation } = moments;
  const { phi, derivative } = activation;
  const excess = (c: number): number =>
    c === 1
      ? surplus
      : (weightVariance * pairMean(kinks, q, q, c, (a, b) => (phi(a) - phi(b)) ** 2)) / (2 * q * (1 - c)) - 1;
  // Rounding can lift the value at 0, which is −σb²/q − …, above 0.
  const correlation = excess(0) < 0 ? findRoot(excess, 0, 1) : 0;
  const slope = weightVariance * pairMean(kinks, q, q, correlation, (a, b) => derivative(a) * derivative(b));
  return { correlation, slack: 1 - slope };
}

/**
 * φ that jumps: the slope of C is infinite at 1, as √(1 − c), so that inputs always come apart. C' is taken of the density of the pair, whose
 * logarithm has the derivative (c(1 − c²) − c(z₁² + z₂²) + (1 + c²)z₁z₂)/(1 − c²)², so that it needs no φ'.
 */
function ofJumps(moments: Moments, weightVariance: number, q: number): CorrelationFixedPoint {
  const { kinks, activation } = moments;
  const apart = (c: number, weight: (z1: number, z2: number) => number): number => {
    const scale = Math.sqrt(q);
    const at = (a: number, b: number): number =>
      (activation.phi(a) - activation.phi(b)) ** 2 * weight(a / scale, b / scale);
    return (weightVariance * pairMean(kinks, q, q, c, at)) / (2 * q);
  };
  const excess = (c: number): number => apart(c, () => 1) / (1 - c) - 1;
  let [low, high] = [0, 0];
  for (let gap = 1; !(excess(high) > 0) && gap > 1e-15; gap /= 4) [low, high] = [high, 1 - gap / 4];
  // Rounding hides a value at 0 that is 0, where inputs end up independent.
  const correlation = high === 0 || Math.abs(excess(0)) < 1e-12 ? 0 : findRoot(excess, low, high);
  const cc = correlation * correlation;
  const slope = -apart(
    correlation,
    (a, b) => (correlation * (1 - cc - a * a - b * b) + (1 + cc) * a * b) / (1 - cc) ** 2,
  );
  return { correlation, slack: 1 - slope };
}
