import { describe, expect, it } from 'vitest';
import { addFine, fineBins, lowerEdge, reach } from '../../src/reduce/fine-bins.ts';
import { histogram } from '../../src/reduce/histogram.ts';
import { valueHistogram } from '../../src/reduce/value-histogram.ts';
import { avalancheBatch, grid } from './batches.ts';
import { uniform } from './uniform.ts';

const rows = (durations: readonly number[], sizes: readonly number[] = durations, censored = false) =>
  avalancheBatch(
    durations.map((duration, i) => ({ duration, size: sizes[i]!, censored, profile: Array(grid).fill(1) })),
  );
const of = (name: string, discrete: boolean, values: readonly number[]) => {
  const reducer = valueHistogram(name, { discrete });
  return reducer.finish(
    reducer.step(
      reducer.init(),
      name === 'size'
        ? rows(
            values.map(() => 1),
            values,
          )
        : rows(values),
    ),
  );
};

describe('valueHistogram(column, { discrete: false })', () => {
  const random = uniform(1);
  const values = Array.from({ length: 5000 }, () => Math.exp(60 * random() - 20));
  const { sample, n } = of('size', false, values);

  it('has sorted, disjoint groups no wider than 2^-8 of their lower edge, each with its count and Σ ln x', () => {
    expect(n).toBe(values.length);
    for (let g = 0; g < sample.lower.length; g++) {
      const [lower, upper] = [sample.lower[g]!, sample.upper[g]!];
      expect(upper / lower - 1).toBeLessThanOrEqual(2 ** -8);
      if (g > 0) expect(lower).toBeGreaterThanOrEqual(sample.upper[g - 1]!);
    }
    for (let g = 0; g < sample.lower.length; g += 50) {
      const inside = values.filter((x) => x >= sample.lower[g]! && x < sample.upper[g]!);
      expect(sample.count[g]).toBe(inside.length);
      expect(sample.sumLog[g]).toBeCloseTo(
        inside.reduce((sum, x) => sum + Math.log(x), 0),
        11,
      );
    }
  });

  it('keeps Σ ln x to full precision', () => {
    const exact = values.reduce((sum, x) => sum + Math.log(x), 0);
    const kept = sample.sumLog.reduce((sum, x) => sum + x, 0);
    expect(Math.abs(kept - exact)).toBeLessThan(1e-9);
  });

  it('takes any positive double, up to the edges of its bins', () => {
    for (const x of [2 ** -1022, 1e-300, 1, 1 - 2 ** -53, 2, 257, Number.MAX_VALUE]) {
      const { sample: one } = of('size', false, [x]);
      expect(one.lower[0]).toBeLessThanOrEqual(x);
      expect(one.upper[0]).toBeGreaterThan(x);
      expect(Math.abs(one.sumLog[0]! - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(Math.log(x))));
    }
  });

  it('counts what is not finite and what has no logarithm on their own', () => {
    const result = of('size', false, [1, Number.NaN, Infinity, -Infinity, 0, -2, 5e-324]);
    expect(result).toMatchObject({ n: 1, nonFinite: 3, nonPositive: 3 });
  });
});

describe('valueHistogram(column, { discrete: true })', () => {
  it('is exact below 8192 and has integer edges beyond, up to the largest int32', () => {
    const values = [1, 1, 7, 8191, 8192, 8193, 8223, 8224, 1_000_000, 2 ** 31 - 1];
    const { sample } = of('duration', true, values);
    expect([...sample.lower.subarray(0, 5)]).toEqual([1, 7, 8191, 8192, 8224]);
    expect([...sample.upper.subarray(0, 5)]).toEqual([2, 8, 8192, 8224, 8256]);
    expect([...sample.count.subarray(0, 5)]).toEqual([2, 1, 1, 3, 1]);
    for (let g = 0; g < sample.lower.length; g++) {
      expect(sample.lower[g]! % 1).toBe(0);
      if (sample.lower[g]! >= 8192)
        expect((sample.upper[g]! - sample.lower[g]!) / sample.lower[g]!).toBeLessThanOrEqual(2 ** -8);
    }
    const exact = values.reduce((sum, x) => sum + Math.log(x), 0);
    expect(sample.sumLog.reduce((sum, x) => sum + x, 0)).toBeCloseTo(exact, 11);
  });

  it('says which column was not discrete after all', () => {
    expect(() => of('size', true, [1, 2.5])).toThrow("column 'size' was said to be discrete but holds 2.5");
    expect(() => of('size', true, [9000.5])).toThrow('holds 9000.5');
  });

  it('does not grow with the number of avalanches or the depth', () => {
    const reducer = histogram();
    let state = reducer.init();
    const random = uniform(2);
    const bytes = () =>
      JSON.stringify(state, (_, v) => (ArrayBuffer.isView(v) ? v.byteLength : v))
        .match(/\d+/g)!
        .map(Number);
    let largest = 0;
    for (let batch = 0; batch < 30; batch++) {
      const durations = Array.from({ length: 10_000 }, () => Math.ceil(10 ** (6 * random())));
      state = reducer.step(
        state,
        rows(
          durations,
          durations.map((d) => d ** 1.5 * (0.5 + random())),
        ),
      );
      largest = Math.max(largest, ...bytes());
    }
    expect(reducer.finish(state).n).toBe(300_000);
    // Octaves from 1 to 10^9: 31, of 256 bins of two doubles.
    const { duration, size } = state;
    for (const { exact, fine } of [duration, size]) {
      expect(exact.byteLength).toBeLessThanOrEqual(8 * 8192);
      expect(fine.count.byteLength + fine.residual.byteLength).toBeLessThanOrEqual(32 * 256 * 16);
    }
  });
});

describe('histogram()', () => {
  it('leaves censored avalanches out unless told to count them', () => {
    const mixed = avalancheBatch(
      [1, 2, 3].map((duration) => ({
        duration,
        size: duration,
        censored: duration === 2,
        profile: Array(grid).fill(1),
      })),
    );
    const count = (options: Parameters<typeof histogram>[0]) => {
      const reducer = histogram(options);
      return reducer.finish(reducer.step(reducer.init(), mixed)).n;
    };
    expect(count({})).toBe(2);
    expect(count({ censored: 'count' })).toBe(3);
  });
});

describe('addFine(bins)', () => {
  it('puts every edge into the bin that it opens', () => {
    const words = (x: number): [number, number] => {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, x);
      return [view.getInt32(0), view.getInt32(4)];
    };
    for (let bin = 256; bin < 2047 * 256; bin += 997) {
      const bins = fineBins();
      reach(bins, bin, bin);
      addFine(bins, ...words(lowerEdge(bin)));
      expect(bins.count[bin - bins.first]).toBe(1);
      expect(bins.residual[bin - bins.first]).toBe(0);
    }
  });
});
