import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peakOf } from '../../src/crackling/straightness.ts';

const grid = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5];

describe('peakOf(x, y)', () => {
  it('finds the vertex of any parabola whose highest point lies inside, to rounding', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 1.3, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: -10, max: 10, noNaN: true }),
        (vertex, bend, level) => {
          const peak = peakOf(
            grid,
            grid.map((x) => level - bend * (x - vertex) ** 2),
          )!;
          expect(peak.inside).toBe(true);
          expect(peak.x).toBeCloseTo(vertex, 9);
          expect(peak.y).toBeCloseTo(level, 9);
        },
      ),
    );
  });

  it('says that a maximum at an end of the scan is not inside, and gives that end', () => {
    expect(peakOf(grid, grid)).toEqual({ x: 1.5, y: 1.5, inside: false });
    expect(
      peakOf(
        grid,
        grid.map((x) => -x),
      ),
    ).toMatchObject({ x: 0, inside: false });
  });

  it('smooths noise: a bump on one point moves the maximum by less than the bump is wide', () => {
    const y = grid.map((x) => 0.99 - 0.004 * (x - 1) ** 2);
    y[3]! += 0.0003; // enough to make 0.75 the highest point
    const peak = peakOf(grid, y)!;
    expect(y.indexOf(Math.max(...y))).toBe(3);
    expect(peak.x).toBeGreaterThan(0.75);
    expect(peak.x).toBeLessThan(1);
  });

  it('leaves out points without a number, and finds nothing in none', () => {
    const y = grid.map((x) => -((x - 0.75) ** 2));
    y[0] = Number.NaN;
    expect(peakOf(grid, y)!.x).toBeCloseTo(0.75, 9);
    expect(peakOf(grid, [Number.NaN, Number.NaN])).toBeUndefined();
  });
});
