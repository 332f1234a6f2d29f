import { describe, expect, it } from 'vitest';
import { shortBranchingError } from '../../../src/fit/window/short-branching.ts';
import { shortDurationError } from '../../../src/fit/window/short-durations.ts';

/** The same by adding up C(2n, n)/4ⁿ term by term, and by bisection. */
function bySums(min: number, max: number): number {
  let u = 1;
  const law: { n: number; p: number }[] = [];
  for (let n = 1; n <= max; n++) {
    u *= (2 * n - 1) / (2 * n);
    if (n >= min) law.push({ n, p: u - (u * (2 * n + 1)) / (2 * n + 2) });
  }
  const meanLog = (weight: (n: number, p: number) => number): number => {
    let [mass, log] = [0, 0];
    for (const { n, p } of law) {
      mass += weight(n, p);
      log += weight(n, p) * Math.log(n);
    }
    return log / mass;
  };
  const mean = meanLog((_, p) => p);
  let [low, high] = [0, 3];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (meanLog((n) => n ** -middle) > mean) low = middle;
    else high = middle;
  }
  return Math.abs(low - 1.5);
}

describe('shortDurationError(durations)', () => {
  it.each([
    [1, 2],
    [1, 317],
    [2, 631],
    [4, 795],
    [20, 256],
    [300, 3000],
  ])('is by how much the exact law of a walk, fitted from %d to %d, is off 3/2', (min, max) => {
    expect(shortDurationError({ min, max })).toBeCloseTo(bySums(min, max), 6);
  });

  it('falls with the lower cutoff, and is known without an upper one', () => {
    const errors = [1, 2, 3, 5, 10, 20].map((min) => shortDurationError({ min, max: Infinity }));
    expect(errors.every((error, i) => error > 0 && (i === 0 || error < errors[i - 1]!))).toBe(true);
    expect(shortDurationError({ min: 2, max: Infinity })).toBeLessThan(shortDurationError({ min: 2, max: 1e6 }));
    expect(shortDurationError({ min: 5, max: 5 })).toBeNaN();
  });
});

describe('shortBranchingError(durations)', () => {
  // By scipy's brentq on sums of the exact law in Python.
  it.each([
    [1, 50, 0.515],
    [3, 100, 0.279],
    [6, 400, 0.157],
    [20, 500, 0.07],
    [32, 1000, 0.046],
  ])('is by how much the exact law of critical branching, fitted from %d to %d, is off 2', (min, max, error) => {
    expect(shortBranchingError({ min, max })).toBeCloseTo(error, 3);
  });

  it('is known without an upper cutoff, and of no window of one duration', () => {
    expect(shortBranchingError({ min: 20, max: Infinity })).toBeCloseTo(shortBranchingError({ min: 20, max: 1e5 }), 3);
    expect(shortBranchingError({ min: 5, max: 5 })).toBeNaN();
  });
});
