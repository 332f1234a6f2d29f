import { describe, expect, it } from 'vitest';
import { fitCollapse } from '../../src/fit/collapse-fit.ts';
import { orderSample } from '../../src/fit/ordered-sample.ts';
import { closedFormExponent } from '../../src/fit/power-law.ts';
import { cutTail } from '../../src/fit/tail.ts';

describe('closedFormExponent(tail)', () => {
  it('is 1 + n/Σ ln(x/(xmin − ½))', () => {
    const values = [5, 6, 6, 9, 20, 47];
    const sum = values.reduce((total, x) => total + Math.log(x / 4.5), 0);
    expect(closedFormExponent(cutTail(orderSample(Float64Array.from([1, 2, ...values])), 5))).toBeCloseTo(
      1 + 6 / sum,
      12,
    );
  });
});

describe("fitCollapse(profiles, { normalise: 'global' })", () => {
  it('has Σ (f − F̄)² / (m Σ F̄²) for its error', () => {
    const x = Float64Array.of(0.25, 0.5, 0.75, 1);
    const rows = [
      [1, 2, 3, 0.5],
      [2, 3.5, 4.4, 1.3],
      [2.4, 5, 6.1, 1.9],
    ];
    const duration = Float64Array.of(10, 20, 30);
    const profiles = { x, duration, count: Float64Array.of(9, 9, 9), strength: Float64Array.from(rows.flat()) };
    const { gamma, nmse } = fitCollapse(profiles, { leastCount: 1, normalise: 'global' });
    const errorAt = (g: number): number => {
      const scaled = rows.map((row, r) => row.map((s) => s * duration[r]! ** (1 - g)));
      const mean = x.map((_, i) => scaled.reduce((sum, row) => sum + row[i]! / 3, 0));
      const off = scaled.flatMap((row) => row.map((f, i) => (f - mean[i]!) ** 2)).reduce((a, b) => a + b);
      return off / (3 * mean.reduce((sum, f) => sum + f * f, 0));
    };
    expect(nmse).toBeCloseTo(errorAt(gamma), 12);
    for (const g of [gamma - 0.05, gamma + 0.05]) expect(errorAt(g)).toBeGreaterThan(nmse);
  });
});
