import { describe, expect, it } from 'vitest';
import { avalancheBatch as profiledBatch } from '../../src/avalanche/avalanches.ts';
import { createDetector } from '../../src/avalanche/detector.ts';
import { collapse } from '../../src/reduce/collapse.ts';
import { avalancheBatch } from './batches.ts';
import { uniform } from './uniform.ts';

describe('collapse({ grid })', () => {
  const reducer = collapse({ grid: 2 });
  const reduce = (rows: readonly (readonly [duration: number, profile: number[]])[]) =>
    reducer.finish(
      reducer.step(
        reducer.init(),
        avalancheBatch(rows.map(([duration, profile]) => ({ duration, size: 1, censored: false, profile }))),
      ),
    );

  it('refuses profiles of the other size', () => {
    const found = createDetector({ threshold: 1, depth: 4, profile: { points: 2, of: 'signal' } });
    const rows = { length: 2, perturbation: new BigInt64Array(2), layer: Int32Array.of(1, 2) };
    const avalanches = found.step({ ...rows, strength: Float32Array.of(2, 0) });
    const batch = profiledBatch(avalanches, { index: 0, reuse: 1 }, { points: 2, of: 'signal' });
    expect(() => reducer.step(reducer.init(), batch)).toThrow(
      'expects profiles of the excess, got profiles of the signal',
    );
    const signal = collapse({ grid: 2, size: 'signal' });
    expect([...signal.finish(signal.step(signal.init(), batch)).strength]).toEqual([2, 2]);
  });

  it('gives the mean profile by duration, ascending', () => {
    const result = reduce([
      [5, [1, 2]],
      [3, [8, 9]],
      [5, [3, 6]],
      [5, [Number.NaN, 1]],
    ]);
    expect([...result.x]).toEqual([0.5, 1]);
    expect([...result.duration]).toEqual([3, 5]);
    expect([...result.count]).toEqual([1, 2]);
    expect([...result.strength]).toEqual([8, 9, 2, 4]);
    expect(result.nonFinite).toBe(1);
  });

  it('groups durations from 1024 on under their geometric mean', () => {
    const result = reduce([
      [1024, [1, 1]],
      [1050, [3, 3]],
    ]);
    expect([...result.lower, ...result.upper]).toEqual([1024, 1056]);
    expect(result.duration[0]).toBeCloseTo(Math.sqrt(1024 * 1050), 9);
    expect([...result.strength]).toEqual([2, 2]);
  });

  it('keeps its state below 0.75 MB at G = 50 for any duration', () => {
    const big = collapse({ grid: 50 });
    const random = uniform(1);
    let state = big.init();
    for (let i = 0; i < 5; i++) {
      const rows = Array.from({ length: 4000 }, () => ({
        duration: Math.ceil(10 ** (9.3 * random())),
        size: 1,
        censored: false,
        profile: Array.from({ length: 50 }, random),
      }));
      state = big.step(state, avalancheBatch(rows));
    }
    const bytes = Object.values(state).reduce((sum, v) => sum + (typeof v === 'number' ? 8 : v.byteLength), 0);
    expect(bytes).toBeLessThan(750_000);
  });

  it('says what it needs where there are no profiles, or of another grid', () => {
    const batch = avalancheBatch([{ duration: 1, size: 1, censored: false, profile: [1, 2, 3] }]);
    expect(() => reducer.step(reducer.init(), batch)).toThrow('expects profiles of 2 points, got 3');
    const bare = batch.select(['duration', 'size']);
    expect(() => reducer.step(reducer.init(), bare)).toThrow("needs avalanches with a column 'profile'");
    expect(() => collapse({ grid: 0 })).toThrow('grid must be a positive integer, got 0');
  });
});
