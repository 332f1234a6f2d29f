import gammaln from '@stdlib/math-base-special-gammaln';
import { expect, test } from 'vitest';
import { binomial } from '../../src/numeric/binomial.ts';
import { chiSquareSurvival } from '../../src/numeric/log-probability.ts';
import { createStream } from '../../src/numeric/random.ts';

// Chi-square over pooled outcomes; p > 1e-4 in each of 6 seeded cases: false alarm 6e-4 for another seed.
test.each([
  [7, 0.3],
  [400, 0.01],
  [40, 0.5],
  [1000, 0.2],
  [1e6, 0.9],
  [1e9, 3e-7],
])('binomial(stream, %d, %d) has the binomial law', (n, p) => {
  const stream = createStream(3, n);
  const draws = 40_000;
  const seen = new Map<number, number>();
  for (let i = 0; i < draws; i++) {
    const k = binomial(stream, n, p);
    seen.set(k, (seen.get(k) ?? 0) + 1);
  }
  const log = (k: number): number =>
    gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p);
  const reach = 8 * Math.sqrt(n * p * (1 - p)) + 8;
  let chiSquare = 0;
  let cells = 0;
  let [expected, observed] = [0, 0];
  for (let k = Math.max(0, Math.floor(n * p - reach)); k <= Math.min(n, n * p + reach); k++) {
    expected += draws * Math.exp(log(k));
    observed += seen.get(k) ?? 0;
    if (expected < 20) continue;
    chiSquare += (observed - expected) ** 2 / expected;
    cells++;
    [expected, observed] = [0, 0];
  }
  expect(chiSquareSurvival(chiSquare, cells)).toBeGreaterThan(1e-4);
});
