import { describe, expect, it } from 'vitest';
import { registerActivation } from '../../src/network/activation.ts';
import { criticalPoint, criticalVariance } from '../../src/network/critical-point.ts';

import { createStream } from '../../src/numeric/random.ts';

describe('criticalPoint(activation)', () => {
  it('is σw² = 1 with correction 1/N for odd activations, with the trap of their cubic term', () => {
    // φ = x − c·x³: E φ²/q = 1 − 6cq, so ln s drifts by −3cq.
    const cubic = { tanh: 1 / 3, erf: Math.PI / 12, sin: 1 / 6, linear: 0, 'hard-tanh': 0 };
    for (const [name, c] of Object.entries(cubic)) {
      const point = criticalPoint(name);
      expect(point.weightVariance).toBeCloseTo(1, 12);
      expect(point.correction).toBeCloseTo(1, 12);
      expect(point.stepVariance).toBeCloseTo(0.5, 12);
      expect(point.trap).toBeCloseTo(-3 * c, 5);
    }
  });

  it('is σw² = 2/(1 + a²) for leaky rectifiers, 2 with correction 5/2 for relu', () => {
    expect(criticalPoint('relu')).toMatchObject({ weightVariance: 2, correction: 2.5, stepVariance: 1.25, trap: 0 });
    const { weightVariance, correction } = criticalPoint('leaky-relu(0.5)');
    expect(weightVariance).toBeCloseTo(1.6, 12);
    expect(correction).toBeCloseTo((3 * 1.0625) / 1.5625 - 0.5, 12);
  });

  it('makes ln s of a relu layer free of drift, which σw² = 2 is not (seeded, 5 standard errors)', () => {
    const [width, trials] = [400, 4000];
    const random = createStream(11, 0);
    let [sum, squares] = [0, 0];
    for (let t = 0; t < trials; t++) {
      let energy = 0;
      for (let i = 0; i < width; i++) {
        const z = random.normal();
        if (z > 0) energy += z * z;
      }
      const step = 0.5 * Math.log((2 * energy) / width);
      sum += step;
      squares += step * step;
    }
    const mean = sum / trials;
    const error = Math.sqrt((squares / trials - mean * mean) / trials);
    const { correction, stepVariance } = criticalPoint('relu');
    expect(Math.abs(mean + 0.5 * Math.log1p(correction / width))).toBeLessThan(5 * error);
    expect(Math.abs(mean)).toBeGreaterThan(3 * error);
    // The relative error of a variance from 4000 normal values is 2.2 %; 12 % allows for the next order in 1/N.
    expect(Math.abs((trials * error ** 2 * width) / stepVariance - 1)).toBeLessThan(0.12);
  });

  it('refuses a correction that would make a variance negative', () => {
    expect(criticalVariance('tanh', 16, -16)).toBe(0);
    expect(() => criticalVariance('tanh', 16, -100)).toThrow(
      /^a correction must leave a weight variance of at least 0, but -100 of tanh at width 16 comes to -5\.25$/,
    );
  });

  it('says which activation has no critical point', () => {
    for (const [name, phi] of Object.entries({ cosine: Math.cos, cube: (x: number) => x ** 3, sign: Math.sign })) {
      registerActivation({ name, phi });
      expect(() => criticalPoint(name)).toThrow(`activation ${name} has no critical point for small signals`);
    }
    for (const phi of [(x: number) => x / (1 + Math.abs(x)), (x: number) => Math.log1p(Math.exp(x)) - Math.LN2]) {
      registerActivation({ name: 'sloped', phi });
      expect(criticalPoint('sloped').weightVariance * phi(1e-6) ** 2).toBeCloseTo(1e-12, 14);
    }
  });
});
