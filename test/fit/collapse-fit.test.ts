import { describe, expect, test } from 'vitest';
import { type CollapseOptions, collapseGamma, fitCollapse } from '../../src/fit/collapse-fit.ts';
import type { Profiles } from '../../src/fit/collapse-profiles.ts';
import { createStream } from '../../src/numeric/random.ts';

/** Profiles 4x(1 − x)·D^{γ−1} + offset, with relative noise of each duration and point. */
function profiles(gamma: number, noise: number, seed: number, offset = 0): Profiles {
  const stream = createStream(seed, 77);
  const grid = 50;
  const duration = Float64Array.from({ length: 30 }, (_, i) => 10 + 3 * i);
  const x = Float64Array.from({ length: grid }, (_, g) => (g + 1) / grid);
  const strength = new Float64Array(duration.length * grid);
  duration.forEach((d, r) => {
    x.forEach((at, g) => {
      const shape = 0.2 + 4 * at * (1 - at);
      strength[r * grid + g] = offset + shape * d ** (gamma - 1) * (1 + noise * stream.normal());
    });
  });
  return { x, duration, count: duration.map((d) => Math.round(1e5 / d ** 2)), strength };
}

describe('fitCollapse(profiles, options)', () => {
  test('finds γ exactly where profiles collapse exactly, and nmse 0 there', () => {
    for (const gamma of [1.2, 1.503, 2.217]) {
      const fit = fitCollapse(profiles(gamma, 0, 1), { leastCount: 1 });
      expect(fit.gamma).toBeCloseTo(gamma, 4);
      expect(fit.nmse).toBeLessThan(1e-8);
      expect(fit.atEnd).toBe(false);
    }
  });

  test('has a curvature error that holds the true γ: pulls of 200 samples have variance near 1', () => {
    // The variance of 200 pulls scatters by 10 %; the error's own scatter is small beside it.
    let squares = 0;
    for (let seed = 0; seed < 200; seed++) {
      const fit = fitCollapse(profiles(1.7, 0.05, seed), { leastCount: 1, from: 1.2, to: 2.2 });
      squares += ((fit.gamma - 1.7) / fit.standardError) ** 2;
    }
    expect(squares / 200).toBeGreaterThan(0.6);
    expect(squares / 200).toBeLessThan(1.5);
  });

  test('groups durations by a ratio, set by D alone, and still finds γ', () => {
    const data = profiles(1.7, 0, 1);
    const fit = fitCollapse(data, { leastCount: 1, ratio: 1.25 });
    // 10·1.25^k: 10, 12.5, 15.6, 19.5, 24.4, 30.5, 38.1, 47.7, 59.6, 74.5, 93.1; durations 10, 13, 16 … 97.
    expect([...fit.profiles.duration].map(Math.round)).toEqual([10, 13, 17, 22, 26, 34, 43, 53, 66, 83, 95]);
    expect(fit.gamma).toBeCloseTo(1.7, 2);
    const rare = { ...data, count: data.count.map((n) => n / 10) };
    fitCollapse(rare, { leastCount: 1, ratio: 1.25 }).profiles.duration.forEach((d, i) => {
      expect(d).toBeCloseTo(fit.profiles.duration[i]!, 9);
    });
  });

  test('joins rare groups, of any width, each duration rescaled for itself, so that all of the range takes part', () => {
    const data = profiles(2.217, 0, 1);
    const few = { ...data, count: data.count.map((n) => Math.ceil(n / 20)) };
    for (const ratio of [1, 1.1]) {
      const { gamma, nmse, profiles: taken } = fitCollapse(few, { ratio });
      expect(gamma).toBeCloseTo(2.217, ratio === 1 ? 4 : 2);
      expect(nmse).toBeLessThan(ratio === 1 ? 1e-8 : 1e-4);
      const all = taken.count.reduce((sum, n) => sum + n, 0);
      expect(all).toBe(few.count.reduce((sum, n) => sum + n, 0));
      taken.duration.forEach((d, r) => {
        expect(taken.count[r]).toBeGreaterThanOrEqual(50);
        expect(taken.strength[r * 50 + 24]! / (1.2 * d ** 1.217)).toBeCloseTo(1, ratio === 1 ? 4 : 2);
      });
      expect(taken.duration.at(-1)! / taken.duration[0]!).toBeGreaterThan(3);
    }
    expect(() => fitCollapse(few, { rare: 'leave-out', least: 20 })).toThrow(/50 avalanches each, got 0/);
  });

  test('leaves out durations out of range, grid points below 1/D_min, and rare durations if that is asked for', () => {
    const data = profiles(1.5, 0, 1);
    data.count[3] = 2;
    data.strength[3 * 50 + 7] = 1e9;
    const fit = fitCollapse(data, { least: 13, most: 60, leastCount: 10, rare: 'leave-out' });
    expect(fit.gamma).toBeCloseTo(1.5, 4);
    expect([...fit.profiles.duration].every((d) => d >= 13 && d <= 60 && d !== 19)).toBe(true);
    expect(fit.x[0]).toBeGreaterThanOrEqual(1 / 13);
    expect(fit.x.length).toBe(47);
  });

  test('says where the minimum lies at an end of the range, and gives no error there', () => {
    const fit = fitCollapse(profiles(2.5, 0, 1), { leastCount: 1, to: 2 });
    expect(fit.atEnd).toBe(true);
    expect(fit.standardError).toBeNaN();
  });

  test('names what is missing', () => {
    expect(() => fitCollapse(profiles(1.5, 0, 1), { least: 1000 })).toThrow(
      /at least 2 durations from 1000 to Infinity/,
    );
    expect(() => fitCollapse(profiles(1.5, 0, 1), { ratio: 0.9 })).toThrow(/at least 1, got 0.9/);
    expect(() => fitCollapse(profiles(1.5, 0, 1, -1e9), { leastCount: 1 })).toThrow(/positive at every grid point/);
    expect(() => fitCollapse(profiles(1.5, 0, 1), { step: 0 })).toThrow(/search for gamma/);
  });
});

describe('collapseGamma(profiles, options)', () => {
  const scaled = (data: Profiles, factor: number): Profiles => ({
    ...data,
    strength: data.strength.map((s) => s * factor),
  });
  const gammaOr = (find: () => number): number | string => {
    try {
      return find();
    } catch (error) {
      return (error as Error).message;
    }
  };

  test('is the γ of fitCollapse to the bit: noise, both normalisations, any magnitude, ends, profiles that are negative', () => {
    const ranges: CollapseOptions[] = [
      {},
      { normalise: 'global' },
      { ratio: 1.1, leastCount: 300 },
      { from: 2, to: 3 },
      { from: 0.5, to: 1.2, step: 0.003 },
    ];
    for (let seed = 0; seed < 40; seed++) {
      const noisy = profiles(1 + seed / 25, [0, 1e-6, 0.02, 0.3][seed % 4]!, seed);
      const data = [noisy, scaled(noisy, 1e-30), scaled(noisy, 1e150), profiles(1.5, 0.1, seed, -40)][(seed % 5) % 4]!;
      for (const range of ranges) {
        const options = { leastCount: 1, ...range };
        expect(gammaOr(() => collapseGamma(data, options))).toBe(gammaOr(() => fitCollapse(data, options).gamma));
      }
    }
  });
});
