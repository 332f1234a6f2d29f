import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { scanXmin } from '../../src/fit/cutoff-scan.ts';
import { fitBounded, fitPowerLaw } from '../../src/fit/fit-power-law.ts';
import { kolmogorovSmirnov } from '../../src/fit/kolmogorov-smirnov.ts';
import { orderSample } from '../../src/fit/ordered-sample.ts';
import { exponentOf, probabilityBelow, quantile } from '../../src/fit/power-law.ts';
import { cutTail, tailBetween } from '../../src/fit/tail.ts';
import { createStream } from '../../src/numeric/random.ts';
import { branchingRatio } from '../recording/branching-ratio.ts';
import { powerLawValues } from './synthetic.ts';

const bounded = powerLawValues({ discrete: false, exponent: 1.4, xmin: 1, xmax: 1e4 }, 20_000, 50);

describe('fitPowerLaw(values, options)', () => {
  test('reports plain JSON with the keys of the command line', () => {
    const report = fitPowerLaw(bounded, { xmin: 1, xmax: 1e4 });
    const keys = [
      'exponent',
      'standard_error',
      'xmin',
      'xmax',
      'n_tail',
      'ks',
      'log_likelihood',
      'p_value',
      'alternatives',
    ];
    expect(Object.keys(report)).toEqual(expect.arrayContaining(keys));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.alternatives.map(({ name }) => name)).toEqual([
      'exponential',
      'lognormal',
      'stretched_exponential',
      'truncated_power_law',
    ]);
    expect(report.p_value).toBeNull();
    expect(report.alternatives[0]!.meaning).toMatch(/the power law fits better than an exponential/);
  });

  test('finds both cutoffs of a power law with a rounded head and a sharp end', () => {
    const stream = createStream(8);
    const head = Float64Array.from({ length: 6000 }, () => stream.uniform());
    const report = fitPowerLaw(Float64Array.of(...head, ...bounded), { xmax: 'auto', alternatives: false });
    expect(report.xmin).toBeGreaterThan(0.8);
    expect(report.xmin).toBeLessThan(20);
    expect(report.xmax).toBeGreaterThan(500);
    expect(Math.abs(report.exponent - 1.4)).toBeLessThan(0.03);
    // Alone, xmin runs into the end.
    const unbounded = fitPowerLaw(bounded, { alternatives: false });
    expect(unbounded.exponent).toBeGreaterThan(1.43);
  });

  test('leaves out and counts what no power law has', () => {
    const report = fitPowerLaw([0, -1, Number.NaN, Infinity, 1, 2, 3, 7], { xmin: 1, alternatives: false });
    expect(report.n_excluded).toBe(4);
    expect(report.n).toBe(4);
  });

  test.each([
    [[], {}, /needs positive values, got none among 0/],
    [[-1, 0], {}, /needs positive values, got none among 2/],
    [[3, 3, 3], {}, /fewer than 2 distinct values: got 3 of them all equal to 3/],
    [[3, 3, 3], { xmin: 3 }, /at least 2 distinct values from 3, got 3 of them all equal to 3/],
    [[1, 2, 3], { xmin: 4 }, /needs values from 4, got none/],
    [[1, 2, 3], { xmin: 2, xmax: 1 }, /xmax must be greater than xmin = 2, got 1/],
    [[1, 2, 3], { xmin: -1 }, /xmin must be a positive number, got -1/],
    [[1, 2, 3], { xmin: Number.NaN }, /xmin must be a positive number or auto, got NaN/],
    [[1, 2.5, 3], { discrete: true }, /discrete values must be integers, got 2.5/],
    [[1, 2, 3], { discrete: true, xmin: 1.5 }, /xmin must be an integer for discrete data, got 1.5/],
    [[1, 2, 3], { discrete: true, xmin: 1, xmax: 2.5 }, /xmax must be an integer for discrete data, got 2.5/],
    [[1, 2, 3], { candidates: 0 }, /candidates must be a positive integer or all, got 0/],
    [[1, 2, 3], { xmax: 'auto' as const }, /no window with xmax\/xmin of at least 10 contains 50 values/],
  ])('fitPowerLaw(%j, %j) answers with one clear message', (values, options, message) => {
    expect(() => fitPowerLaw(values, options)).toThrow(ParameterError);
    expect(() => fitPowerLaw(values, options)).toThrow(message);
  });

  test('is equivariant to scale', () => {
    const a = fitPowerLaw(bounded, { alternatives: false });
    const b = fitPowerLaw(
      bounded.map((x) => x * 2 ** -40),
      { alternatives: false },
    );
    expect(b.xmin).toBe(a.xmin * 2 ** -40);
    expect(b.exponent).toBeCloseTo(a.exponent, 10);
  });
});

test('fitBounded(values, xmin, xmax) is the bounded fit', () => {
  const fit = fitBounded(orderedGroups(), 1, 1000);
  expect(fit.xmax).toBe(1000);
  expect(fit.exponent).toBeGreaterThan(0);
});

function orderedGroups() {
  return {
    discrete: true,
    lower: Float64Array.of(1, 2, 3, 10),
    upper: Float64Array.of(2, 3, 4, 11),
    count: Float64Array.of(50, 20, 8, 1),
    sumLog: Float64Array.of(0, 20 * Math.log(2), 8 * Math.log(3), Math.log(10)),
  };
}

describe('quantile(law) inverts probabilityBelow(law)', () => {
  test.each([
    { discrete: false, exponent: 2.5, xmin: 3, xmax: Infinity },
    { discrete: false, exponent: 1.3, xmin: 0.1, xmax: 1e5 },
    { discrete: false, exponent: 1, xmin: 0.1, xmax: 1e5 },
    { discrete: false, exponent: 0.2, xmin: 2, xmax: 50 },
    { discrete: false, exponent: -1.5, xmin: 2, xmax: 50 },
  ])('$exponent on [$xmin, $xmax]', (law) => {
    const below = probabilityBelow(law);
    const inverse = quantile(law);
    for (const u of [0, 1e-9, 0.2, 0.5, 0.99, 1 - 1e-9]) expect(Math.abs(below(inverse(u)) - u)).toBeLessThan(1e-11);
  });

  test.each([
    { discrete: true, exponent: 2.5, xmin: 1, xmax: Infinity },
    { discrete: true, exponent: 1.3, xmin: 2, xmax: 100_000 },
    { discrete: true, exponent: 0.5, xmin: 1, xmax: 40 },
  ])('$exponent on the integers from $xmin to $xmax', (law) => {
    const below = probabilityBelow(law);
    const inverse = quantile(law);
    for (const u of [0, 0.1, 0.5, 0.9, 0.99, 0.9999]) {
      const k = inverse(u);
      expect(below(k)).toBeLessThanOrEqual(u + 1e-12);
      expect(below(k + 1)).toBeGreaterThan(u - 1e-12);
    }
  });
});

test('kolmogorovSmirnov(tail, law) by branch and bound is the plain maximum over all values', () => {
  const sample = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 3, maxLength: 400 });
  fc.assert(
    fc.property(sample, fc.boolean(), fc.boolean(), (values, discrete, cut) => {
      if (new Set(values).size < 3) return;
      const tail = cutTail(orderSample(values, discrete), 1, cut ? 400 : Infinity);
      const law = { discrete, exponent: 1.7, xmin: 1, xmax: tail.xmax };
      const below = probabilityBelow(law);
      const sorted = [...values].sort((a, b) => a - b);
      let left = 0;
      let both = 0;
      // As Clauset's program does: real numbers against 0/n … (n − 1)/n in their order.
      let ordered = 0;
      sorted.forEach((x, i) => {
        ordered = Math.max(ordered, Math.abs(below(x) - i / sorted.length));
        const share = sorted.filter((y) => y < x).length / sorted.length;
        const through = sorted.filter((y) => y <= x).length / sorted.length;
        left = Math.max(left, Math.abs(below(x) - share));
        both = Math.max(both, Math.abs(below(x) - share), Math.abs(below(discrete ? x + 1 : x) - through));
      });
      expect(kolmogorovSmirnov(tail, law)).toBeCloseTo(left, 12);
      expect(kolmogorovSmirnov(tail, law, 'two-sided')).toBeCloseTo(both, 12);
      expect(kolmogorovSmirnov(tail, law, 'clauset')).toBeCloseTo(discrete ? both : ordered, 12);
    }),
    { seed: 4, numRuns: 150 },
  );
});

test('scanXmin(sample, xmax) with its shortcuts finds what trying everything finds', () => {
  for (const [i, xmax] of [Infinity, 1e4, 300].entries()) {
    for (const discrete of [false, true]) {
      const law = { discrete, exponent: 1.4, xmin: 1, xmax };
      const sample = orderSample(
        powerLawValues(law, 1500, 60, i).map((x) => (discrete ? x : x * (1 + 0.3 / x))),
        discrete,
      );
      const most = xmax === Infinity ? Infinity : Math.ceil(xmax * 1.3);
      let best = { first: -1, ks: Infinity };
      const { last } = cutTail(sample, sample.position[0]!, most);
      for (let first = 0; first < last - 1; first++) {
        const tail = tailBetween(sample, first, last, sample.position[first]!, most);
        const ks = kolmogorovSmirnov(tail, { discrete, exponent: exponentOf(tail), xmin: tail.xmin, xmax: most });
        if (ks < best.ks) best = { first, ks };
      }
      const found = scanXmin(sample, most);
      expect(found.first).toBe(best.first);
    }
  }
});

test('branchingRatio(traces) finds the ratio of a branching process, with input and under subsampling too', () => {
  const stream = createStream(14);
  const m = 0.95;
  // Gaussian limit of a branching process with immigration: A(t+1) = m·A(t) + h + noise.
  let activity = 200;
  const trace = Float64Array.from({ length: 60_000 }, () => {
    activity = Math.max(0, m * activity + 10 + Math.sqrt(activity) * stream.normal());
    return activity;
  });
  expect(Math.abs(branchingRatio([trace]).multistep - m)).toBeLessThan(0.01);
  const seen = trace.map((a) => 0.1 * a + Math.sqrt(0.09 * a) * stream.normal());
  const found = branchingRatio([seen]);
  expect(Math.abs(found.multistep - m)).toBeLessThan(0.02);
  expect(found.slopes[0]).toBeLessThan(0.9);
  expect(
    branchingRatio([
      [8, 4, 2],
      [4, 2, 1],
    ]).ratio,
  ).toBeCloseTo(9 / 18, 12);
  expect(() => branchingRatio([[1]])).toThrow(/at least 2 steps/);
});
