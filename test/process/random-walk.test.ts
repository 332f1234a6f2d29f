import { describe, expect, it } from 'vitest';
import { lazyWalkLaw } from '../../src/process/law/lazy-walk-law.ts';
import { randomWalk } from '../../src/process/random-walk.ts';
import { firstAvalanches, largestSurvivalDeviation } from './realisations.ts';

// Each comparison with |z| < 4.5, at most 20 in a test: a false alarm in 7,000 tests.
const LIMIT = 4.5;

/** Duration and area of all walks of up to `depth` steps, by listing them. */
function enumerate(depth: number): { survival: number[]; areas: Map<string, number> } {
  const survival = new Array<number>(depth + 2).fill(0);
  const areas = new Map<string, number>();
  const go = (step: number, height: number, area: number, p: number): void => {
    survival[step]! += p;
    for (const [by, share] of [
      [-1, 0.25],
      [0, 0.5],
      [1, 0.25],
    ] as const) {
      const next = height + by;
      if (next < 0) areas.set(`${step} ${area}`, (areas.get(`${step} ${area}`) ?? 0) + p * share);
      else if (step < depth) go(step + 1, next, area + next + 1, p * share);
    }
  };
  go(0, 0, 0, 1);
  return { survival, areas };
}

describe('the lazy walk', () => {
  const { survival, areas } = enumerate(9);

  it('has the survival law of the reflection principle', () => {
    const law = lazyWalkLaw.survival(9);
    for (let d = 0; d <= 9; d++) expect(law[d]).toBeCloseTo(survival[d]!, 14);
  });

  it('has the mean areas of its law', () => {
    const means = lazyWalkLaw.meanSizes(9);
    for (let d = 1; d <= 9; d++) {
      let total = 0;
      let sum = 0;
      for (const [key, p] of areas) {
        const [own, area] = key.split(' ').map(Number);
        if (own !== d) continue;
        total += p;
        sum += p * area!;
      }
      expect(means[d]).toBeCloseTo(sum / total, 12);
    }
  });

  it('has the areas of its law: those of walks that can be listed, and as their tail an S^(−4/3)', () => {
    const { count } = lazyWalkLaw.sizes(100_000);
    // An area up to 9 takes 9 steps at most: all of them are listed.
    for (let a = 1; a <= 9; a++) {
      let listed = 0;
      for (const [key, p] of areas) if (key.endsWith(` ${a}`)) listed += p;
      expect(count[a - 1]).toBeCloseTo(listed, 14);
    }
    const local = (a: number): number => Math.log(count[a - 1]! / count[4 * a - 1]!) / Math.log(4);
    expect(Math.abs(local(25_000) - 4 / 3)).toBeLessThan(0.005);
    expect(Math.abs(local(25_000) - 4 / 3)).toBeLessThan(Math.abs(local(2500) - 4 / 3));
    let all = 0.25;
    for (const p of count) all += p;
    // P(S > a) = ∫ c·S^(−4/3) = 3·a·P(S = a).
    expect(Math.abs(all + 3 * 100_000 * count[99_999]! - 1)).toBeLessThan(0.001);
  });

  it(`is what the engine draws: durations and areas (|z| < ${LIMIT})`, () => {
    const { duration, size, signalSize } = firstAvalanches(randomWalk, 200_000, { depth: 1024 });
    const law = lazyWalkLaw.survival(1024);
    const limits = [1, 2, 3, 4, 8, 16, 64, 256, 1000];
    expect(
      largestSurvivalDeviation(
        duration,
        limits.map((d) => [d, law[d]!]),
      ),
    ).toBeLessThan(LIMIT);
    const { count } = lazyWalkLaw.sizes(200);
    const above = new Float64Array(202);
    above[1] = 0.75;
    count.forEach((p, i) => {
      above[i + 2] = above[i + 1]! - p;
    });
    expect(
      largestSurvivalDeviation(
        size,
        [1, 2, 3, 5, 10, 30, 100, 200].map((a) => [a - 0.5, above[a]!]),
      ),
    ).toBeLessThan(LIMIT);
    // Heights are integers all the way. From zero, where the walk ends comes on top for every layer; the threshold is 2⁻¹⁴ above it.
    signalSize.forEach((s, i) => {
      const area = s - 1023 * duration[i]!;
      if (!Number.isInteger(s) || size[i]! !== area - duration[i]! * 2 ** -14) {
        expect.fail(`${s} from zero, ${size[i]} above the threshold, ${duration[i]} layers`);
      }
    });
  });
});
