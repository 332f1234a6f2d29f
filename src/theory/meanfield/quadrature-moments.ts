import { gaussianPanels, gradedEdges, type Rule } from '../../numeric/quadrature.ts';
import type { ActivationFunction } from './activation-function.ts';
import { kinksOf } from './kinks.ts';
import type { BasicMoments } from './moments.ts';
import type { Shape } from './shape.ts';

/** Beyond this many standard deviations the Gaussian holds less than 3e-21. */
const reach = 9.5;
const order = 12;

/**
 * The Gaussian moments of φ by Gauss–Legendre panels graded towards the points where φ(√q z) turns, so that the cost grows as
 * the logarithm of q and a tanh that has become a step is integrated as exactly as a gentle one.
 * @param refinement finest panel in units of 1/√q is 1/refinement
 */
export function quadratureMoments(
  activation: ActivationFunction,
  { odd, settled }: Shape,
  refinement: number,
): BasicMoments {
  const { phi, derivative, secondDerivative } = activation;
  const kinks = kinksOf(activation);
  const rules = new Map<number, Rule>();

  function rule(q: number): Rule {
    const level = Math.max(0, Math.ceil(Math.log2(refinement * Math.sqrt(q))));
    const known = rules.get(level);
    if (known !== undefined) return known;
    const breaks = [0, ...kinks.map((x) => x / Math.sqrt(q))];
    // What goes on turning far out, like sin, is averaged by its panels from √q z ≈ 800.
    const coarsest = settled ? 1.5 : Math.min(1.5, 8 / Math.min(2 ** level, 100));
    const made = gaussianPanels(gradedEdges(odd ? 0 : -reach, reach, breaks, 2 ** -level, coarsest), order);
    if (odd) for (let i = 0; i < made.weights.length; i++) made.weights[i] = 2 * made.weights[i]!;
    if (kinks.length === 0) rules.set(level, made);
    return made;
  }

  function mean(q: number, f: (x: number) => number): number {
    const { nodes, weights } = rule(q);
    const scale = Math.sqrt(q);
    let sum = 0;
    for (let i = 0; i < nodes.length; i++) sum += weights[i]! * f(scale * nodes[i]!);
    return sum;
  }

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
