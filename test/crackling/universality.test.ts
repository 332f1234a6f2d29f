import { describe, expect, it } from 'vitest';
import { systematic } from '../../src/crackling/parameters.ts';
import {
  classSystematic,
  classSystematics,
  nearestClasses,
  universalityRows,
} from '../../src/crackling/universality.ts';
import { systematicError } from '../../src/fit/universality.ts';
import { className } from '../../src/report/class-style.ts';
import { classesInWords, incomparableInWords } from '../../src/report/class-verdict.ts';
import { universalityClasses } from '../../src/theory/universality.ts';

const diagonal = (error: number) => [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? error ** 2 : 0)));
const point = { ensemble: 3, width: 128 };

describe('universalityRows(point, measured)', () => {
  it('allow for the same systematic error from a pipeline and from a script', () => {
    expect(systematic.default).toBe(systematicError);
  });

  it('allow for more where windows begin at durations of a few steps, and say so', () => {
    expect(classSystematic({ xmin: 20, xmax: 256, largest: 256 }, 0.05)).toBe(0.05);
    expect(classSystematic(undefined, 0.05)).toBe(0.05);
    const short = classSystematic({ xmin: 2, xmax: 631, largest: 631 }, 0.05);
    expect(short).toBeCloseTo(0.097, 3);
    expect(classSystematic({ xmin: 2, xmax: null, largest: 631 }, 0.05)).toBe(short);
    // A trace of an Ornstein–Uhlenbeck process, whose class DP 2+1 passed for.
    const triple = { tau: 1.227, alpha: 1.366, gamma: 1.578, covariance: diagonal(0.015) };
    const brownian = (systematic: number) =>
      universalityRows(point, triple, systematic).find((row) => row.class === 'brownian_excursion')!;
    expect(brownian(0.05).p_value).toBeLessThan(0.05);
    expect(brownian(short).p_value).toBeGreaterThan(0.05);
    expect(brownian(short).systematic_error).toBe(short);
  });

  it('allow mean field what critical branching is off its limit by, and no other class', () => {
    const systematic = classSystematics({ xmin: 6, xmax: 400, largest: 380 }, 0.05);
    expect(systematic({ id: 'mean_field' })).toBeCloseTo(0.158, 2);
    expect(systematic({ id: 'brownian_excursion' })).toBe(classSystematic({ xmin: 6, xmax: 400, largest: 380 }, 0.05));
    // A fit of 1000 avalanches of critical branching: means of forty seeds.
    const branching = { tau: 1.506, alpha: 1.884, gamma: 1.864, covariance: diagonal(0.02) };
    const own = (allowed: typeof systematic | number) =>
      universalityRows(point, branching, allowed).find((row) => row.class === 'mean_field')!;
    expect(own(0.05).p_value).toBeLessThan(0.05);
    expect(own(systematic).p_value).toBeGreaterThan(0.3);
    expect(own(systematic).systematic_error).toBe(systematic({ id: 'mean_field' }));
    // A random walk over the same window still is none.
    const walk = { tau: 1.352, alpha: 1.538, gamma: 1.487, covariance: diagonal(0.03) };
    expect(universalityRows(point, walk, systematic).find((row) => row.class === 'mean_field')!.p_value).toBeLessThan(
      0.001,
    );
  });

  const rows = universalityRows(point, { tau: 1.28, alpha: 1.5, gamma: 1.78, covariance: diagonal(0.02) }, 0);

  it('lists every class with its distance, never only the nearest', () => {
    expect(rows).toHaveLength(universalityClasses.length);
    expect(new Set(rows.map((row) => row.class))).toEqual(new Set(universalityClasses.map(({ id }) => id)));
    for (const row of rows) expect(row).toMatchObject(point);
  });

  it('names the ties of the nearest class: 3D short-range Barkhausen and the 2D Manna class', () => {
    expect(rows.slice(0, 2).map((row) => row.class)).toEqual(['barkhausen_3d_short_range', 'manna_2d']);
    expect(rows[0]!.ties).toBe('manna_2d');
    expect(rows[1]!.ties).toBe('barkhausen_3d_short_range');
  });

  it('gives the distance of the joint χ² and its probability', () => {
    const [first] = rows;
    const expected = (0.01 ** 2 + 0 + 0.01 ** 2) / 0.02 ** 2;
    expect(first!.chi_square).toBeCloseTo(expected, 9);
    expect(first!.comparable).toBe(true);
    expect(first!.p_value).toBeGreaterThan(0.9);
    expect(first!.largest_difference).toBeCloseTo(0.01, 9);
  });

  it('leaves empty what a class with an unknown exponent has no distance for', () => {
    for (const id of ['barkhausen_zigzag', 'rfim_2d', 'rfim_3d']) {
      const row = rows.find((one) => one.class === id);
      expect(row).toMatchObject({ chi_square: null, p_value: null, largest_difference: null, comparable: false });
    }
  });

  it('gives no rows where there is no triple or its covariance is singular', () => {
    expect(universalityRows(point, undefined)).toEqual([]);
    expect(universalityRows(point, { tau: 1.5, alpha: 2, gamma: 2, covariance: diagonal(0) }, 0)).toEqual([]);
  });
});

describe('nearestClasses(rows, most)', () => {
  it('takes classes with all exponents known, the smallest χ² first', () => {
    const rows = universalityRows(point, { tau: 1.34, alpha: 1.5, gamma: 1.5, covariance: diagonal(0.001) });
    const names = nearestClasses(rows, 3).map((row) => row.class);
    expect(names.slice(0, 2)).toEqual(['Brownian excursion', 'Barkhausen 2D long range']);
    expect(nearestClasses([], 3)).toEqual([]);
  });
});

describe('classesInWords(rows)', () => {
  const words = (tau: number, alpha: number, gamma: number) =>
    classesInWords(universalityRows(point, { tau, alpha, gamma, covariance: diagonal(0.002) }));

  it('says ties, and plainly that there is none', () => {
    expect(words(1.333, 1.5, 1.5)).toMatch(
      /^Brownian excursion \(p = 1\.0, tied with Barkhausen 2D long range\); Barkhausen 2D long range \(p = 1\.0, tied with/,
    );
    expect(words(2.5, 4, 0.5)).toMatch(/^none; nearest [\w +]+ \(χ² = \d+(, tied with [\w+, ]+)?\); /);
    // The only number of the 2D random-field Ising model.
    expect(words(1.54, 2.3, 0.97)).not.toContain('RFIM');
  });

  it('names the classes that can’t be compared', () => {
    const rows = universalityRows(point, { tau: 1.5, alpha: 2, gamma: 2, covariance: diagonal(0.01) });
    expect(incomparableInWords(rows)).toBe(
      'not comparable, not all three exponents being known: Barkhausen zigzag, RFIM 3D, RFIM 2D',
    );
  });
});

describe('className(id)', () => {
  it('writes identifiers as people do', () => {
    expect(['dp_2p1', 'rfim_3d', 'manna_2d', 'mean_field'].map(className)).toEqual([
      'DP 2+1',
      'RFIM 3D',
      'Manna 2D',
      'mean field',
    ]);
  });
});
