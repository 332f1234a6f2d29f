import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adaptiveBins, straightness } from '../../src/fit/adaptive-bins.ts';
import { grouped, powerLawValues } from './synthetic.ts';

describe('adaptiveBins(sample, k)', () => {
  test('covers the data without gaps, every bin with at least k values, total probability 1', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 12, maxLength: 300 }),
        fc.integer({ min: 2, max: 10 }),
        fc.boolean(),
        (values, k, groups) => {
          const data = Float64Array.from(values);
          if (new Set(values).size < 12) return;
          const bins = adaptiveBins(groups ? grouped(data, false) : data, k);
          expect(bins.count.reduce((a, b) => a + b)).toBe(values.length);
          expect(Math.min(...bins.count)).toBeGreaterThanOrEqual(k);
          bins.lower.forEach((lower, b) => {
            if (b > 0) expect(lower).toBe(bins.upper[b - 1]);
          });
          const total = bins.density.reduce((sum, p, b) => sum + p * (bins.upper[b]! - bins.lower[b]!), 0);
          expect(total).toBeCloseTo(1, 10);
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });

  test('keeps single integers as bins with their own value as centre', () => {
    const bins = adaptiveBins([1, 1, 1, 2, 2, 2, 3, 5, 5, 9], 2, true);
    expect([...bins.lower]).toEqual([1, 2, 3]);
    expect([...bins.upper]).toEqual([2, 3, 10]);
    expect([...bins.count]).toEqual([3, 3, 4]);
    expect(bins.centre[0]).toBe(1);
    expect(bins.centre[2]).toBeCloseTo(Math.sqrt(27), 12);
    expect(bins.density[2]).toBeCloseTo(4 / 70, 12);
  });

  test('gives the same straightness, nearly, for raw values and groups', () => {
    const values = powerLawValues({ discrete: false, exponent: 1.5, xmin: 1, xmax: 1e4 }, 20_000, 40);
    const raw = straightness(adaptiveBins(values, 100));
    const groups = straightness(adaptiveBins(grouped(values, false), 100));
    expect(raw.rSquared).toBeGreaterThan(0.99);
    expect(Math.abs(groups.rSquared - raw.rSquared)).toBeLessThan(2e-3);
    expect(Math.abs(raw.slope + 1.5)).toBeLessThan(0.03);
  });

  test('finds a lognormal less straight than a power law', () => {
    const values = powerLawValues({ discrete: false, exponent: 1.5, xmin: 1, xmax: 1e4 }, 20_000, 41);
    const bent = values.map((x) => x * Math.exp(-x / 300));
    expect(straightness(adaptiveBins(bent, 100)).rSquared).toBeLessThan(
      straightness(adaptiveBins(values, 100)).rSquared,
    );
  });

  test('says what k must be', () =>
    expect(() => adaptiveBins([1, 2], 0)).toThrow(/k must be a positive integer, got 0/));
});
