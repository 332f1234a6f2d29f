import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { activation, activationNames, registerActivation } from '../../src/network/activation.ts';

const names = ['tanh', 'erf', 'hard-tanh', 'linear', 'sin', 'relu', 'gelu', 'silu', 'leaky-relu(0.1)', 'leaky-relu'];
const kinks: Record<string, number[]> = {
  'hard-tanh': [-1, 1],
  relu: [0],
  'leaky-relu(0.01)': [0],
  'leaky-relu(0.1)': [0],
};
const x = fc.double({ min: -8, max: 8, noNaN: true });

function slope(f: (x: number) => number, at: number, h = 1e-4): number {
  return (8 * (f(at + h) - f(at - h)) - (f(at + 2 * h) - f(at - 2 * h))) / (12 * h);
}

describe.each(names)('activation(%s)', (name) => {
  const { phi, derivative, secondDerivative, evenSquare, gain, ...rest } = activation(name);
  const smooth = (at: number): boolean => !(kinks[rest.name] ?? []).some((kink) => Math.abs(kink - at) < 1e-3);

  it('has the derivatives of φ', () => {
    fc.assert(
      fc.property(x.filter(smooth), (at) => {
        expect(derivative(at)).toBeCloseTo(slope(phi, at), 8);
        expect(secondDerivative(at)).toBeCloseTo(slope(derivative, at), 8);
      }),
      { seed: 1 },
    );
  });

  it('has the gain (φ(x)/x)², and its limit φ′(x)² at tiny x', () => {
    fc.assert(
      fc.property(x, (at) => {
        fc.pre(Math.abs(at) > 1e-300);
        expect(gain!(at)).toBeCloseTo((phi(at) / at) ** 2, 12);
      }),
      { seed: 2 },
    );
    for (const at of [1e-8, -1e-8, 1e-30, -1e-30, 1e-160, -1e-160, 5e-324]) {
      expect(Math.abs(gain!(at) / (derivative(at) ** 2 || 1) - (derivative(at) === 0 ? 0 : 1))).toBeLessThan(1e-7);
    }
    expect(Number.isFinite(gain!(0))).toBe(true);
  });

  it('says truly whether φ² is even', () => {
    const even = Array.from({ length: 50 }, (_, i) => i / 7).every(
      (at) => Math.abs(phi(at) ** 2 - phi(-at) ** 2) < 1e-12,
    );
    expect(evenSquare).toBe(even);
  });
});

describe('activation', () => {
  it('has the values of the definitions', () => {
    expect(activation('erf').phi(1)).toBeCloseTo(0.7899085945560627, 14);
    expect(activation('gelu').phi(-2)).toBeCloseTo(-0.04550026389635842, 14);
    expect(activation('gelu').phi(-12) / -2.1317785344932424e-32).toBeCloseTo(1, 10);
    expect(activation('silu').phi(-1)).toBeCloseTo(-1 / (1 + Math.E), 14);
    expect(activation('hard-tanh').phi(-3)).toBe(-1);
    expect(activation('leaky-relu(0.1)').phi(-3)).toBeCloseTo(-0.3, 14);
  });

  it('reads the argument of leaky-relu, with 0.01 for none', () => {
    expect(activation('leaky-relu').name).toBe('leaky-relu(0.01)');
    expect(activation('leaky-relu(0.1)').argument).toBe(0.1);
    expect(activation('leaky-relu(1e-3)').phi(-2)).toBe(-0.002);
  });

  it.each(['tan', '', 'tanh(2)', 'leaky-relu()', 'leaky-relu(x)', 'leaky-relu(1)(2)', 'leaky-relux'])(
    "refuses '%s' and lists the known names",
    (name) => {
      expect(() => activation(name)).toThrow(ParameterError);
      expect(() => activation(name)).toThrow(
        /unknown activation '.*'; known activations: tanh, erf, .*leaky-relu\(a\)/,
      );
    },
  );
});

describe('registerActivation', () => {
  it('makes φ known, with derivatives by differences and the gain of φ(0) = 0', () => {
    const made = registerActivation({ name: 'softsign', phi: (x) => x / (1 + Math.abs(x)) });
    expect(activation('softsign')).toBe(made);
    expect(activationNames()).toContain('softsign');
    expect(made.evenSquare).toBe(false);
    expect(made.derivative(2)).toBeCloseTo(1 / 9, 9);
    expect(made.secondDerivative(2)).toBeCloseTo(-2 / 27, 6);
    expect(made.gain!(1)).toBeCloseTo(1 / 4, 12);
  });

  it('leaves the gain out where φ(0) is not 0', () => {
    expect(registerActivation({ name: 'cosine', phi: Math.cos, evenSquare: true }).gain).toBeUndefined();
  });

  it('refuses a built-in name, a name with other signs and a φ that is not finite', () => {
    expect(() => registerActivation({ name: 'tanh', phi: Math.tanh })).toThrow("'tanh' is a built-in activation");
    expect(() => registerActivation({ name: 'leaky-relu', phi: Math.tanh })).toThrow(ParameterError);
    expect(() => registerActivation({ name: 'My φ', phi: Math.tanh })).toThrow('lower-case letters');
    expect(() => registerActivation({ name: 'log', phi: Math.log })).toThrow(
      "'log' must give a finite number, got NaN at -1",
    );
  });
});
