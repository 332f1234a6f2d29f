import { describe, expect, it } from 'vitest';
import { createStream } from '../../src/numeric/random.ts';
import { controlWeights } from '../../src/trained/controls.ts';

const stream = createStream(3);
const kernel = Float32Array.from({ length: 60 * 50 }, () => stream.uniform() ** 3 + 0.5);
const bias = Float32Array.from({ length: 50 }, (_, i) => i);
const layers = [
  { inWidth: 60, outWidth: 50, kernel, bias },
  { inWidth: 60, outWidth: 50, kernel },
];
const key = { seed: 1, ensemble: 2, network: 3 };
const moments = (values: Float32Array) => {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length };
};

describe('controlWeights(layers, kind, key)', () => {
  it('puts the same values in other places, weights and biases each for themselves', () => {
    const [first, second] = controlWeights(layers, 'shuffled-weights', key);
    expect(first!.kernel).not.toEqual(kernel);
    expect(first!.kernel.slice().sort()).toEqual(kernel.slice().sort());
    expect(first!.bias!.slice().sort()).toEqual(bias);
    expect(second!.kernel).not.toEqual(first!.kernel);
    expect(second!.bias).toBeUndefined();
  });

  it('draws Gaussian weights of the same mean and variance', () => {
    const [first] = controlWeights(layers, 'gaussian-weights', key);
    const [found, wanted] = [moments(first!.kernel), moments(kernel)];
    // Four standard errors.
    expect(Math.abs(found.mean - wanted.mean)).toBeLessThan(4 * Math.sqrt(wanted.variance / kernel.length));
    expect(Math.abs(found.variance / wanted.variance - 1)).toBeLessThan(4 * Math.sqrt(2 / kernel.length));
    const skewness = (values: Float32Array) => {
      const { mean, variance } = moments(values);
      return values.reduce((sum, x) => sum + ((x - mean) / Math.sqrt(variance)) ** 3, 0) / values.length;
    };
    expect(skewness(kernel)).toBeGreaterThan(0.8);
    expect(Math.abs(skewness(first!.kernel))).toBeLessThan(4 * Math.sqrt(6 / kernel.length));
  });

  it('draws every network by its number, seed and ensemble alone', () => {
    for (const kind of ['shuffled-weights', 'gaussian-weights'] as const) {
      const draw = (more: object) => controlWeights(layers, kind, { ...key, ...more })[0]!.kernel;
      expect(draw({})).toEqual(draw({}));
      for (const more of [{ seed: 2 }, { ensemble: 1 }, { network: 4 }]) expect(draw(more)).not.toEqual(draw({}));
    }
  });
});
