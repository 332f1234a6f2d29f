import { describe, expect, test } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { scanXmin } from '../../src/fit/cutoff-scan.ts';
import { kolmogorovSmirnov } from '../../src/fit/kolmogorov-smirnov.ts';
import { compareAlternatives } from '../../src/fit/likelihood-ratio.ts';
import { orderSample } from '../../src/fit/ordered-sample.ts';
import { estimatePowerLaw } from '../../src/fit/power-law.ts';
import { cutTail } from '../../src/fit/tail.ts';
import { fixtures } from './fixture.ts';

const relative = (a: number, b: number): number => Math.abs(a / b - 1);

test('the reference has 19 data sets', () => expect(fixtures.length).toBe(19));

describe.each(fixtures)('estimates on $name', (fixture) => {
  const { exact, fixed_xmin: xmin } = fixture;
  const sample = orderSample(fixture.data, fixture.kind === 'discrete');
  const cases = [
    { label: 'without xmax', xmax: Infinity, expected: exact.fixed_xmin },
    { label: 'with xmax', xmax: fixture.fixed_xmax ?? Infinity, expected: exact.fixed_xmin_xmax },
  ];
  for (const { label, xmax, expected } of cases) {
    if (expected === undefined) continue;
    if (expected.alpha === null) {
      test(`a fit ${label} says in one message that all values are equal`, () => {
        expect(() => estimatePowerLaw(cutTail(sample, xmin, xmax))).toThrow(ParameterError);
        expect(() => estimatePowerLaw(cutTail(sample, xmin, xmax))).toThrow(
          /at least 2 distinct values .* all equal to/,
        );
      });
      continue;
    }
    test(`a fit ${label} has the stated exponent, error, likelihood and distances`, () => {
      const tail = cutTail(sample, xmin, xmax);
      const fit = estimatePowerLaw(tail);
      expect(tail.n).toBe(expected.n);
      expect(Math.abs(fit.exponent - expected.alpha!)).toBeLessThan(1e-8);
      expect(relative(fit.standardError, expected.sigma)).toBeLessThan(1e-6);
      expect(relative(fit.logLikelihood, expected.loglik)).toBeLessThan(1e-10);
      expect(Math.abs(kolmogorovSmirnov(tail, fit) - expected.D_left)).toBeLessThan(1e-9);
      expect(Math.abs(kolmogorovSmirnov(tail, fit, 'two-sided') - expected.D_twosided)).toBeLessThan(1e-9);
    });
  }

  for (const convention of ['left', 'two-sided'] as const) {
    const expected = exact.xmin_scan[convention === 'left' ? 'D_left' : 'D_twosided'];
    if (expected === undefined) {
      test(`a ${convention} scan says in one message that there are too few distinct values`, () => {
        expect(() => scanXmin(sample, Infinity, { convention })).toThrow(ParameterError);
        expect(() => scanXmin(sample, Infinity, { convention })).toThrow(/fewer than 2 distinct values/);
      });
      continue;
    }
    test(`a ${convention} scan over every xmin finds the stated one`, () => {
      const tail = scanXmin(sample, Infinity, { convention });
      const fit = estimatePowerLaw(tail);
      expect(tail.xmin).toBe(expected.xmin);
      expect(tail.n).toBe(expected.n_tail);
      // The reference's discrete exponents in the scan stop at 1e-8.
      expect(Math.abs(fit.exponent - expected.alpha)).toBeLessThan(1e-7);
      expect(Math.abs(kolmogorovSmirnov(tail, fit, convention) - expected.D)).toBeLessThan(1e-8);
    });
  }

  const alternatives = exact.alternatives_fixed_xmin;
  if (alternatives === undefined) return;
  test('likelihood ratios against every alternative are the stated ones', () => {
    const tail = cutTail(sample, xmin);
    for (const found of compareAlternatives(tail, estimatePowerLaw(tail))) {
      const expected = alternatives.compare[found.name]!;
      const { loglik, near_degenerate, at_boundary_lambda0 } = alternatives.params[found.name]!;
      expect(found.nested).toBe(expected.nested);
      // An optimum is an optimum: never below the reference's by more than rounding of its sums.
      expect(found.logLikelihood).toBeGreaterThan(loglik - 1e-5);
      if (near_degenerate === true || at_boundary_lambda0 === true) {
        expect(Math.abs(found.ratio - expected.R)).toBeLessThan(0.1);
      } else {
        expect(relative(found.ratio, expected.R)).toBeLessThan(1e-5);
        expect(relative(found.normalizedRatio, expected.normalized_R)).toBeLessThan(1e-4);
        if (expected.p > 0) expect(relative(Math.log(found.pValue), Math.log(expected.p))).toBeLessThan(1e-3);
      }
      if (found.degenerate) expect(Math.abs(found.ratio)).toBeLessThan(1e-5);
    }
  });

  const cv = alternatives.params.lognormal?.cv_log_excess;
  if (fixture.kind === 'continuous' && cv !== undefined) {
    test('a lognormal is degenerate exactly where the coefficient of variation of ln(x/xmin) is at least 1', () => {
      const tail = cutTail(sample, xmin);
      const [lognormal] = compareAlternatives(tail, estimatePowerLaw(tail), ['lognormal']);
      expect(lognormal!.degenerate).toBe(cv >= 1);
    });
  }
});
