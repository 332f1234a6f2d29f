import gammaln from '@stdlib/math-base-special-gammaln';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/run/run.ts';

// Linear networks: s_(l+1) = s_l·√(σw²·χ²_N/N) whatever s_l, so that the branching ratio is the mean of the square root,
// √(2σw²/N)·Γ((N + 1)/2)/Γ(N/2), at any threshold, depth and share of censored avalanches.
const gain = (width: number, variance: number): number =>
  Math.sqrt((2 * variance) / width) * Math.exp(gammaln((width + 1) / 2) - gammaln(width / 2));

describe('the branching ratio of a run', () => {
  // 5 jackknife errors of 31 degrees of freedom: false alarm 2e-5 an ensemble.
  it.each([
    ['annealed', [4, 64], 0.9, 300],
    ['effective', [16, 500], 1, 300],
    ['effective', [40, 200], 1.04, 30],
  ] as const)(
    'is the mean gain of linear networks: %s, N = %j, σw² = %d, %i layers',
    async (engine, widths, variance, depth) => {
      const { tables } = await run(
        'gaussian-avalanches',
        {
          widths: [...widths],
          activation: 'linear',
          weightVariance: variance,
          depth,
          engine,
          valid: 20_000,
          alternatives: false,
        },
        { seed: 5, workers: 2 },
      );
      for (const row of tables.exponents!) {
        const [found, error] = [Number(row.branching_ratio), Number(row.branching_ratio_error)];
        const expected = gain(Number(row.width), variance);
        expect(Math.abs(found - expected)).toBeLessThan(5 * error);
        expect(error).toBeLessThan(0.01);
      }
    },
  );
});
