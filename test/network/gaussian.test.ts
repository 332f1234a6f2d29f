import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { registerActivation } from '../../src/network/activation.ts';
import { gaussianEnsembles } from '../../src/network/gaussian.ts';
import { effective } from '../../src/propagation/effective.ts';
import type { SignalWindow } from '../../src/propagation/engine.ts';

const values = {
  widths: [32, 100, 1000],
  depth: 20,
  activation: 'tanh',
  weightVariance: null,
  biasVariance: 0,
  inputNorm: 0.1,
  inputStrength: null,
  reuse: 1,
};
const variances = (activation: string): number[] =>
  gaussianEnsembles({ ...values, activation }).map(({ weightVariance }) => weightVariance);

describe('gaussianEnsembles(values) without a weight variance', () => {
  it('takes 1 + 1/N, to the last bit, for odd activations of slope 1', () => {
    for (const name of ['tanh', 'erf', 'linear', 'sin', 'hard-tanh']) {
      expect(variances(name)).toEqual(values.widths.map((width) => 1 + 1 / width));
    }
  });

  it('takes the critical point at width N of others', () => {
    expect(variances('relu')).toEqual(values.widths.map((width) => 2 * (1 + 2.5 / width)));
    registerActivation({ name: 'half-tanh', phi: (x) => Math.tanh(x) / 2 });
    for (const [i, variance] of variances('half-tanh').entries())
      expect(variance).toBeCloseTo(4 * (1 + 1 / values.widths[i]!), 6);
  });

  // ln s of relu at 2 itself drifts by −5/(4N) a layer, 15 standard errors here; where it has no drift, 4 are exceeded once in 16,000.
  it('leaves ln s of small signals in relu networks without a drift', () => {
    const [ensemble] = gaussianEnsembles({ ...values, widths: [100], activation: 'relu' });
    const traces = 4000;
    const drift = (weightVariance: number): number => {
      let sum = 0;
      const ids = Float64Array.from({ length: traces }, (_, i) => i);
      const options = {
        ensemble: { ...ensemble!, weightVariance },
        seed: 5,
        observable: 'pre-activation',
        floor: null,
        windowRows: 1 << 16,
      } as const;
      for (const { layer, strength, length } of effective.propagate(ids, options) as Iterable<SignalWindow>) {
        for (let i = 0; i < length; i++) if (layer[i] === 20) sum += Math.log(strength[i]! / ensemble!.inputStrength);
      }
      return sum / traces / 20;
    };
    const error = Math.sqrt(5 / 4 / 100 / (20 * traces));
    expect(Math.abs(drift(ensemble!.weightVariance))).toBeLessThan(4 * error + 5 / 100 ** 2);
    expect(drift(2)).toBeLessThan(-5 / 400 + 4 * error + 5 / 100 ** 2);
  });

  it('asks for a number where the activation has no critical point', () => {
    registerActivation({ name: 'cosine-alone', phi: Math.cos });
    expect(() => variances('cosine-alone')).toThrow(ParameterError);
    expect(() => variances('cosine-alone')).toThrow(
      'weight-variance must be a number for activation cosine-alone, which has no critical point for small signals',
    );
    expect(gaussianEnsembles({ ...values, activation: 'cosine-alone', weightVariance: 1.5 })).toHaveLength(3);
  });
});
