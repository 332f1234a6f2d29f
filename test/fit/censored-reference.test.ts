import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kaplanMeier } from '../../src/fit/censored/kaplan-meier.ts';
import { orderCensored } from '../../src/fit/censored/sample.ts';
import { fitPowerLaw } from '../../src/fit/fit-power-law.ts';

interface Sample {
  readonly values: number[];
  readonly bounds: number[];
  readonly exponent: number;
}

const { pareto, window, discrete } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/censored.json'), 'utf8'),
) as {
  readonly pareto: Sample & { log_likelihood: number; lambda: number; at: number[]; above: number[] };
  readonly window: { xmax: number; exponent: number; share_beyond: number; standard_error: number };
  readonly discrete: Sample & { standard_error: number };
};

describe('censored values are fitted as SciPy does', () => {
  test('real numbers, with an exponential beside', () => {
    const fit = fitPowerLaw(pareto, { xmin: 1 });
    expect(fit.exponent).toBeCloseTo(pareto.exponent, 8);
    expect(fit.log_likelihood).toBeCloseTo(pareto.log_likelihood, 6);
    const exponential = fit.alternatives.find(({ name }) => name === 'exponential');
    expect(exponential?.parameters.lambda).toBeCloseTo(pareto.lambda, 5);
  });

  test('the distribution of all values', () => {
    const { position, countFrom } = kaplanMeier(orderCensored(pareto));
    const n = countFrom[0]!;
    expect(Array.from(position)).toEqual(pareto.at);
    pareto.above.forEach((share, j) => {
      expect(countFrom[j + 1]! / n).toBeCloseTo(share, 12);
    });
  });

  test('between cutoffs', () => {
    const fit = fitPowerLaw(pareto, { xmin: 1, xmax: window.xmax, alternatives: false });
    expect(fit.exponent).toBeCloseTo(window.exponent, 6);
    expect(fit.censored?.share_beyond).toBeCloseTo(window.share_beyond, 6);
    expect(fit.standard_error).toBeCloseTo(window.standard_error, 4);
  });

  test('integers', () => {
    const fit = fitPowerLaw(discrete, { xmin: 2, discrete: true, alternatives: false });
    expect(fit.exponent).toBeCloseTo(discrete.exponent, 6);
    expect(fit.standard_error).toBeCloseTo(discrete.standard_error, 4);
  });
});
