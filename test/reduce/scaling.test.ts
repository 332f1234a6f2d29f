import { describe, expect, it } from 'vitest';
import { durationGroup, durationGroups, groupStart } from '../../src/reduce/duration-group.ts';
import { scaling } from '../../src/reduce/scaling.ts';
import type { SizeOptions } from '../../src/reduce/size-option.ts';
import { avalancheBatch, grid } from './batches.ts';
import { uniform } from './uniform.ts';

const batchOf = (rows: readonly (readonly [duration: number, size: number])[]) =>
  avalancheBatch(rows.map(([duration, size]) => ({ duration, size, censored: false, profile: Array(grid).fill(1) })));
const reducer = scaling();
const reduce = (rows: readonly (readonly [number, number])[]) =>
  reducer.finish(reducer.step(reducer.init(), batchOf(rows)));

describe('durationGroup(duration)', () => {
  it('is the duration below 1024, then a group of relative width 2^-6 to 2^-5 with integer edges', () => {
    expect(durationGroup(2 ** 31 - 1)).toBe(durationGroups - 1);
    for (let group = 1; group < durationGroups; group++) {
      const start = groupStart(group);
      expect(durationGroup(start)).toBe(group);
      expect(durationGroup(Math.min(groupStart(group + 1), 2 ** 31) - 1)).toBe(group);
      if (group >= 1024) expect(groupStart(group + 1) / start - 1).toBeLessThanOrEqual(2 ** -5);
    }
  });
});

describe('scaling()', () => {
  it('gives means and variances of size and its logarithm by duration', () => {
    const result = reduce([
      [2, 5],
      [1, 3],
      [2, 7],
      [2, 6],
      [1, 0],
      [1, Number.NaN],
      [1, Infinity],
    ]);
    expect([...result.duration]).toEqual([1, 2]);
    // The size of 0 counts in the mean, not in that of the logarithm.
    expect([...result.count]).toEqual([2, 3]);
    expect([...result.logCount]).toEqual([1, 3]);
    expect([...result.meanSize]).toEqual([1.5, 6]);
    expect([...result.varSize]).toEqual([4.5, 1]);
    expect(result.meanLogSize[0]).toBeCloseTo(Math.log(3), 14);
    const logs = [5, 7, 6].map(Math.log);
    const mean = logs.reduce((a, b) => a + b) / 3;
    expect(result.meanLogSize[1]).toBeCloseTo(mean, 14);
    expect(result.varLogSize[1]).toBeCloseTo(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 2, 14);
    expect(result.varLogSize[0]).toBeNaN();
    expect([result.nonFinite, result.nonPositive]).toEqual([2, 1]);
  });

  it('groups durations from 1024 on and keeps their mean and mean logarithm', () => {
    const result = reduce([
      [1024, 1],
      [1055, 1],
      [1056, 1],
      [1_000_000, 1],
    ]);
    expect([...result.lower]).toEqual([1024, 1056, 999_424]);
    expect([...result.upper]).toEqual([1056, 1088, 1_015_808]);
    expect(result.duration[0]).toBe(1039.5);
    expect(result.logDuration[0]).toBeCloseTo((Math.log(1024) + Math.log(1055)) / 2, 14);
    expect([...result.count]).toEqual([2, 1, 1]);
  });

  it('loses nothing to cancellation: ln S spread by 1e-7 about 600', () => {
    const random = uniform(4);
    const state = [0, 1, 2].map(() => {
      const rows = Array.from({ length: 4000 }, () => [3, 1e260 * (1 + 1e-7 * random())] as const);
      return reducer.step(reducer.init(), batchOf(rows));
    });
    const { varLogSize, count } = reducer.finish(state.reduce((a, b) => reducer.merge(a, b)));
    expect(count[0]).toBe(12_000);
    // Variance of a uniform spread w: w²/12; 12 000 draws give it to 1 % (one sigma 0.8 %), ln S at 600 is rounded at 1e-13.
    expect(varLogSize[0]! / (1e-14 / 12)).toBeGreaterThan(0.96);
    expect(varLogSize[0]! / (1e-14 / 12)).toBeLessThan(1.04);
  });

  it('takes the excess by default, the signal where asked', () => {
    const row = { duration: 2, size: 3, signalSize: 8, censored: false, profile: Array(grid).fill(1) };
    const sizeOf = (options: SizeOptions) => {
      const one = scaling(options);
      return one.finish(one.step(one.init(), avalancheBatch([row]))).meanSize[0];
    };
    expect([sizeOf({}), sizeOf({ size: 'excess' }), sizeOf({ size: 'signal' })]).toEqual([3, 3, 8]);
  });

  it('keeps its state below 140 kB for any duration, sizes ≤ 0 included', () => {
    const random = uniform(5);
    let state = reducer.init();
    for (let i = 0; i < 10; i++) {
      const rows = Array.from({ length: 5000 }, () => [Math.ceil(10 ** (9.3 * random())), random() - 0.1] as const);
      state = reducer.step(state, batchOf(rows));
    }
    const bytes = Object.values(state).reduce((sum, v) => sum + (typeof v === 'number' ? 8 : v.byteLength), 0);
    expect(bytes).toBeLessThan(140_000);
    expect(reducer.finish(state).count.reduce((a, b) => a + b)).toBe(50_000);
  });
});
