import { erf } from '../numeric/special.ts';
import type { Activation } from './activation.ts';

/** Below this size of x the ratio φ(x)/x could leave the normal numbers; φ'(x) is the same to 1e-300. */
const TINY = 1e-150;

/** ψ of an odd φ that is accurate near 0: the ratio itself, and φ'² in the limit. */
export function ratioGain(phi: (x: number) => number, derivative: (x: number) => number): (x: number) => number {
  return (x) => (Math.abs(x) < TINY ? derivative(x) : phi(x) / x) ** 2;
}

function odd(
  name: string,
  phi: (x: number) => number,
  derivative: (x: number) => number,
  secondDerivative: (x: number) => number,
): Activation {
  return { name, phi, derivative, secondDerivative, evenSquare: true, gain: ratioGain(phi, derivative) };
}

const sechSquare = (x: number): number => 1 / Math.cosh(x) ** 2;
const gauss = (x: number): number => Math.exp((-Math.PI / 4) * x * x);

/** Odd activations: φ² is even, only h² matters to the next layer. */
export const oddActivations: readonly Activation[] = [
  odd('tanh', Math.tanh, sechSquare, (x) => -2 * Math.tanh(x) * sechSquare(x)),
  odd(
    'erf',
    (x) => erf((Math.sqrt(Math.PI) / 2) * x),
    gauss,
    (x) => (-Math.PI / 2) * x * gauss(x),
  ),
  {
    name: 'hard-tanh',
    phi: (x) => Math.max(-1, Math.min(1, x)),
    derivative: (x) => (Math.abs(x) < 1 ? 1 : 0),
    secondDerivative: () => 0,
    evenSquare: true,
    gain: (x) => (Math.abs(x) <= 1 ? 1 : 1 / (x * x)),
  },
  { name: 'linear', phi: (x) => x, derivative: () => 1, secondDerivative: () => 0, evenSquare: true, gain: () => 1 },
  odd('sin', Math.sin, Math.cos, (x) => -Math.sin(x)),
];
