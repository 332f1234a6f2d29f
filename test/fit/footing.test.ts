import { expect, test } from 'vitest';
import { fitPowerLaw } from '../../src/fit/fit-power-law.ts';
import { betterAlternatives, clearlyBetter, thinFooting } from '../../src/fit/footing.ts';
import { orderSample } from '../../src/fit/ordered-sample.ts';
import { lowerCutoffs } from '../../src/fit/stability.ts';
import { createStream } from '../../src/numeric/random.ts';
import { footingSummary } from '../../src/report/footing-summary.ts';
import { powerLawValues } from './synthetic.ts';

test.each([
  [{ n_tail: 100, xmin: 1, xmax: 10 }, 1e6, ''],
  [{ n_tail: 99, xmin: 1, xmax: null }, 1e6, 'few values'],
  [{ n_tail: 5000, xmin: 20, xmax: 128 }, 1e6, 'short range'],
  [{ n_tail: 5000, xmin: 20, xmax: null }, 100, 'short range'],
  [{ n_tail: 12, xmin: 20, xmax: 1e9 }, 100, 'few values, short range'],
])('thinFooting(%j, largest %d) is %j', (fit, largest, expected) => {
  expect(thinFooting(fit, largest)).toBe(expected);
});

test('betterAlternatives(fit) names what fits an exponential better than a power law, and nothing for a power law', () => {
  const stream = createStream(51);
  const exponential = Float64Array.from({ length: 2000 }, () => 1 - Math.log(stream.uniform()));
  expect(betterAlternatives(fitPowerLaw(exponential, { xmin: 1 }))).toContain('exponential');
  const law = { discrete: false, exponent: 2.5, xmin: 1, xmax: Infinity };
  expect(betterAlternatives(fitPowerLaw(powerLawValues(law, 2000, 52), { xmin: 1 }))).not.toContain('exponential');
});

test('clearlyBetter(fit) needs p < 0.001 and a distance of more than a trifle, and of a cutoff that it lies within the window', () => {
  const one = { name: 'lognormal', nested: false, degenerate: false, ratio: -9, p_value: 1e-4, parameters: {} };
  const found = (more: object, ks = 0.02, xmax: number | null = 100) =>
    clearlyBetter({ alternatives: [{ ...one, ...more }] as never, ks, xmax });
  expect(found({})).toEqual(['lognormal']);
  for (const more of [{ p_value: 0.01 }, { ratio: 9 }, { nested: true }, { degenerate: true }, { p_value: Number.NaN }])
    expect(found(more)).toEqual([]);
  expect(found({}, 0.009)).toEqual([]);
  const cutoff = (lambda: number) => ({
    name: 'truncated_power_law',
    nested: true,
    parameters: { alpha: 1.5, lambda },
  });
  expect(found(cutoff(0.03))).toEqual(['truncated_power_law']);
  expect(found(cutoff(0.01))).toEqual([]);
  expect(found(cutoff(0.03), 0.02, null)).toEqual([]);
});

test('lowerCutoffs(sample, xmax) end where fewer than 100 values or half a decade is left', () => {
  const law = { discrete: false, exponent: 2, xmin: 1, xmax: Infinity };
  const sample = orderSample(powerLawValues(law, 3000, 53));
  const cutoffs = lowerCutoffs(sample, 1000);
  expect(cutoffs[0]).toBeGreaterThanOrEqual(1);
  expect(cutoffs.at(-1)! * 3).toBeLessThanOrEqual(1000);
  expect(cutoffs.length).toBeGreaterThan(8);
  expect(cutoffs.every((cut, i) => i === 0 || cut > cutoffs[i - 1]!)).toBe(true);
});

test('footingSummary(tables) says range, number, distance and what fits better of each exponent', () => {
  const row = {
    ensemble: 0,
    width: 128,
    tau_min: 3.7169,
    tau_max: 79.4,
    tau_count: 25_513,
    tau_ks: 0.00512,
    tau_better: 'lognormal, truncated_power_law',
    tau_mark: '',
    alpha_min: 20,
    alpha_max: 128,
    alpha_count: 15_400,
    alpha_ks: 0.004,
    alpha_better: '',
    alpha_mark: 'short range',
  };
  expect(footingSummary({ exponents: [row] }).rows.map((cells) => cells.slice(1))).toEqual([
    ['3.72 – 79.4', expect.any(String), '0.00512', 'lognormal, truncated power law', '–'],
    ['20 – 128', expect.any(String), '0.004', 'none', 'short range'],
  ]);
});
