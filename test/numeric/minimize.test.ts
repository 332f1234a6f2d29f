import { expect, test } from 'vitest';
import { minimize } from '../../src/numeric/minimize.ts';
import { minimizePlane } from '../../src/numeric/simplex.ts';

test('minimize(f, a, b) finds a minimum inside and at an end', () => {
  expect(minimize((x) => Math.exp(x) - 2 * x, -3, 5).x).toBeCloseTo(Math.log(2), 7);
  expect(minimize((x) => Math.abs(x - 1.25), -3, 5).x).toBeCloseTo(1.25, 7);
  expect(minimize((x) => x, 2, 5).x).toBeCloseTo(2, 6);
});

test('minimizePlane(f, …) follows the curved valley of Rosenbrock, around forbidden ground', () => {
  const found = minimizePlane(
    (x, y) => (x < -1.5 ? Number.NaN : 100 * (y - x * x) ** 2 + (1 - x) ** 2),
    { x: -1.2, y: 1 },
    { x: 0.1, y: 0.1 },
  );
  expect(found.x).toBeCloseTo(1, 5);
  expect(found.y).toBeCloseTo(1, 5);
});
