import { describe, expect, it } from 'vitest';
import { shapeAsymmetry, shapeGroup } from '../../src/fit/asymmetry.ts';

const grid = 50;

/** Mean profiles of a shape in u = (l − ½)/D at durations, as the reducer interpolates them. */
function profiles(durations: readonly number[], shape: (u: number, d: number) => number, count = 200) {
  const strength = durations.flatMap((d) => {
    const layer = (l: number): number => shape((l - 0.5) / d, d);
    return Array.from({ length: grid }, (_, g) => {
      const position = ((g + 1) * d) / grid;
      const l = Math.min(Math.max(Math.floor(position), 1), d);
      return position <= 1 || l === d ? layer(l) : layer(l) + (position - l) * (layer(l + 1) - layer(l));
    });
  });
  return {
    x: Float64Array.from({ length: grid }, (_, g) => (g + 1) / grid),
    duration: Float64Array.from(durations),
    count: new Float64Array(durations.length).fill(count),
    strength: Float64Array.from(strength),
  };
}

const durations = Array.from({ length: 90 }, (_, i) => 8 + i);
const arch = (u: number): number => Math.sqrt(u * (1 - u));

describe('shapeAsymmetry', () => {
  it('finds none where the shape is the same backwards', () => {
    for (const shape of [arch, () => 1, (u: number) => u * (1 - u)]) {
      const found = shapeAsymmetry(profiles(durations, shape), 1);
      expect([...found.keys()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      for (const { asymmetry, skewness } of found.values()) {
        expect(Math.abs(asymmetry)).toBeLessThan(0.01);
        expect(Math.abs(skewness)).toBeLessThan(0.01);
      }
    }
  });

  it('finds the a that was put in, whatever the symmetric part and its height', () => {
    for (const a of [-0.8, 0.3]) {
      for (const p of [0.5, 1]) {
        const shape = (u: number, d: number): number => d ** 0.7 * (u * (1 - u)) ** p * (1 - a * (u - 0.5));
        for (const { asymmetry, skewness } of shapeAsymmetry(profiles(durations, shape), 1).values()) {
          expect(Math.abs(asymmetry - a)).toBeLessThan(0.02);
          expect(Math.sign(skewness)).toBe(Math.sign(a));
        }
      }
    }
  });

  it('has the skewness of the shape as a density', () => {
    // Beta(2, 3): 2(β − α)√(α + β + 1)/((α + β + 2)√(αβ)).
    const skewness = (2 * Math.sqrt(6)) / (7 * Math.sqrt(6));
    const found = shapeAsymmetry(
      profiles([300, 310], (u) => u * (1 - u) ** 2),
      1,
    );
    expect([...found.values()][0]!.skewness).toBeCloseTo(skewness, 2);
  });

  it('groups durations √2 wide, and leaves out groups with few avalanches and those too short for a shape', () => {
    expect([7, 8, 11, 12, 16, 22, 23, 32].map(shapeGroup)).toEqual([-1, 0, 0, 1, 2, 2, 3, 4]);
    const few = shapeAsymmetry(profiles([4, 8, 9, 16], arch, 10), 15);
    expect([...few].map(([group, { count, duration }]) => [group, count, duration])).toEqual([[0, 20, Math.sqrt(72)]]);
  });
});
