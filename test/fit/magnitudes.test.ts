import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { type FitOptions, fitPowerLaw } from '../../src/fit/fit-power-law.ts';
import { leastForRatio } from '../../src/fit/likelihood-ratio.ts';
import { orderSample } from '../../src/fit/ordered-sample.ts';
import { exponentOf } from '../../src/fit/power-law.ts';
import { cutTail } from '../../src/fit/tail.ts';
import { powerSum } from '../../src/numeric/zeta.ts';
import { caseColumn } from './cases.ts';
import { powerLawValues } from './synthetic.ts';

const alone = { alternatives: false } as const;

describe('integers of any magnitude', () => {
  test('five of them from 10⁷ on have the exponent of the continuous law, which differs by 1e-7 there', () => {
    const values = caseColumn('huge-integers/five.csv');
    const fit = fitPowerLaw(values, { discrete: true, xmin: 1e7, ...alone });
    const sum = values.reduce((total, x) => total + Math.log(x / 1e7), 0);
    expect(fit.exponent).toBeCloseTo(1 + values.length / sum, 6);
    expect(fit.exponent).toBeCloseTo(2.2022, 4);
  });

  test('3000 of them from 10⁸ on have the digits of mpmath', () => {
    const fit = fitPowerLaw(caseColumn('huge-integers/bytes.csv'), { discrete: true, xmin: 1e8, ...alone });
    expect(fit.exponent).toBeCloseTo(2.51160276, 8);
  });

  test('thirty of them near 10⁶ have the xmin, exponent and distance of a scan by scipy', () => {
    const fit = fitPowerLaw(caseColumn('xmin-scan/thirty.csv'), { discrete: true, ...alone });
    expect(fit).toMatchObject({ xmin: 810_451, n_tail: 21 });
    expect(fit.exponent).toBeCloseTo(2.117, 3);
    expect(fit.ks).toBeCloseTo(0.08317, 5);
  });
});

const laws = fc.record({
  discrete: fc.boolean(),
  decade: fc.integer({ min: 0, max: 15 }),
  exponent: fc.constantFrom(1.2, 1.5, 2, 2.2, 3, 8, 40),
  span: fc.constantFrom(Infinity, 3, 50, 1e4),
  n: fc.constantFrom(5, 30, 200),
  key: fc.nat(1e6),
});

function drawn({ discrete, decade, exponent, span, n, key }: typeof laws extends fc.Arbitrary<infer L> ? L : never) {
  const xmin = 10 ** decade;
  // Integers beyond 2⁵² have no neighbours to be drawn from.
  const xmax = discrete && span === Infinity && exponent < 3 ? Math.min(xmin * 1e6, 2 ** 52) : xmin * span;
  if (discrete && !(xmin * 50 < 2 ** 52)) return undefined;
  return { xmin, xmax, values: powerLawValues({ discrete, exponent, xmin, xmax }, n, 9, key) };
}

const notFittable = (error: unknown): boolean => error instanceof ParameterError;

test('exponents solve the likelihood equation from any start, at magnitudes from 1 to 10¹⁵', () => {
  fc.assert(
    fc.property(laws, fc.double({ min: 1.001, max: 60, noNaN: true }), (law, start) => {
      const sample = drawn({ ...law, discrete: true });
      if (sample === undefined || new Set(sample.values).size < 2) return;
      const { xmin, xmax, values } = sample;
      const tail = cutTail(orderSample(values, true), xmin, xmax);
      const exponent = exponentOf(tail);
      const { meanExcess, varianceLog } = powerSum(exponent, xmin, xmax);
      expect(Math.abs(meanExcess - tail.meanExcess) / varianceLog).toBeLessThan(1e-9 * Math.abs(exponent));
      expect(Math.abs(exponentOf(tail, start) - exponent)).toBeLessThan(1e-9 * Math.abs(exponent));
      if (law.decade < 5) return;
      const half = orderSample(values, false);
      const continuous = exponentOf(cutTail(half, xmin - 0.5, xmax + 0.5));
      expect(Math.abs(continuous / exponent - 1)).toBeLessThan(1e-6);
    }),
    { seed: 11, numRuns: 400 },
  );
});

test('cutoffs that were found give, when given, the same exponent and distance to the last bit', () => {
  const ways: FitOptions[] = [
    {},
    { xmax: 'auto' },
    { convention: 'two-sided' },
    { convention: 'clauset' },
    { candidates: 10 },
  ];
  fc.assert(
    fc.property(laws, fc.constantFrom(...ways), (law, way) => {
      const sample = drawn(law);
      if (sample === undefined) return;
      const { values } = sample;
      const how = { ...way, discrete: law.discrete, ...alone };
      let found: ReturnType<typeof fitPowerLaw>;
      try {
        found = fitPowerLaw(values, how);
      } catch (error) {
        if (notFittable(error)) return;
        throw error;
      }
      const given = fitPowerLaw(values, { ...how, xmin: found.xmin, xmax: found.xmax });
      expect({ ...given }).toEqual({ ...found });
    }),
    { seed: 12, numRuns: 200 },
  );
});

test('alternatives have finite likelihoods and p-values, and nested ones never lose, at any magnitude and spread', () => {
  const spread = fc.record({
    discrete: fc.boolean(),
    xmin: fc.constantFrom(1, 1e3, 1e7, 1e12, 1e15),
    above: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 3, maxLength: 100 }),
    bounded: fc.boolean(),
  });
  fc.assert(
    fc.property(spread, ({ discrete, xmin, above, bounded }) => {
      const values = above.map((x) => xmin + x);
      const xmax = bounded ? xmin + 1000 : null;
      let fit: ReturnType<typeof fitPowerLaw>;
      try {
        fit = fitPowerLaw(values, { discrete, xmin, xmax });
      } catch (error) {
        if (notFittable(error)) return;
        throw error;
      }
      expect(Number.isFinite(fit.exponent) && fit.standard_error > 0).toBe(true);
      for (const { name, p_value, log_likelihood, nested, ratio } of fit.alternatives) {
        const few = fit.n_tail < leastForRatio.values || fit.n_distinct < leastForRatio.distinct;
        const sound = few ? Number.isNaN(p_value) : p_value >= 0 && p_value <= 1;
        expect([name, sound, Number.isFinite(log_likelihood)]).toEqual([name, true, true]);
        if (nested) expect(ratio).toBeLessThan(1e-3);
      }
    }),
    { seed: 13, numRuns: 120 },
  );
});
