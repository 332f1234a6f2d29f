import { describe, expect, it } from 'vitest';
import { Fourier } from '../../src/numeric/fourier.ts';
import { createStream } from '../../src/numeric/random.ts';
import { seriesKinds, seriesSurrogate } from '../../src/surrogate/series.ts';

/** exp of an AR(1) process of coefficient 0.9: correlated and skewed. */
function skewed(n: number): Float64Array {
  const stream = createStream(21);
  let x = stream.normal();
  return Float64Array.from({ length: n }, () => {
    x = 0.9 * x + Math.sqrt(1 - 0.81) * stream.normal();
    return 3 + Math.exp(0.5 * x);
  });
}

const mean = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Autocorrelation on the circle. */
function correlation(values: Float64Array, lag: number): number {
  const level = mean(values);
  let [product, square] = [0, 0];
  values.forEach((x, i) => {
    product += (x - level) * (values[(i + lag) % values.length]! - level);
    square += (x - level) ** 2;
  });
  return product / square;
}

function skewness(values: Float64Array): number {
  const level = mean(values);
  const [second, third] = [2, 3].map((q) => values.reduce((sum, x) => sum + (x - level) ** q, 0) / values.length);
  return third! / second! ** 1.5;
}

function spectrum(values: Float64Array): Float64Array {
  const re = values.slice();
  const im = new Float64Array(values.length);
  new Fourier(values.length).forward(re, im);
  return re.map((x, k) => Math.hypot(x, im[k]!));
}

const series = skewed(8192);

describe('seriesSurrogate', () => {
  it('phase: has exactly the spectrum, and with it the autocorrelation', () => {
    const made = seriesSurrogate('phase', series, 1, 0);
    const [was, is] = [spectrum(series), spectrum(made)];
    const worst = was.reduce((most, amplitude, k) => Math.max(most, Math.abs(amplitude - is[k]!)), 0);
    expect(worst / was[0]!).toBeLessThan(1e-9);
    for (const lag of [1, 5, 20]) expect(correlation(made, lag)).toBeCloseTo(correlation(series, lag), 8);
    expect(Math.abs(skewness(made))).toBeLessThan(skewness(series) / 3);
  });

  it('iaaft: has exactly the values, and nearly the autocorrelation', () => {
    const made = seriesSurrogate('iaaft', series, 1, 0);
    expect(made.slice().sort()).toEqual(series.slice().sort());
    expect(made).not.toEqual(series);
    for (const lag of [1, 5, 20])
      expect(Math.abs(correlation(made, lag) - correlation(series, lag))).toBeLessThan(0.01);
  });

  // Autocorrelations scatter by about √(20/n) ≈ 0.05: bounds of four errors, 3 of them, false alarm 1 in 5000 (seeded).
  it('gaussian: has the autocovariance on average and is Gaussian', () => {
    const made = seriesSurrogate('gaussian', series, 1, 0);
    expect(mean(made)).toBeCloseTo(mean(series), 9);
    for (const lag of [1, 5, 20]) expect(Math.abs(correlation(made, lag) - correlation(series, lag))).toBeLessThan(0.2);
    expect(skewness(series)).toBeGreaterThan(1.2);
    expect(Math.abs(skewness(made))).toBeLessThan(0.3);
    expect(spectrum(made)[7]).not.toBeCloseTo(spectrum(series)[7]!, 3);
  });

  // Within 4.5/√n of 0: false alarm 1 in 50,000 (seeded).
  it('shuffle: has the values and no correlation', () => {
    const made = seriesSurrogate('shuffle', series, 1, 0);
    expect(made.slice().sort()).toEqual(series.slice().sort());
    for (const lag of [1, 5, 20]) expect(Math.abs(correlation(made, lag))).toBeLessThan(4.5 / Math.sqrt(8192));
  });

  it('leaves gaps where they are, makes what is between them each for itself, and draws by seed and key', () => {
    for (const kind of seriesKinds) {
      const gapped = series.slice(0, 40);
      gapped[10] = Number.NaN;
      gapped[30] = Infinity;
      const made = seriesSurrogate(kind, gapped, 1, 0);
      expect([...made.keys()].filter((i) => !Number.isFinite(made[i]!))).toEqual([10, 30]);
      for (const [from, end] of [
        [0, 10],
        [11, 30],
      ] as const) {
        expect(mean(made.subarray(from, end))).toBeCloseTo(mean(gapped.subarray(from, end)), 9);
      }
      expect(seriesSurrogate(kind, gapped, 1, 0)).toEqual(made);
      expect(seriesSurrogate(kind, gapped, 2, 0)).not.toEqual(made);
      expect(seriesSurrogate(kind, gapped, 1, 1)).not.toEqual(made);
    }
  });
});
