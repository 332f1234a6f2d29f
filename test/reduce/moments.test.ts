import { describe, expect, it } from 'vitest';
import { moments } from '../../src/reduce/moments.ts';
import { avalancheBatch } from './batches.ts';
import { uniform } from './uniform.ts';

const reducer = moments('size');
const step = (sizes: readonly number[]) =>
  reducer.step(
    reducer.init(),
    avalancheBatch(sizes.map((size) => ({ duration: 1, size, censored: false, profile: [1] }))),
  );

describe('moments(column)', () => {
  it('equals the two-pass formulas far from zero, merged or not', () => {
    const random = uniform(1);
    const values = Array.from({ length: 3000 }, () => 1e6 - Math.log(random()));
    const mean = values.reduce((a, b) => a + b) / 3000;
    const central = (k: number) => values.reduce((sum, x) => sum + (x - mean) ** k, 0) / 3000;
    const merged = reducer.merge(step(values.slice(0, 700)), step(values.slice(700)));
    for (const result of [reducer.finish(step(values)), reducer.finish(merged)]) {
      expect(result.mean).toBeCloseTo(mean, 8);
      expect(result.variance).toBeCloseTo((central(2) * 3000) / 2999, 8);
      expect(result.skewness).toBeCloseTo(central(3) / central(2) ** 1.5, 6);
      expect(result.excessKurtosis).toBeCloseTo(central(4) / central(2) ** 2 - 3, 6);
      expect([result.minimum, result.maximum]).toEqual([Math.min(...values), Math.max(...values)]);
    }
  });

  it('counts non-finite values on their own and has no mean of nothing', () => {
    expect(reducer.finish(step([1, Number.NaN, Infinity, 3]))).toMatchObject({
      count: 2,
      mean: 2,
      variance: 2,
      nonFinite: 2,
    });
    expect(reducer.finish(reducer.init())).toMatchObject({ count: 0, mean: Number.NaN, minimum: Number.NaN });
    expect(() => moments('perturbation').step(reducer.init(), avalancheBatch([]))).toThrow(
      "column 'perturbation' is int64",
    );
  });
});
