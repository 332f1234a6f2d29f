import { ParameterError } from '../error.ts';
import { activation } from './activation.ts';

/** How small signals fare in a random network of one activation, weights N(0, σw²/N), no biases. */
export interface CriticalPoint {
  /** σw² at which small signals neither grow nor shrink in infinitely wide networks: σw²·E φ(√q z)²/q → 1 as q → 0. */
  readonly weightVariance: number;
  /** c in σw² = weightVariance·(1 + c/N), at which ln s has no drift at width N (to first order in 1/N). */
  readonly correction: number;
  /** N times the variance of ln s per layer. */
  readonly stepVariance: number;
  /** Drift of ln s by saturation, per layer and unit of signal energy q, as q → 0: a trap where it is negative, none where it is 0. */
  readonly trap: number;
}

/**
 * The critical point of an activation for small signals. With g± = φ'(0±)² a layer multiplies the signal energy by
 * σw²·(1/N)Σ g z², z standard normal and g one of g± by its sign: mean σw²·ḡ with ḡ = (g₊ + g₋)/2, relative variance
 * v/N with v = 3(g₊² + g₋²)/(2ḡ²) − 1, so that ln s drifts by ½ ln(σw²ḡ) − v/(4N) and diffuses by v/(4N) (random walk of
 * ln s; arXiv:2512.00168). v = 2 and c = 1 for odd φ, v = 5 and c = 5/2 for relu.
 * @throws ParameterError for an activation that isn't proportional to its argument near 0
 */
export function criticalPoint(name: string): CriticalPoint {
  const { gain } = activation(name);
  const tiny = 1e-9;
  const sides = (x: number) => [gain?.(x) ?? Number.NaN, gain?.(-x) ?? Number.NaN] as const;
  const [right, left] = sides(tiny);
  const mean = (right + left) / 2;
  // x³ and sign x have a finite gain anywhere but at 0.
  const further = sides(1000 * tiny).reduce((a, b) => a + b) / 2;
  if (!(mean > 0 && Math.abs(further / mean - 1) < 0.01)) {
    throw new ParameterError(
      `activation ${name} has no critical point for small signals: φ must vanish at 0, with a slope on one side at least`,
    );
  }
  const relativeVariance = (3 * (right * right + left * left)) / (2 * mean * mean) - 1;
  // Curvature of the gain's even part, by Richardson's extrapolation.
  const even = (x: number): number => (gain!(x) + gain!(-x)) / 2 - mean;
  const [coarse, fine] = [even(0.02) / 0.02 ** 2, even(0.01) / 0.01 ** 2];
  const curvature = (4 * fine - coarse) / 3;
  return {
    weightVariance: 1 / mean,
    correction: relativeVariance / 2,
    stepVariance: relativeVariance / 4,
    trap: (3 * curvature) / (2 * mean),
  };
}

/**
 * σw² at `scaled` times an activation's own finite-size correction: critical·(1 + scaled·c/N); 1 + scaled/N for odd φ of slope 1.
 * @throws ParameterError for a correction that leaves no variance
 */
export function criticalVariance(name: string, width: number, scaled: number): number {
  const { weightVariance, correction } = criticalPoint(name);
  const found = weightVariance * (1 + (scaled * correction) / width);
  if (found >= 0) return found;
  throw new ParameterError(
    `a correction must leave a weight variance of at least 0, but ${scaled} of ${name} at width ${width} comes to ${found}`,
  );
}
