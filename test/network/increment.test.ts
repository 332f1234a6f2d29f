import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activation } from '../../src/network/activation.ts';
import { incrementOf } from '../../src/network/increment.ts';

const names = ['linear', 'relu', 'leaky-relu(0.1)', 'hard-tanh', 'erf', 'sin', 'gelu', 'silu'];
const number = fc.double({ min: -6, max: 6, noNaN: true });

describe('incrementOf(activation)', () => {
  it.each(names)('is the difference of two values of %s', (name) => {
    const { phi } = activation(name);
    const increment = incrementOf(activation(name));
    const near = (a: number, d: number) => Math.abs(increment(a, d) - (phi(a + d) - phi(a)));
    fc.assert(fc.property(number, number, (a, d) => near(a, d) < 1e-14));
    // On either side of where the slope takes over, and of kinks.
    for (const d of [9e-7, -9e-7, 1.1e-6]) for (const a of [-1, -0.5, 0, 1, 2]) expect(near(a, d)).toBeLessThan(1e-15);
  });

  it.each(names)('keeps the digits of %s that the difference loses', (name) => {
    const { derivative } = activation(name);
    const increment = incrementOf(activation(name));
    for (const a of [-2.5, -0.7, 0.3, 0.9, 2]) {
      const d = 1e-14 * (1 + a * a);
      expect(Math.abs(increment(a, d) - d * derivative(a))).toBeLessThanOrEqual(1e-8 * d);
    }
  });
});
