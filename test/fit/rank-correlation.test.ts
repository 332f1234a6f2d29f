import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankPredictors, ranks, spearman } from '../../src/fit/rank-correlation.ts';
import { createStream } from '../../src/numeric/random.ts';

interface Case {
  readonly name: string;
  readonly x: number[];
  readonly y: number[];
  readonly ranks_x: number[];
  readonly rho: number;
  readonly p_exact: number;
}

const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/spearman.json'), 'utf8')) as {
  cases: Case[];
};

describe('spearman(x, y)', () => {
  for (const { name, x, y, ranks_x, rho } of cases) {
    it(`agrees with SciPy: ${name}`, () => {
      expect([...ranks(x)]).toEqual(ranks_x);
      expect(spearman(x, y)).toBeCloseTo(rho, 12);
    });
  }

  it('is 1 − 6 Σd²/(n(n² − 1)) by hand: ranks 1 2 3 4 against 2 1 4 3 give 0.6', () => {
    expect(spearman([10, 20, 30, 40], [0.2, 0.1, 0.9, 0.5])).toBeCloseTo(0.6, 12);
  });

  it('ranks infinities beyond all numbers, alike among themselves', () => {
    expect([...ranks([Infinity, 1, -Infinity, Infinity])]).toEqual([3.5, 2, 1, 3.5]);
  });

  it('is NaN where one side does not vary', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN();
  });

  it('does not change under increasing maps, and changes sign with one side', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 3,
      maxLength: 30,
    });
    fc.assert(
      fc.property(pairs, (rows) => {
        const [x, y] = [rows.map(([a]) => a), rows.map(([, b]) => b)];
        const rho = spearman(x, y);
        if (Number.isNaN(rho)) return;
        expect(
          spearman(
            x.map((a) => Math.exp(a / 20)),
            y,
          ),
        ).toBeCloseTo(rho, 12);
        expect(
          spearman(
            x,
            y.map((b) => -b),
          ),
        ).toBeCloseTo(-rho, 12);
      }),
    );
  });
});

describe('rankPredictors(predictors, outcome)', () => {
  for (const { name, x, y, p_exact } of cases) {
    it(`has a p-value that agrees with all permutations, within 5 standard errors of 9999 shuffles: ${name}`, () => {
      const [found] = rankPredictors([x], y);
      const error = Math.sqrt((p_exact * (1 - p_exact)) / 9999);
      expect(Math.abs(found!.pValue - p_exact)).toBeLessThan(5 * error + 2e-4);
    });
  }

  it('has bootstrap errors as large as the spread of ρ over independent samples, within a quarter', () => {
    const stream = createStream(3, 1);
    const draw = () => {
      const x = Array.from({ length: 60 }, () => stream.normal());
      return { x, y: x.map((value) => value + stream.normal()) };
    };
    const rhos = Array.from({ length: 300 }, () => {
      const { x, y } = draw();
      return spearman(x, y);
    });
    const mean = rhos.reduce((sum, rho) => sum + rho, 0) / rhos.length;
    const spread = Math.sqrt(rhos.reduce((sum, rho) => sum + (rho - mean) ** 2, 0) / (rhos.length - 1));
    const errors = Array.from({ length: 20 }, (_, seed) => {
      const { x, y } = draw();
      return rankPredictors([x], y, { seed, bootstraps: 300, permutations: 1 })[0]!.standardError;
    });
    const error = errors.reduce((sum, one) => sum + one, 0) / errors.length;
    expect(error / spread).toBeGreaterThan(0.75);
    expect(error / spread).toBeLessThan(1.25);
  });

  it('compares predictors on the rows that all of them have', () => {
    const outcome = [1, 2, 3, 4, 5, 6];
    const [good, bad] = rankPredictors(
      [
        [1, 2, 3, 4, 5, Number.NaN],
        [5, 1, 4, 2, 3, 6],
      ],
      outcome,
      { bootstraps: 200 },
    );
    expect(good!.n).toBe(5);
    expect(bad!.n).toBe(5);
    expect(good!.rho).toBeCloseTo(1, 12);
    expect(good!.lead).toBe(0);
    expect(bad!.lead).toBeCloseTo(1 - spearman([5, 1, 4, 2, 3], [1, 2, 3, 4, 5]), 12);
    expect(bad!.leadError).toBeGreaterThan(0);
  });
});
