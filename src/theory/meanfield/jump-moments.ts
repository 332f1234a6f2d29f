import type { ActivationFunction } from './activation-function.ts';
import { gaussianMean } from './gaussian-mean.ts';
import { jumpsOf, kinksOf } from './kinks.ts';
import type { BasicMoments } from './moments.ts';
import type { Shape } from './shape.ts';

/**
 * The Gaussian moments of a φ that jumps, from φ alone: derivatives of V(q) are taken of the Gaussian density, ∂N/∂q = N·(z² − 1)/(2q). ∫Dz φ'² is infinite, as φ'
 * has a delta function at each jump.
 * @param refinement finest panel in units of 1/√q is 1/refinement
 */
export function jumpMoments(activation: ActivationFunction, shape: Shape, refinement: number): BasicMoments {
  const { phi } = activation;
  const kinks = [...new Set([...jumpsOf(activation), ...kinksOf(activation)])].sort((a, b) => a - b);
  const mean = gaussianMean(kinks, shape, refinement);
  const squares = (q: number, weight: (zz: number) => number): number =>
    mean(q, (x) => phi(x) ** 2 * weight((x * x) / q));
  return {
    second: (q) => squares(q, () => 1),
    gradient: () => Number.POSITIVE_INFINITY,
    slope: (q) => squares(q, (zz) => zz - 1) / (2 * q),
    curvature: (q) => squares(q, (zz) => zz * zz - 6 * zz + 3) / (4 * q * q),
    bend: (q) => squares(q, (zz) => 3 - zz) / (2 * q),
    spread: () => Number.POSITIVE_INFINITY,
    smooth: false,
    kinks,
    jumps: true,
  };
}
