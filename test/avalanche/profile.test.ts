import { describe, expect, it } from 'vitest';
import { detect, perturbationMajor } from './traces.ts';

const grid = 50;

function profileOf(strengths: readonly number[]): number[] {
  return detect(perturbationMajor([[...strengths, 0]]), { threshold: 0.5, profile: { points: grid, of: 'signal' } })
    .found[0]!.profile;
}

/** Linear interpolation of the whole trace. */
function interpolated(strengths: readonly number[], x: number): number {
  const position = x * strengths.length;
  const at = Math.min(Math.max(1, Math.floor(position)), strengths.length);
  const low = Math.fround(strengths[at - 1]!);
  return position < 1 ? low : low + (position - at) * (Math.fround(strengths[at] ?? low) - low);
}

describe('the profile of an avalanche', () => {
  it('is the single strength everywhere for D = 1', () => {
    expect(profileOf([2])).toEqual(Array(grid).fill(2));
  });

  it('is linear interpolation at x = l/D and holds s_1 before 1/D', () => {
    const profile = detect(perturbationMajor([[1, 2, 4, 0]]), { threshold: 0.5, profile: { points: 6, of: 'signal' } })
      .found[0]!.profile;
    // Positions l = 0.5, 1, 1.5, 2, 2.5, 3.
    expect(profile).toEqual([1, 1, 1.5, 2, 3, 4]);
  });

  it.each([2047, 2048, 2049, 4095, 4096, 4097, 5000, 50_001])(
    'stays within its bound of the full profile at D = %i',
    (d) => {
      const smooth = Array.from({ length: d }, (_, i) => 2 + Math.sin((7 * (i + 1)) / d));
      // max|s''| / (6·1024²) with |s''| ≤ 49, and float32 rounding.
      const bound = 49 / (6 * 1024 ** 2) + 1e-6;
      profileOf(smooth).forEach((s, g) => {
        expect(Math.abs(s - interpolated(smooth, (g + 1) / grid))).toBeLessThan(bound);
      });
      let walk = 5;
      let state = 1;
      const rough = Array.from({ length: d }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        walk = Math.max(1, walk + (state / 2 ** 32 - 0.5) / 10);
        return walk;
      });
      profileOf(rough).forEach((s, g) => {
        const window = Math.ceil((2 * d) / 1024);
        const near = Math.round(((g + 1) / grid) * d);
        const part = rough.slice(Math.max(0, near - window - 1), near + window + 1);
        const swing = Math.max(...part) - Math.min(...part);
        expect(Math.abs(s - interpolated(rough, (g + 1) / grid))).toBeLessThanOrEqual(d < 2048 ? 1e-6 : swing);
      });
    },
  );

  it('ends on the last strength of the avalanche and begins on its first, however long it is', () => {
    const strengths = Array.from({ length: 100_000 }, (_, i) => (i === 0 ? 3 : i === 99_999 ? 9 : 1));
    const [found] = detect(perturbationMajor([[...strengths, 0]]), {
      threshold: 0.5,
      profile: { points: 200_000, of: 'signal' },
    }).found;
    expect(found!.profile[0]).toBe(3);
    expect(found!.profile.at(-1)).toBe(9);
  });

  it('is of the excess by default, over the threshold of each layer', () => {
    const options = { threshold: [0, 1, 1.5, 3, 1], depth: 4, profile: 3 };
    const { found } = detect(perturbationMajor([[1, 2, 4, 0]]), options);
    expect(found[0]!.profile).toEqual([0, 0.5, 1]);
  });

  it('is NaN where the avalanche is censored', () => {
    const { found } = detect(perturbationMajor([[2, 2]]), { threshold: 1, depth: 2, profile: 3 });
    expect(found[0]!.profile).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});
