import { describe, expect, test } from 'vitest';
import { fitPowerLaw } from '../../src/fit/fit-power-law.ts';
import { permutedDistance } from '../../src/fit/permuted-distance.ts';
import { compareSamples } from '../../src/fit/two-samples.ts';
import { powerLawValues } from './synthetic.ts';

const real = { discrete: false, exponent: 2, xmin: 1, xmax: Infinity };
const whole = { discrete: true, exponent: 1.8, xmin: 2, xmax: Infinity };

/** Ten values a block, of which three are drawn and the others repeat them. */
const repeated = (values: Float64Array): Float64Array =>
  values.map((_, i) => values[10 * Math.floor(i / 10) + (i % 3)]!);
const tens = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => Math.floor(i / 10));

describe('compareSamples(a, b, options)', () => {
  // 250 pairs: 5 ± 1.4 % are expected, 11 % lie 4.3 standard deviations above: a false alarm of 1e-5 a case for another seed.
  test.each([
    { name: 'real numbers', law: real, options: { xmin: 1 } },
    { name: 'real numbers up to a cutoff', law: real, options: { xmin: 1, xmax: 20 } },
    { name: 'integers', law: whole, options: { xmin: 2, discrete: true } },
    {
      name: 'values that go together in blocks',
      law: real,
      options: { xmin: 1, blocks: [tens(300), tens(200)] as const },
    },
  ])('tells samples of one law apart in at most 11 % of pairs of $name, and of two in more than 60 %', (one) => {
    const { law, options } = one;
    const told = { difference: 0, ratio: 0, ks: 0, truly: 0 };
    for (let i = 0; i < 250; i++) {
      const draw = (n: number, exponent: number, key: number): Float64Array => {
        const values = powerLawValues({ ...law, exponent }, n, 60, i, key);
        return 'blocks' in options ? repeated(values) : values;
      };
      const a = draw(300, law.exponent, 0);
      const report = compareSamples(a, draw(200, law.exponent, 1), { ...options, permutations: 99, seed: i });
      if (report.p_value < 0.05) told.difference++;
      if ((report.likelihood_ratio_p ?? 1) < 0.05) told.ratio++;
      if (report.ks_p_value <= 0.05) told.ks++;
      const other = draw(200, law.exponent + ('blocks' in options ? 0.6 : 0.3), 2);
      if (compareSamples(a, other, { ...options, permutations: 1 }).p_value < 0.05) told.truly++;
    }
    for (const name of ['difference', 'ratio', 'ks'] as const) expect(told[name]).toBeLessThanOrEqual(28);
    expect(told.difference).toBeGreaterThan(2);
    expect(told.ks).toBeGreaterThan(2);
    expect(told.truly).toBeGreaterThan(150);
  });

  test('fits both between the larger of the lower cutoffs and the smaller of the upper ones', () => {
    const a = powerLawValues(real, 400, 61);
    const b = powerLawValues({ ...real, xmin: 3, exponent: 2.2 }, 300, 62);
    const report = compareSamples(a, b, { permutations: 9 });
    const alone = [a, b].map((values) => fitPowerLaw(values, { alternatives: false }));
    expect(report.xmin).toBe(Math.max(alone[0]!.xmin, alone[1]!.xmin));
    [a, b].forEach((values, s) => {
      const { exponent, standard_error, n_tail } = fitPowerLaw(values, { xmin: report.xmin, alternatives: false });
      expect(report.samples[s]).toMatchObject({ exponent, standard_error, n_tail });
    });
    const both = fitPowerLaw([...a, ...b], { xmin: report.xmin, alternatives: false });
    expect(report.common_exponent).toBeCloseTo(both.exponent, 12);
    const logs = [a, b].map((values) => fitPowerLaw(values, { xmin: report.xmin, alternatives: false }).log_likelihood);
    expect(report.likelihood_ratio).toBeCloseTo(2 * (logs[0]! + logs[1]! - both.log_likelihood), 8);
  });

  test('gives the error of blocks by the jackknife, and of values that are blocks about that of values', () => {
    const [a, b] = [powerLawValues(real, 500, 63), powerLawValues(real, 500, 64)];
    const own = Int32Array.from({ length: 500 }, (_, i) => i);
    const blocks = compareSamples(a, b, { xmin: 1, blocks: [own, own], permutations: 9 });
    const values = compareSamples(a, b, { xmin: 1, permutations: 9 });
    expect(Math.abs(blocks.difference_error / values.difference_error - 1)).toBeLessThan(0.15);
    expect(blocks.ks_p_value).toBe(values.ks_p_value);
    const doubled = (x: Float64Array) => Float64Array.from([...x, ...x]);
    const pairs = Int32Array.from([...own, ...own]);
    const twice = compareSamples(doubled(a), doubled(b), { xmin: 1, blocks: [pairs, pairs], permutations: 9 });
    expect(twice.difference_error).toBeCloseTo(blocks.difference_error, 12);
    expect(twice).toMatchObject({ likelihood_ratio_p: null, ks: values.ks });
  });

  test('refuses what can’t be compared, by name', () => {
    const a = powerLawValues(real, 50, 65);
    expect(() => compareSamples(a, a, { permutations: 0 })).toThrow(/^permutations must be a positive integer, got 0$/);
    const three = Int32Array.from(a, (_, i) => i % 3);
    expect(() => compareSamples(a, a, { xmin: 1, blocks: [three, three] })).toThrow(
      /^a comparison by blocks needs 4 of them between the cutoffs in either sample, got 3$/,
    );
    expect(() => compareSamples(a, a, { blocks: [[1], [1]] })).toThrow(
      /^blocks must be as many as values, got 1 and 50$/,
    );
    const far = a.map((x) => 1e6 * x);
    expect(() => compareSamples(far, a, { permutations: 9 })).toThrow(/^a power-law fit needs values from/);
  });
});

test('permutations are exact: of two and three values every way to part them counts', () => {
  const pooled = {
    value: Float64Array.of(1, 2, 3, 4, 5),
    block: Int32Array.of(0, 1, 2, 3, 4),
    blocks: [2, 3] as const,
  };
  const { ks, pValue } = permutedDistance(pooled, 4000, 1);
  expect(ks).toBe(1);
  // Two of the ten ways part the values as far: 1, 2 from the others, or 4, 5. The share is 0.2 ± 0.006.
  expect(Math.abs(pValue - 0.2)).toBeLessThan(0.026);
});
