import { describe, expect, test } from 'vitest';
import { compareUniversality } from '../../src/fit/universality.ts';
import { universalityClasses } from '../../src/theory/universality.ts';

const diagonal = (...errors: number[]): number[][] =>
  errors.map((error, i) => errors.map((_, j) => (i === j ? error * error : 0)));

const statistical = { systematic: 0 };

describe('compareUniversality(exponents, covariance, { systematic })', () => {
  const measured = { tau: 1.33, alpha: 1.51, gamma: 1.52 };
  const all = compareUniversality(measured, diagonal(0.02, 0.03, 0.03), statistical);
  const by = (id: string, rows = all) => rows.find((row) => row.class.id === id)!;

  test('lists every class, nearest first, those of which a number is unknown last and without a distance', () => {
    expect(all.map((row) => row.class.id).sort()).toEqual(universalityClasses.map(({ id }) => id).sort());
    const known = all.filter(({ comparable }) => comparable);
    expect(known.every(({ chiSquare }, i) => i === 0 || chiSquare >= known[i - 1]!.chiSquare)).toBe(true);
    expect(all.slice(known.length).map((row) => row.class.id)).toEqual(['barkhausen_zigzag', 'rfim_3d', 'rfim_2d']);
    for (const row of all.slice(known.length)) expect([row.chiSquare, row.pValue, row.ties]).toEqual([NaN, NaN, []]);
  });

  test('never takes a class for compatible by its only number', () => {
    const exact = compareUniversality({ tau: 1.54, alpha: 2.3, gamma: 0.97 }, diagonal(0.1, 0.2, 0.3));
    expect(by('rfim_2d', exact)).toMatchObject({ comparable: false, pValue: NaN });
    expect(exact[0]!.comparable).toBe(true);
  });

  test('puts the Brownian excursion first, tied with the class that has its exponents', () => {
    const first = all.slice(0, 2).map((row) => row.class.id);
    expect(first.sort()).toEqual(['barkhausen_2d_long_range', 'brownian_excursion']);
    expect(by('brownian_excursion').ties).toEqual(['barkhausen_2d_long_range']);
    expect(by('manna_2d').ties).toContain('barkhausen_3d_short_range');
    expect(by('mean_field').pValue).toBeLessThan(1e-10);
  });

  test('adds the systematic error to every variance: the class of a network of 1000 neurons stays, its neighbour goes', () => {
    const network = { tau: 1.311, alpha: 1.486, gamma: 1.586 };
    const errors = diagonal(0.002, 0.003, 0.001);
    expect(by('brownian_excursion', compareUniversality(network, errors, statistical)).pValue).toBeLessThan(1e-10);
    const allowed = compareUniversality(network, errors).filter(({ pValue }) => pValue >= 0.05);
    const ids = allowed.map((row) => row.class.id);
    expect(ids.slice(0, 2).sort()).toEqual(['barkhausen_2d_long_range', 'brownian_excursion']);
    expect(ids).not.toContain('barkhausen_3d_short_range');
    const [first] = compareUniversality(network, diagonal(0, 0, 0), { systematic: 0.1 });
    const [dt, da, dg] = [1.311 - first!.class.tau!, 1.486 - first!.class.alpha!, 1.586 - first!.class.gamma!];
    expect(first!.chiSquare).toBeCloseTo((dt ** 2 + da ** 2 + dg ** 2) / 0.01, 9);
  });

  test('counts correlations: the same deviations along and across the error ellipse', () => {
    const covariance = [
      [1e-4, 9e-5, 0],
      [9e-5, 1e-4, 0],
      [0, 0, 1e-4],
    ];
    const at = (tau: number, alpha: number): number =>
      by('mean_field', compareUniversality({ tau, alpha, gamma: 2 }, covariance, statistical)).chiSquare;
    expect(at(1.51, 2.01)).toBeCloseTo((2 * 1e-4) / (1e-4 + 9e-5), 8);
    expect(at(1.51, 1.99)).toBeCloseTo((2 * 1e-4) / (1e-4 - 9e-5), 8);
  });

  test('refuses a covariance that is none, and a systematic error below 0', () => {
    expect(() => compareUniversality(measured, diagonal(0.02, 0.03, 0), statistical)).toThrow(/positive definite/);
    expect(() => compareUniversality(measured, diagonal(0.02, 0.03, NaN))).toThrow(
      /^errors of tau, alpha and gamma are not all known$/,
    );
    expect(() => compareUniversality(measured, diagonal(1, 1, 1), { systematic: -1 })).toThrow(
      /systematic must be a number of at least 0, got -1/,
    );
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
