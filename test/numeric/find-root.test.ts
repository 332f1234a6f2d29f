import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRoot } from '../../src/numeric/find-root.ts';

describe('findRoot(f, a, b)', () => {
  it('finds the root of x³ − 2x − 5 to the last bit or two', () => {
    expect(Math.abs(findRoot((x) => x ** 3 - 2 * x - 5, 2, 3) - 2.0945514815423265)).toBeLessThan(1e-15);
  });

  it('takes the ends in either order, and returns an end that is a root', () => {
    expect(findRoot((x) => x - 1, 3, -2)).toBeCloseTo(1, 15);
    expect(findRoot((x) => x - 1, 1, 7)).toBe(1);
    expect(findRoot((x) => x - 7, 1, 7)).toBe(7);
  });

  it('stops within the tolerance it is given', () => {
    let calls = 0;
    const root = findRoot(
      (x) => {
        calls++;
        return Math.cos(x) - x;
      },
      0,
      1,
      1e-3,
    );
    expect(Math.abs(root - 0.7390851332151607)).toBeLessThan(1e-3);
    expect(calls).toBeLessThan(9);
  });

  it('is as good as bisection on a step, a cusp and a flat root', () => {
    expect(findRoot((x) => (x < 0.3 ? -1 : 1), 0, 1)).toBeCloseTo(0.3, 14);
    expect(findRoot((x) => Math.cbrt(x - 0.3), 0, 1)).toBeCloseTo(0.3, 14);
    expect(Math.abs(findRoot((x) => (x - 0.3) ** 9, 0, 1) - 0.3)).toBeLessThan(1e-12);
  });

  it('finds tiny roots to full relative precision', () => {
    const root = findRoot((x) => Math.expm1(x) - 1e-200, 0, 1);
    expect(Math.abs(root / 1e-200 - 1)).toBeLessThan(1e-14);
  });

  it('refuses an interval without a change of sign, with both values', () => {
    expect(() => findRoot((x) => x * x + 1, -1, 2)).toThrow(
      'findRoot needs a change of sign, got f(-1) = 2 and f(2) = 5',
    );
    expect(() => findRoot(() => Number.NaN, 0, 1)).toThrow(RangeError);
  });

  it('brackets the root of any increasing cubic', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 50, noNaN: true }),
        fc.double({ min: 1e-3, max: 10, noNaN: true }),
        (at, scale) => {
          const root = findRoot((x) => scale * (x - at) + (x - at) ** 3, -100, 120);
          expect(Math.abs(root - at)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(at)));
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});
