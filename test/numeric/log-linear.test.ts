import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logLinear } from '../../src/numeric/log-linear.ts';

it('logLinear(x, y, w) has residuals y/ŷ − 1 that are 0 on average, and so times x, whatever the data', () => {
  const row = fc.record({
    x: fc.integer({ min: -400, max: 400 }).map((at) => at / 50),
    y: fc.oneof({ weight: 5, arbitrary: fc.double({ min: 1e-6, max: 1e6, noNaN: true }) }, fc.constant(0)),
    w: fc.double({ min: 0.5, max: 1e6, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 3, maxLength: 40 }), (rows) => {
      const [x, y, w] = (['x', 'y', 'w'] as const).map((name) => Float64Array.from(rows, (one) => one[name]));
      const { slope, intercept } = logLinear(x!, y!, w!);
      const total = w!.reduce((a, b) => a + b);
      const centre = rows.reduce((sum, one) => sum + (one.w / total) * one.x, 0);
      const positive = rows.filter((one) => one.y > 0).map((one) => one.x);
      const range = Math.max(...positive) - Math.min(...positive);
      if (!(Math.min(...positive) < centre - 1e-6 && Math.max(...positive) > centre + 1e-6)) return;
      const left = rows.map((one) => (one.w / total) * (one.y * Math.exp(-intercept - slope * one.x) - 1));
      expect(Math.abs(left.reduce((a, b) => a + b))).toBeLessThan(1e-6);
      expect(Math.abs(left.reduce((sum, r, i) => sum + r * (x![i]! - centre), 0))).toBeLessThan(1e-6 * (1 + range));
    }),
    { seed: 11, numRuns: 500 },
  );
});

it('logLinear(x, y, w) finds a curve that is one, of any magnitude', () => {
  const x = Float64Array.of(0, 0.5, 2, 3.5);
  for (const [level, slope] of [
    [0, 1.5],
    [-460, -2],
    [460, 0],
    [3, 40],
  ] as const) {
    const found = logLinear(
      x,
      x.map((at) => Math.exp(level + slope * at)),
      Float64Array.of(1, 1e6, 3, 2),
    );
    expect(found.slope).toBeCloseTo(slope, 9);
    expect(found.intercept).toBeCloseTo(level, 9);
  }
});

it('logLinear(x, y, w) is the maximum of the gamma likelihood −Σ w (y/ŷ + ln ŷ)', () => {
  const [x, y, w] = [
    [0, 1, 2, 3],
    [1, 5, 4, 30],
    [4, 2, 3, 1],
  ].map((values) => Float64Array.from(values));
  const { slope, intercept } = logLinear(x!, y!, w!);
  const likelihood = (a: number, b: number) =>
    -x!.reduce((sum, at, i) => sum + w![i]! * (y![i]! * Math.exp(-a - b * at) + a + b * at), 0);
  const best = likelihood(intercept, slope);
  for (const [a, b] of [
    [1e-3, 0],
    [-1e-3, 0],
    [0, 1e-3],
    [0, -1e-3],
  ] as const) {
    expect(likelihood(intercept + a, slope + b)).toBeLessThan(best);
  }
});

it('logLinear(x, y, w) is NaN where no slope brings x to its mean', () => {
  const none = { slope: Number.NaN, intercept: Number.NaN };
  const found = (x: number[], y: number[], w: number[]) =>
    logLinear(Float64Array.from(x), Float64Array.from(y), Float64Array.from(w));
  expect(found([], [], [])).toEqual(none);
  expect(found([1, 1], [2, 3], [1, 1])).toEqual(none);
  expect(found([2], [5], [1])).toEqual(none);
  expect(found([1, 2, 3], [0, 0, 6], [1, 1, 1])).toEqual(none);
});
