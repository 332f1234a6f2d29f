import type { Activation } from './activation.ts';

/** φ(a + d) − φ(a), of a neuron. */
export type Increment = (a: number, d: number) => number;

const clip = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x));

const relu: Increment = (a, d) => Math.max(d + Math.min(a, 0), -Math.max(a, 0));

const piecewise: Readonly<Record<string, Increment>> = {
  linear: (_, d) => d,
  relu,
  'hard-tanh': (a, d) => {
    const at = clip(a, -1, 1);
    return clip(d + (a - at), -1 - at, 1 - at);
  },
};

/** Below this |d| the difference of two values has lost ten of sixteen digits, and the slope midway is off by less than d²/24 of them. */
const SMALL = 1e-6;

/**
 * What φ changes by where its argument does, without the digits that the difference of two values loses: exact for piecewise linear φ; else the slope
 * midway times d where d is small, to about 1e-10 of the largest slope.
 */
export function incrementOf({ name, argument = 0, phi, derivative }: Activation): Increment {
  const exact = piecewise[name];
  if (exact !== undefined) return exact;
  if (name.startsWith('leaky-relu')) return (a, d) => argument * d + (1 - argument) * relu(a, d);
  return (a, d) => (Math.abs(d) < SMALL ? d * derivative(a + 0.5 * d) : phi(a + d) - phi(a));
}
