import { findRoot } from '../../numeric/find-root.ts';
import type { CorrelationFixedPoint } from './correlation-map.ts';

/** (u − 1 + e^(−u))/u, without cancellation at small u of either sign. */
function loss(u: number): number {
  if (Math.abs(u) > 0.5) return 1 + Math.expm1(-u) / u;
  let [sum, term] = [0, u / 2];
  for (let n = 3; sum + term !== sum; n++) {
    sum += term;
    term *= -u / n;
  }
  return sum;
}

/**
 * The fixed point c* < 1 of sin, ∫∫ sin u₁ sin u₂ = e^(−q) sinh(qc): for c < ½ of y = qc = σw² e^(−q) sinh y + σb², all of whose terms are positive, and
 * nearer 1 of u = q(1 − c) as (1 − C)/(1 − c) = 1. Far from the edge of chaos c* → σb²/q, and C'(c*) → σw² e^(−q(1 − c*))/2 is below any double, so that its
 * logarithm goes with it. Undefined at small energies, where the Hermite series is short.
 */
export function sineFixedPoint(
  weightVariance: number,
  biasVariance: number,
  q: number,
  surplus: number,
): CorrelationFixedPoint | undefined {
  if (q < 4) return undefined;
  const half = weightVariance / 2;
  const overlap = (y: number): number => (y < 1 ? 2 * Math.exp(-q) * Math.sinh(y) : Math.exp(y - q) - Math.exp(-y - q));
  const near0 = (y: number): number => (biasVariance + half * overlap(y)) / y - 1;
  const logSlope = (y: number): number => Math.log(half) + (y - q) + Math.log1p(Math.exp(-2 * y));
  // Where weights are large, up to where e^(y − q) is nothing beside 1/σw²: nearer 1 their loss cancels.
  const top = half > 60 ? Math.max(q / 2, Math.min(q - 2 * Math.log(half) - 40, q * (1 - 1e-12))) : q / 2;
  if (biasVariance === 0 || near0(top) < 0) {
    const y = biasVariance === 0 ? 0 : findRoot(near0, biasVariance, top);
    return { correlation: y / q, slack: -Math.expm1(logSlope(y)), logSlope: logSlope(y) };
  }
  const opposite = Math.exp(-2 * q);
  // e^u is beyond any double where e^(u − 2q), which is meant, is below any.
  const mirrored = (u: number): number => (u < 700 ? opposite * loss(-u) : 0);
  const excess = (u: number): number => surplus - (u === 0 ? 0 : half * (loss(u) + mirrored(u)));
  // A little beyond ½, lest rounding hides the change of sign there.
  const u = findRoot(excess, 0, 0.6 * q);
  const slack = half * (-Math.expm1(-u) - (u < 700 ? opposite * Math.expm1(u) : 0)) - surplus;
  return { correlation: 1 - u / q, slack, logSlope: logSlope(q - u) };
}
