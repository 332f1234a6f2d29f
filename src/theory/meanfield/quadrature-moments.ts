import type { ActivationFunction } from './activation-function.ts';
import { gaussianMean } from './gaussian-mean.ts';
import { kinksOf } from './kinks.ts';
import type { BasicMoments } from './moments.ts';
import type { Shape } from './shape.ts';

/**
 * The Gaussian moments of a continuous φ by quadrature.
 * @param refinement finest panel in units of 1/√q is 1/refinement
 */
export function quadratureMoments(activation: ActivationFunction, shape: Shape, refinement: number): BasicMoments {
  const { phi, derivative, secondDerivative } = activation;
  const kinks = kinksOf(activation);
  const mean = gaussianMean(kinks, shape, refinement);

  const second = (q: number): number => mean(q, (x) => phi(x) ** 2);
  const gradient = (q: number): number => mean(q, (x) => derivative(x) ** 2);
  const slope = (q: number): number => mean(q, (x) => x * phi(x) * derivative(x)) / q;
  const bend = (q: number): number =>
    mean(q, (x) => {
      const value = phi(x);
      return value * (value - x * derivative(x));
    }) / q;
  const spread = (q: number): number =>
    mean(q, (x) => {
      const value = phi(x);
      return q * derivative(x) ** 2 - value * value;
    }) / q;
  const stein = (q: number): number => mean(q, (x) => derivative(x) ** 2 + phi(x) * secondDerivative(x));
  const smooth = [0.3, 3].every((q) => Math.abs(stein(q) - slope(q)) <= 1e-6 * second(q) + 1e-6 * gradient(q));

  function curvature(q: number): number {
    if (!smooth) {
      const h = 1e-3 * q;
      return (8 * (slope(q + h) - slope(q - h)) - (slope(q + 2 * h) - slope(q - 2 * h))) / (12 * h);
    }
    const sum = mean(q, (x) => {
      const value = phi(x);
      const rate = derivative(x);
      return x * (x * (rate * rate + value * secondDerivative(x)) - value * rate);
    });
    return sum / (2 * q * q);
  }

  return { second, gradient, slope, bend, spread, curvature, smooth, kinks };
}
