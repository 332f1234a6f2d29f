import { describe, expect, it } from 'vitest';
import { adaptiveBins } from '../../src/fit/adaptive-bins.ts';
import { type BinnedSample, fitBinned } from '../../src/fit/binned.ts';
import { fitPowerLaw } from '../../src/fit/fit-power-law.ts';
import { quantile } from '../../src/fit/power-law.ts';
import { createStream } from '../../src/numeric/random.ts';

function drawn(discrete: boolean, exponent: number, xmax: number, n: number, seed: number): Float64Array {
  const stream = createStream(seed);
  const law = quantile({ discrete, exponent, xmin: 2, xmax });
  return Float64Array.from({ length: n }, () => law(stream.uniform()));
}

function binned(values: Float64Array, discrete: boolean, least = 100): BinnedSample {
  const { lower, upper, count } = adaptiveBins(values, least, discrete);
  return { discrete, edges: [...lower, upper.at(-1)!], counts: count };
}

describe('fitBinned', () => {
  // Three standard errors of a known exponent, four laws: a false alarm in about 1 % of seeds, and the seed is fixed.
  it.each([
    [false, 1.5, 2000],
    [false, 0.7, 500],
    [true, 1.6, 1000],
    [true, 2.3, 400],
  ])('finds the exponent of a law (integers: %s) with exponent %d up to %d', (discrete, exponent, xmax) => {
    const fit = fitBinned(binned(drawn(discrete, exponent, xmax, 20_000, 3), discrete));
    expect(Math.abs(fit.exponent - exponent) / fit.standardError).toBeLessThan(3);
    expect(fit.ks).toBeLessThan(1.95 / Math.sqrt(fit.n));
  });

  it.each([false, true])(
    'agrees with the fit to the values themselves on the same window (integers: %s)',
    (discrete) => {
      const values = drawn(discrete, 1.5, 5000, 20_000, 7);
      const sample = binned(values, discrete, 60);
      const [first, last] = [3, sample.counts.length - 4];
      const fit = fitBinned(sample, first, last);
      const end = sample.edges[last]!;
      const [xmin, xmax] = [sample.edges[first]!, discrete ? end - 1 : end * (1 - 1e-12)];
      const exact = fitPowerLaw(values, { discrete, xmin, xmax, alternatives: false });
      expect(fit.n).toBe(exact.n_tail);
      expect(Math.abs(fit.exponent - exact.exponent)).toBeLessThan(0.2 * exact.standard_error);
      expect(fit.standardError / exact.standard_error).toBeCloseTo(1, 1);
      expect(fit.ks).toBeLessThanOrEqual(exact.ks + 1e-3);
    },
  );

  it('goes on beyond the last bin where the window is open', () => {
    const values = drawn(true, 2.5, Infinity, 20_000, 9);
    const sample = binned(values, true);
    const open = fitBinned(sample, 0, sample.counts.length, true);
    const exact = fitPowerLaw(values, { discrete: true, xmin: 2, alternatives: false });
    expect(Math.abs(open.exponent - exact.exponent)).toBeLessThan(0.3 * exact.standard_error);
    expect(open.xmax).toBe(Infinity);
  });

  it('refuses a window with one occupied bin', () => {
    expect(() => fitBinned({ discrete: false, edges: [1, 2, 3], counts: [5, 0] })).toThrow(
      /two that hold values, got 1/,
    );
  });
});
