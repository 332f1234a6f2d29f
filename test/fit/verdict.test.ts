import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlternativeReport, type FitReport, fitPowerLaw } from '../../src/fit/fit-power-law.ts';
import { leastForRatio } from '../../src/fit/likelihood-ratio.ts';
import { sentencesOf } from '../../src/fit/verdict.ts';
import { createStream } from '../../src/numeric/random.ts';

const names = ['exponential', 'lognormal', 'stretched_exponential', 'truncated_power_law'];

const alternative: fc.Arbitrary<AlternativeReport> = fc.record({
  name: fc.constantFrom(...names.slice(0, 3)),
  ratio: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
  normalized_ratio: fc.double({ min: -40, max: 40, noNaN: true }),
  p_value: fc.oneof(fc.constantFrom(0, 1e-300, 0.049, 0.05, 1, Number.NaN), fc.double({ min: 0, max: 1, noNaN: true })),
  nested: fc.constant(false),
  degenerate: fc.boolean(),
  log_likelihood: fc.constant(-10),
  parameters: fc.constant({}),
  standard_errors: fc.constant({}),
  meaning: fc.constant(''),
});

const report: fc.Arbitrary<FitReport> = fc.record({
  discrete: fc.boolean(),
  exponent: fc.double({ min: 1.01, max: 2000, noNaN: true }),
  standard_error: fc.constant(0.1),
  xmin: fc.double({ min: 1, max: 1e6, noNaN: true }),
  xmax: fc.constantFrom(null, 1e9),
  n: fc.constant(100_000),
  n_tail: fc.integer({ min: 2, max: 100_000 }),
  n_distinct: fc.integer({ min: 1, max: 100 }),
  largest: fc.double({ min: 1e6, max: 1e8, noNaN: true }),
  n_excluded: fc.constant(0),
  ks: fc.constant(0.1),
  ks_convention: fc.constant('left' as const),
  log_likelihood: fc.constant(-10),
  p_value: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  alternatives: fc.array(alternative, { maxLength: 4 }),
});

describe('sentences on a fit', () => {
  it('say what the numbers beside them say, whatever these are', () => {
    fc.assert(
      fc.property(report, (one) => {
        const goodness = { standardError: 0.01, repetitions: 1000 };
        const text = sentencesOf(one, goodness).join('\n');
        expect(/are in the tail: an exponent needs/.test(text)).toBe(one.n_tail < 50);
        expect(/is that of no power law/.test(text)).toBe(one.exponent > 10 || one.largest / one.xmin < 2);
        const p = one.p_value;
        expect(/the power law is ruled out \(/i.test(text)).toBe(p !== null && p < 0.1 && Math.abs(p - 0.1) >= 0.02);
        const plausible = p !== null && p >= 0.1 && Math.abs(p - 0.1) >= 0.02 && one.n_tail >= 50;
        expect(/is plausible/.test(text)).toBe(plausible);
        // What a test of a tail says is said of that tail, not of all values.
        const of = `is plausible for ${one.n_tail} of 100000 values, those from `;
        expect(text.includes(of)).toBe(plausible && one.n_tail < one.n);
        for (const other of one.alternatives) {
          const [own] = sentencesOf({
            ...one,
            p_value: null,
            n_tail: 1000,
            exponent: 2,
            xmin: 1,
            alternatives: [other],
          });
          const [better, worse] = [
            /power law of integers fits better|^The power law fits better/,
            /fits better than the power law/,
          ];
          const decided = other.p_value < 0.05;
          expect(better.test(own!)).toBe(decided && other.ratio > 0);
          expect(worse.test(own!)).toBe(decided && !(other.ratio > 0));
          expect(/don't decide|can't be told apart/.test(own!)).toBe(other.p_value >= 0.05);
          expect(/isn't said/.test(own!)).toBe(Number.isNaN(other.p_value));
        }
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('agree with the table for any small or lumpy sample: no verdict without a p-value, none against its sign', () => {
    const sample = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 4, maxLength: 120 });
    fc.assert(
      fc.property(sample, fc.constantFrom(1, 10), (values, factor) => {
        const lumps = values.map((x) => (factor === 10 ? 10 ** (x % 4) : x));
        if (new Set(lumps).size < 2) return;
        const fit = fitPowerLaw(lumps, { discrete: true, xmin: Math.min(...lumps) });
        const few = fit.n_tail < leastForRatio.values || fit.n_distinct < leastForRatio.distinct;
        for (const { p_value, ratio, meaning } of fit.alternatives) {
          expect(Number.isNaN(p_value)).toBe(few);
          if (/fits better than the power law/.test(meaning)) expect(ratio).toBeLessThan(0);
          if (/^the power law fits better/.test(meaning)) expect(ratio).toBeGreaterThan(0);
          if (/fits better/.test(meaning) && !/isn't said/.test(meaning)) expect(p_value).toBeLessThan(0.05);
        }
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it('compares no other law with one value: a truncated power law of integers took ten seconds to close in on it', () => {
    const fit = fitPowerLaw(new Array(60).fill(100_000), { discrete: true, xmin: 100 });
    expect(fit.exponent).toBeCloseTo(1 + 1 / Math.log(100_000 / 99.5), 2);
    expect(fit.alternatives).toEqual([]);
    expect(sentencesOf(fit)).toEqual([
      'The tail holds a single distinct value, 100000: no law can be told from another.',
    ]);
  });

  const twelve = [...new Array<number>(30).fill(1), ...new Array<number>(11).fill(2), 4];
  it('give no p-value to 12 values, of which samples of an exponential favour the power law as much in 3 %', () => {
    const fit = fitPowerLaw(twelve, { discrete: true });
    expect(fit).toMatchObject({ n_tail: 12, n_distinct: 2 });
    expect(fit.alternatives.every(({ p_value }) => Number.isNaN(p_value))).toBe(true);
    expect(sentencesOf(fit).slice(0, 2)).toEqual([
      'Only 12 of 42 values, 2 of them distinct, are in the tail: an exponent needs 50 to mean much.',
      'No likelihood ratio says which law fits better: a p-value needs 50 values in the tail, 6 of them distinct.',
    ]);
  });

  it('call the exponent of a tail of two values of ten, or of a law below 1 without its upper end, what it is', () => {
    const ten = fitPowerLaw([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { discrete: true });
    expect(sentencesOf(ten)[0]).toMatch(/^Only \d of 10 values/);
    const stream = createStream(6, 1);
    const flat = Array.from({ length: 5000 }, () => Math.ceil(2000 * stream.uniform() ** (1 / 0.3)));
    const fit = fitPowerLaw(flat, { discrete: true });
    expect(sentencesOf(fit).join(' ')).toMatch(/is that of no power law: a law that ends needs an upper cutoff too/);
  });

  // A continuous Pareto law from 1/2 on, rounded: the limit of a lognormal of integers, and not the zeta law.
  it('say of a power law rounded to integers that it fits better than the zeta law, as the table does', () => {
    const stream = createStream(7, 1);
    const minutes = Array.from({ length: 8000 }, () => Math.round(0.5000001 * (1 - stream.uniform()) ** (-1 / 1.4)));
    const fit = fitPowerLaw(minutes, { discrete: true, xmin: 1 });
    const lognormal = fit.alternatives.find(({ name }) => name === 'lognormal')!;
    expect(lognormal.degenerate).toBe(true);
    expect(lognormal.ratio).toBeLessThan(-10);
    expect(lognormal.p_value).toBeLessThan(0.05);
    expect(lognormal.meaning).toMatch(
      /a power law rounded to integers, which fits better than the power law of integers/,
    );
  });
});
