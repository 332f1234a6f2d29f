import { describe, expect, it } from 'vitest';
import { poisson } from '../../src/numeric/poisson.ts';
import { createStream } from '../../src/numeric/random.ts';
import { branching } from '../../src/process/branching.ts';
import { branchingLaw } from '../../src/process/law/branching-law.ts';
import { firstAvalanches, largestSurvivalDeviation } from './realisations.ts';

// Each comparison with |z| < 4.5, at most 20 in a test: a false alarm in 7,000 tests.
const LIMIT = 4.5;
const limits = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144];

describe('Poisson variates', () => {
  for (const mean of [0.02, 1, 9.9, 10, 37.5, 1000, 1e6]) {
    it(`have the distribution of mean ${mean} (|z| < ${LIMIT})`, () => {
      const n = 100_000;
      const stream = createStream(3, 17);
      const values = Float64Array.from({ length: n }, () => poisson(stream, mean));
      const spread = Math.sqrt(mean);
      const edges = [-2, -1, -0.5, 0, 0.5, 1, 2, 3].map((k) => Math.max(1, Math.round(mean + k * spread)));
      const expected = [...new Set(edges)].map((edge): [number, number] => [edge, atLeast(edge, mean)]);
      expect(largestSurvivalDeviation(values, expected)).toBeLessThan(LIMIT);
    });
  }

  it('are none for mean 0, and the mean itself beyond 2^53', () => {
    const stream = createStream(3, 18);
    expect(poisson(stream, 0)).toBe(0);
    expect(poisson(stream, 1e300)).toBe(1e300);
    expect(poisson(stream, Infinity)).toBe(Infinity);
  });
});

/** P(X ≥ k), summed downward from the mode's side with recursion from the exact log at k by Stirling-free products. */
function atLeast(k: number, mean: number): number {
  // ln of the probability of k, by a sum of logarithms: another road than the sampler's log-gamma.
  let log = -mean;
  for (let i = 1; i <= k; i++) log += Math.log(mean / i);
  let term = Math.exp(log);
  let sum = 0;
  for (let i = k; term > 1e-18 * sum || i < mean; i++) {
    sum += term;
    term *= mean / (i + 1);
  }
  return sum;
}

describe('branching', () => {
  for (const m of [1, 0.8, 1.1]) {
    it(`dies out as iterated generating functions say, m = ${m} (|z| < ${LIMIT})`, () => {
      const { duration } = firstAvalanches(branching, 200_000, { parameters: { m }, depth: 150 });
      let extinct = 0;
      const survival: [number, number][] = [];
      for (let t = 1; t <= 144; t++) {
        extinct = Math.exp(m * (extinct - 1));
        if (limits.includes(t) && 1 - extinct > 1e-4) survival.push([t, 1 - extinct]);
      }
      expect(survival.length).toBeGreaterThan(6);
      expect(largestSurvivalDeviation(duration, survival)).toBeLessThan(LIMIT);
    });
  }

  it(`has Borel sizes, m = 1 and 0.8 (|z| < ${LIMIT})`, () => {
    for (const m of [1, 0.8]) {
      const { size } = firstAvalanches(branching, 200_000, { parameters: { m }, depth: 4096 });
      // P(T ≥ n) of the total progeny T = S + 1, by the recursion of Borel probabilities.
      let probability = Math.exp(-m);
      let above = 1;
      const expected: [number, number][] = [];
      for (let n = 1; n <= 300; n++) {
        if (n > 1 && limits.includes(n - 1)) expected.push([n - 1, above]);
        above -= probability;
        probability *= m * Math.exp(-m) * (1 + 1 / n) ** (n - 1);
      }
      expect(largestSurvivalDeviation(size, expected)).toBeLessThan(LIMIT);
    }
  });

  it('has the laws that its reference values are made of', () => {
    const law = branchingLaw(1);
    const survival = law.survival(100_000);
    expect(survival[0]).toBe(1);
    expect(survival[1]).toBeCloseTo(1 - Math.exp(-1), 14);
    expect(survival[2]).toBeCloseTo(1 - Math.exp(Math.exp(-1) - 1), 14);
    // Kolmogorov: P(D ≥ t) → 2/(σ²t), with σ² = 1, up to ln t/t.
    expect(survival[100_000]! * 50_000).toBeCloseTo(1, 3);
    const { count } = law.sizes(50);
    expect(count[0]).toBeCloseTo(Math.exp(-2), 14);
    expect(count[2]).toBeCloseTo((Math.exp(-4) * 64) / 24, 14);
  });

  it(`has the mean sizes of its law at each duration (|z| < ${LIMIT})`, () => {
    const { duration, size } = firstAvalanches(branching, 300_000, { depth: 64 });
    const means = branchingLaw(1).meanSizes(40);
    for (const d of [1, 2, 3, 5, 10, 20]) {
      const own = size.filter((_, i) => duration[i] === d);
      const mean = own.reduce((a, b) => a + b, 0) / own.length;
      const variance = own.reduce((a, b) => a + (b - mean) ** 2, 0) / own.length;
      expect(Math.abs(mean - means[d]!) / Math.sqrt(variance / own.length)).toBeLessThan(LIMIT);
    }
  });
});
