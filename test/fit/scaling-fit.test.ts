import { describe, expect, it, test } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { cracklingRelation, predictedGamma } from '../../src/fit/crackling-relation.ts';
import { extrapolateWidth } from '../../src/fit/infinite-width.ts';
import { jackknife } from '../../src/fit/jackknife.ts';
import { fitScaling, type ScalingOptions, type SizesByDuration } from '../../src/fit/scaling-fit.ts';
import { createStream } from '../../src/numeric/random.ts';

/** Lognormal sizes with ⟨ln S⟩ = 0.3 + γ ln D, spread 0.5, ever fewer avalanches. */
function synthetic(gamma: number, seed: number): SizesByDuration {
  const stream = createStream(seed);
  const rows = Array.from({ length: 40 }, (_, i) => {
    const duration = i + 1;
    const n = Math.max(1, Math.round(4000 / duration ** 2));
    const logs = Array.from({ length: n }, () => 0.3 + gamma * Math.log(duration) + 0.5 * stream.normal());
    const mean = logs.reduce((a, b) => a + b) / n;
    const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
    const sizes = logs.map(Math.exp);
    const size = sizes.reduce((sum, x) => sum + x, 0) / n;
    const spread = sizes.reduce((sum, x) => sum + (x - size) ** 2, 0) / (n - 1);
    return { duration, n, mean, variance, size, spread };
  });
  return {
    duration: Float64Array.from(rows, (row) => row.duration),
    count: Float64Array.from(rows, (row) => row.n),
    logCount: Float64Array.from(rows, (row) => row.n),
    meanSize: Float64Array.from(rows, (row) => row.size),
    varSize: Float64Array.from(rows, (row) => row.spread),
    meanLogSize: Float64Array.from(rows, (row) => row.mean),
    varLogSize: Float64Array.from(rows, (row) => row.variance),
  };
}

describe('fitScaling(sizes, range)', () => {
  test('has errors that hold the true γ: pulls of 300 samples have variance near 1', () => {
    // Estimated variances in the weights widen the pulls a little; χ² of 300 pulls stays within 250 … 450 (false alarm < 1e-3).
    const kinds: ScalingOptions[] = [{ of: 'ln-mean' }, { of: 'mean-ln' }];
    for (const kind of kinds) {
      let squares = 0;
      for (let seed = 0; seed < 300; seed++) {
        const { gamma, standardError } = fitScaling(synthetic(1.6, seed), { ...kind, most: 12 });
        squares += ((gamma - 1.6) / standardError) ** 2;
      }
      expect(squares).toBeGreaterThan(225);
      expect(squares).toBeLessThan(450);
    }
  });

  test('takes durations of one avalanche as they are, but for weights log, and says when too few are left', () => {
    const sizes = synthetic(2, 1);
    const alone = { ...sizes, count: sizes.count.slice(), logCount: sizes.logCount.slice() };
    for (const count of [alone.count, alone.logCount]) count[30] = 1;
    const moved = { ...alone, meanSize: alone.meanSize.slice() };
    moved.meanSize[30]! *= 2;
    const gamma = (of: SizesByDuration, weights: 'own' | 'log') => fitScaling(of, { weights }).gamma;
    expect(gamma(moved, 'own')).toBeGreaterThan(gamma(alone, 'own'));
    expect(gamma(moved, 'log')).toBe(gamma(alone, 'log'));
    for (const options of [{ least: 39, most: 39 }, { least: 39, most: 39, weights: 'log' } as const]) {
      expect(() => fitScaling(sizes, options)).toThrow(ParameterError);
      expect(() => fitScaling(sizes, options)).toThrow(/at least 2 durations from 39 to 39/);
    }
    const each = { ...sizes, count: sizes.count.map(() => 1), varSize: sizes.varSize.map(() => Number.NaN) };
    expect(Math.abs(fitScaling(each).gamma - 2)).toBeLessThan(0.2);
    const exact = { ...sizes, meanSize: sizes.duration.map((d) => 3 * d ** 1.7), varSize: sizes.varSize.map(() => 0) };
    expect(() => fitScaling(exact)).toThrow(/sizes that vary about a power of the duration/);
  });

  test('is the same for durations as for groups of equal ones', () => {
    const { duration, count, meanSize, varSize, ...logs } = synthetic(1.7, 4);
    const n = count[0]! / 2;
    // The first duration in two halves whose means and variances come to those of all.
    const first = (whole: Float64Array, ...halves: number[]) => Float64Array.of(...halves, ...whole.subarray(1));
    const apart = 0.1 * meanSize[0]!;
    const own = ((2 * n - 1) * varSize[0]! - 2 * n * apart ** 2) / (2 * (n - 1));
    const split = {
      duration: first(duration, 1, 1),
      count: first(count, n, n),
      meanSize: first(meanSize, meanSize[0]! - apart, meanSize[0]! + apart),
      varSize: first(varSize, own, own),
      logCount: first(logs.logCount, n, n),
      meanLogSize: first(logs.meanLogSize, 0, 0),
      varLogSize: first(logs.varLogSize, 1, 1),
    };
    const whole = fitScaling({ duration, count, meanSize, varSize, ...logs });
    const halves = fitScaling(split);
    expect(halves.gamma).toBeCloseTo(whole.gamma, 12);
    expect(halves.standardError).toBeCloseTo(whole.standardError, 12);
    expect(halves.points).toBe(whole.points + 1);
  });

  test('widens the scaled error where the law is not one', () => {
    const bent = synthetic(1.5, 2);
    bent.duration.forEach((d, i) => {
      bent.meanSize[i]! *= Math.exp(0.3 * Math.log(d) ** 2);
    });
    const fit = fitScaling(bent, { most: 30 });
    expect(fit.scaledError).toBeGreaterThan(2 * fit.standardError);
  });

  test('fits ln⟨S⟩ by default, which a single tiny excess moves little and ⟨ln S⟩ much', () => {
    const sizes = synthetic(1.5, 3);
    const tiny = { ...sizes, meanSize: sizes.meanSize.slice(), meanLogSize: sizes.meanLogSize.slice() };
    // One of the avalanches of duration 20 is 10^-12 of the others.
    tiny.meanSize[19]! *= 1 - 1 / sizes.count[19]!;
    tiny.meanLogSize[19]! += Math.log(1e-12) / sizes.count[19]!;
    const moved = (of: 'ln-mean' | 'mean-ln') =>
      Math.abs(fitScaling(tiny, { of, least: 10 }).gamma - fitScaling(sizes, { of, least: 10 }).gamma);
    expect(moved('ln-mean')).toBeLessThan(0.1);
    expect(moved('mean-ln')).toBeGreaterThan(5 * moved('ln-mean'));
  });

  test('weighs avalanches alike, or durations by n/var ln S where asked; sizes ≤ 0 count in ⟨S⟩ alone', () => {
    const three = (rows: readonly (readonly number[])[]): SizesByDuration => {
      const column = (i: number) => Float64Array.from(rows, (row) => row[i]!);
      const [duration, count, logCount, meanSize, varSize] = [0, 1, 2, 3, 4].map(column);
      const sizes = { duration, count, logCount, meanSize, varSize, meanLogSize: column(5), varLogSize: column(6) };
      return sizes as SizesByDuration;
    };
    // duration, count, logCount, ⟨S⟩, var S, ⟨ln S⟩, var ln S
    const sizes = three([
      [1, 400, 400, 1, 0.5, -0.2, 0.4],
      [2, 300, 200, 3, 2, 0.8, 0.9],
      [4, 100, 100, 5, 9, 1.4, 0.3],
    ]);
    const slope = (y: readonly number[], w: readonly number[]): number => {
      const total = w.reduce((a, b) => a + b);
      const middle = w.reduce((sum, wi, i) => sum + (wi * i) / total, 0);
      const level = w.reduce((sum, wi, i) => sum + (wi * y[i]!) / total, 0);
      const across = w.reduce((sum, wi, i) => sum + wi * (i - middle) * (y[i]! - level), 0);
      return across / w.reduce((sum, wi, i) => sum + wi * (i - middle) ** 2, 0) / Math.LN2;
    };
    const logMeans = [0, Math.log(3), Math.log(5)];
    const logs = [400 / 0.4, 300 / 0.9, 100 / 0.3];
    const { gamma } = fitScaling(sizes);
    // S/D^γ doesn't go with ln D: its mean times ln D is the product of the means.
    const scaled = [1, 3 / 2 ** gamma, 5 / 4 ** gamma];
    const over = (values: readonly number[]) => (400 * values[0]! + 300 * values[1]! + 100 * values[2]!) / 800;
    expect(over(scaled.map((value, i) => value * i))).toBeCloseTo(over(scaled) * over([0, 1, 2]), 12);
    expect(fitScaling(sizes, { weights: 'log' }).gamma).toBeCloseTo(slope(logMeans, logs), 12);
    expect(fitScaling(sizes, { of: 'mean-ln' }).gamma).toBeCloseTo(slope([-0.2, 0.8, 1.4], [400, 200, 100]), 12);
    expect(fitScaling(sizes, { of: 'mean-ln', weights: 'log' }).gamma).toBeCloseTo(
      slope([-0.2, 0.8, 1.4], [400 / 0.4, 200 / 0.9, 100 / 0.3]),
      12,
    );
  });
});

test('predictedGamma(τ, α) is 2 for mean-field exponents', () => expect(predictedGamma(1.5, 2)).toBe(2));

test('cracklingRelation(τ, α, γ, covariance) has the errors of a Monte Carlo', () => {
  const stream = createStream(9);
  const covariance = [
    [1e-4, 6e-5, 1e-5],
    [6e-5, 2e-4, 2e-5],
    [1e-5, 2e-5, 9e-5],
  ];
  const relation = cracklingRelation(
    { estimate: 1.4, standardError: 0.01 },
    { estimate: 1.7, standardError: Math.sqrt(2e-4) },
    { estimate: 1.8, standardError: Math.sqrt(9e-5) },
    covariance,
  );
  // Cholesky factor of the covariance by hand.
  const l11 = 0.01;
  const l21 = 6e-5 / l11;
  const l31 = 1e-5 / l11;
  const l22 = Math.sqrt(2e-4 - l21 * l21);
  const l32 = (2e-5 - l31 * l21) / l22;
  const l33 = Math.sqrt(9e-5 - l31 * l31 - l32 * l32);
  const draws = Array.from({ length: 20_000 }, () => {
    const [a, b, c] = [stream.normal(), stream.normal(), stream.normal()];
    const tau = 1.4 + l11 * a;
    const alpha = 1.7 + l21 * a + l22 * b;
    return 1.8 + l31 * a + l32 * b + l33 * c - (alpha - 1) / (tau - 1);
  });
  const mean = draws.reduce((x, y) => x + y) / draws.length;
  const deviation = Math.sqrt(draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length);
  expect(relation.predicted.estimate).toBeCloseTo(1.75, 12);
  expect(relation.mismatch.estimate).toBeCloseTo(0.05, 12);
  expect(Math.abs(relation.mismatch.standardError / deviation - 1)).toBeLessThan(0.03);
  expect(relation.deviationFromCriticality).toBeCloseTo(0.05, 12);
});

test('jackknife(all, leaveOneOut, estimate) of a mean is its textbook error, with covariances', () => {
  const stream = createStream(12);
  const blocks = Array.from({ length: 24 }, () => ({ x: stream.normal(), y: stream.normal() }));
  const without = blocks.map((_, i) => blocks.filter((_, j) => j !== i));
  const mean = (rows: typeof blocks) => ({
    x: rows.reduce((sum, row) => sum + row.x, 0) / rows.length,
    y: rows.reduce((sum, row) => sum + row.y, 0) / rows.length,
  });
  const result = jackknife(blocks, without, mean);
  const { x, y } = mean(blocks);
  const product = (f: (row: { x: number; y: number }) => number): number =>
    blocks.reduce((sum, row) => sum + f(row), 0) / (24 * 23);
  expect(result.estimate).toEqual({ x, y });
  expect(result.standardError.x).toBeCloseTo(Math.sqrt(product((row) => (row.x - x) ** 2)), 13);
  expect(result.covariance[0]![1]).toBeCloseTo(
    product((row) => (row.x - x) * (row.y - y)),
    13,
  );
  expect(jackknife(blocks, [], mean).standardError.x).toBeNaN();
});

test('extrapolateWidth(N, exponents, errors) carries a line in 1/N to its intercept', () => {
  const widths = [100, 200, 400, 500];
  const result = extrapolateWidth(
    widths,
    widths.map((n) => 1.33 + 4 / n),
    [0.01, 0.01, 0.02, 0.02],
  );
  expect(result.limit).toBeCloseTo(1.33, 12);
  expect(result.slope).toBeCloseTo(4, 10);
  expect(result.standardError).toBeGreaterThan(0.01);
  expect(() => extrapolateWidth([100, 100], [1, 2], [1, 1])).toThrow(/at least 2 widths with errors, got 1/);
});

describe("extrapolateWidth(N, exponents, errors, 'root')", () => {
  const widths = [100, 200, 400, 800, 1600];
  const errors = widths.map(() => 1e-3);

  it('finds the coefficients of 1/√N and 1/N, where a line is far off and says so by its χ²', () => {
    const exponents = widths.map((n) => 1 + 2 / Math.sqrt(n) - 5 / n);
    const root = extrapolateWidth(widths, exponents, errors, 'root');
    expect(root.limit).toBeCloseTo(1, 10);
    expect(root.root).toBeCloseTo(2, 8);
    expect(root.slope).toBeCloseTo(-5, 7);
    expect(root.chiSquare).toBeLessThan(1e-12);
    expect(root.degreesOfFreedom).toBe(2);
    const line = extrapolateWidth(widths, exponents, errors);
    expect(line.root).toBeNaN();
    expect(line.limit).toBeGreaterThan(1.03);
    expect(line.chiSquare / line.degreesOfFreedom).toBeGreaterThan(100);
  });

  it('has errors that the scatter of repeated fits has (2000 fits: within 10 %, six standard errors)', () => {
    const stream = createStream(3, 17);
    const truth = widths.map((n) => 1.4 + 1 / Math.sqrt(n));
    const uneven = widths.map((n) => 0.02 / Math.sqrt(n / 100));
    const fits = Array.from({ length: 2000 }, () =>
      extrapolateWidth(
        widths,
        truth.map((y, i) => y + uneven[i]! * stream.normal()),
        uneven,
        'root',
      ),
    );
    for (const [name, error, expected] of [
      ['limit', 'standardError', 1.4],
      ['root', 'rootError', 1],
      ['slope', 'slopeError', 0],
    ] as const) {
      const values = fits.map((fit) => fit[name]);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
      expect(Math.abs(sd / fits[0]![error] - 1)).toBeLessThan(0.1);
      expect(Math.abs(mean - expected)).toBeLessThan((5 * sd) / Math.sqrt(2000));
    }
    const reduced = fits.reduce((sum, fit) => sum + fit.chiSquare / 2, 0) / 2000;
    expect(Math.abs(reduced - 1)).toBeLessThan(0.12);
  });

  it('needs four widths', () => {
    const three = [widths, widths, errors].map((values) => values.slice(0, 3)) as [number[], number[], number[]];
    expect(() => extrapolateWidth(...three, 'root')).toThrow(
      /powers of 1\/√N needs at least 4 widths with errors, got 3/,
    );
  });
});
