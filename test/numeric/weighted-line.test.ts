import { expect, test } from 'vitest';
import { solvePositive } from '../../src/numeric/positive-solve.ts';
import { weightedLine } from '../../src/numeric/weighted-line.ts';

test('weightedLine(x, y, w) solves the normal equations and their covariance', () => {
  const x = [1, 2, 4, 7];
  const y = [1.1, 1.9, 4.2, 6.8];
  const w = [1, 4, 2, 3];
  const line = weightedLine(x, y, w);
  const sum = (f: (i: number) => number): number => x.reduce((total, _, i) => total + w[i]! * f(i), 0);
  const [s, sx, sxx, sy, sxy] = [
    sum(() => 1),
    sum((i) => x[i]!),
    sum((i) => x[i]! ** 2),
    sum((i) => y[i]!),
    sum((i) => x[i]! * y[i]!),
  ];
  const determinant = s * sxx - sx * sx;
  expect(line.slope).toBeCloseTo((s * sxy - sx * sy) / determinant, 12);
  expect(line.intercept).toBeCloseTo((sxx * sy - sx * sxy) / determinant, 12);
  expect(line.slopeError).toBeCloseTo(Math.sqrt(s / determinant), 12);
  expect(line.interceptError).toBeCloseTo(Math.sqrt(sxx / determinant), 12);
  expect(line.covariance).toBeCloseTo(-sx / determinant, 12);
  expect(line.degreesOfFreedom).toBe(2);
});

test('weightedLine(x, y, w) leaves out points without weight and says NaN for a single x', () => {
  expect(weightedLine([1, 2, 3], [1, 2, 99], [1, 1, 0]).slope).toBeCloseTo(1, 14);
  expect(weightedLine([2, 2], [1, 3]).slope).toBeNaN();
});

test('solvePositive(A, b) solves, and refuses a singular matrix', () => {
  const solved = solvePositive(
    [
      [4, 2, 0.6],
      [2, 5, 1],
      [0.6, 1, 3],
    ],
    [1, 2, 3],
  )!;
  expect(4 * solved[0]! + 2 * solved[1]! + 0.6 * solved[2]!).toBeCloseTo(1, 13);
  expect(2 * solved[0]! + 5 * solved[1]! + 1 * solved[2]!).toBeCloseTo(2, 13);
  expect(0.6 * solved[0]! + 1 * solved[1]! + 3 * solved[2]!).toBeCloseTo(3, 13);
  expect(
    solvePositive(
      [
        [1, 1],
        [1, 1],
      ],
      [1, 2],
    ),
  ).toBeUndefined();
});
