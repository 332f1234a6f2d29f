import { describe, expect, test } from 'vitest';
import { compareUniversality } from '../../src/fit/universality.ts';
import { universalityClasses } from '../../src/theory/universality.ts';

const diagonal = (...errors: number[]): number[][] =>
  errors.map((error, i) => errors.map((_, j) => (i === j ? error * error : 0)));

describe('compareUniversality(exponents, covariance)', () => {
  const measured = { tau: 1.33, alpha: 1.51, gamma: 1.52 };
  const all = compareUniversality(measured, diagonal(0.02, 0.03, 0.03));

  test('lists every class, also those without digits', () => {
    expect(all.map((row) => row.class.id).sort()).toEqual(universalityClasses.map(({ id }) => id).sort());
    const zigzag = all.find((row) => row.class.id === 'barkhausen_zigzag')!;
    expect(zigzag.degreesOfFreedom).toBe(0);
    expect(zigzag.pValue).toBeNaN();
    expect(all.at(-1)!.class.id).toBe('barkhausen_zigzag');
  });

  test('puts the nearest first and reports its ties', () => {
    expect(['brownian_excursion', 'barkhausen_2d_long_range']).toContain(all[0]!.class.id);
    expect(['brownian_excursion', 'barkhausen_2d_long_range']).toContain(all[1]!.class.id);
    expect(all[0]!.ties).toContain(all[1]!.class.id);
    const manna = all.find((row) => row.class.id === 'manna_2d')!;
    expect(manna.ties).toContain('barkhausen_3d_short_range');
    expect(all.find((row) => row.class.id === 'mean_field')!.pValue).toBeLessThan(1e-10);
  });

  test('uses the known exponents only, with as many degrees of freedom', () => {
    const rfim = all.find((row) => row.class.id === 'rfim_3d')!;
    expect(rfim.degreesOfFreedom).toBe(2);
    expect(rfim.chiSquare).toBeCloseTo(((1.33 - 1.6) / 0.02) ** 2 + ((1.52 - 1.75) / 0.03) ** 2, 8);
  });

  test('counts correlations: the same deviations along and across the error ellipse', () => {
    const covariance = [
      [1e-4, 9e-5, 0],
      [9e-5, 1e-4, 0],
      [0, 0, 1e-4],
    ];
    const at = (tau: number, alpha: number): number =>
      compareUniversality({ tau, alpha, gamma: 2 }, covariance).find((row) => row.class.id === 'mean_field')!.chiSquare;
    expect(at(1.51, 2.01)).toBeCloseTo((2 * 1e-4) / (1e-4 + 9e-5), 8);
    expect(at(1.51, 1.99)).toBeCloseTo((2 * 1e-4) / (1e-4 - 9e-5), 8);
  });

  test('refuses a covariance that is none', () => {
    expect(() => compareUniversality(measured, diagonal(0.02, 0.03, 0))).toThrow(/positive definite/);
  });
});

test('classes known by three exponents obey the crackling relation within their digits', () => {
  for (const { id, tau, alpha, gamma } of universalityClasses) {
    if (tau === null || alpha === null || gamma === null) continue;
    // An uncertainty of 0.02 in α and τ.
    const predicted = (alpha - 1) / (tau - 1);
    const uncertainty = 0.03 + (0.02 * (1 + predicted)) / (tau - 1);
    expect(Math.abs(gamma - predicted), id).toBeLessThan(uncertainty);
  }
});
