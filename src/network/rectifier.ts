import { erfc } from '../numeric/special.ts';
import type { Activation } from './activation.ts';

const normalDensity = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
const normalDistribution = (x: number): number => 0.5 * erfc(-x * Math.SQRT1_2);
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

const relu: Activation = {
  name: 'relu',
  phi: (x) => Math.max(0, x),
  derivative: (x) => (x > 0 ? 1 : 0),
  secondDerivative: () => 0,
  evenSquare: false,
  gain: (x) => (x > 0 ? 1 : 0),
};

/** Gaussian error linear unit, x·Φ(x) (Hendrycks & Gimpel, arXiv:1606.08415). */
const gelu: Activation = {
  name: 'gelu',
  phi: (x) => x * normalDistribution(x),
  derivative: (x) => normalDistribution(x) + x * normalDensity(x),
  secondDerivative: (x) => (2 - x * x) * normalDensity(x),
  evenSquare: false,
  gain: (x) => normalDistribution(x) ** 2,
};

/** Sigmoid linear unit, x·σ(x) (Elfwing et al., arXiv:1702.03118). */
const silu: Activation = {
  name: 'silu',
  phi: (x) => x * logistic(x),
  derivative: (x) => logistic(x) * (1 + x * logistic(-x)),
  secondDerivative: (x) => logistic(x) * logistic(-x) * (2 + x * (logistic(-x) - logistic(x))),
  evenSquare: false,
  gain: (x) => logistic(x) ** 2,
};

export const rectifiers: readonly Activation[] = [relu, gelu, silu];

/** x for x ≥ 0, a·x below. */
export function leakyRelu(a: number): Activation {
  return {
    name: `leaky-relu(${a})`,
    argument: a,
    phi: (x) => (x >= 0 ? x : a * x),
    derivative: (x) => (x >= 0 ? 1 : a),
    secondDerivative: () => 0,
    evenSquare: Math.abs(a) === 1,
    gain: (x) => (x >= 0 ? 1 : a * a),
  };
}
