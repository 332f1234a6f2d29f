import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankPredictors, ranks, spearman } from '../../src/fit/rank-correlation.ts';
import { createStream, type RandomStream } from '../../src/numeric/random.ts';

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

/** Outcomes that follow a cause with noise of its own a row, measured `runs` times, and two predictors of different quality. */
function studyOf(stream: RandomStream, { rows = 40, runs = 1, scatter = 0 }) {
  const cause = Array.from({ length: rows }, () => stream.normal());
  const noisy = (noise: number) => cause.map((value) => value + noise * stream.normal());
  const truth = noisy(0.7);
  const outcomes = truth.map((value) => Array.from({ length: runs }, () => value + scatter * stream.normal()));
  return { predictors: [noisy(0.3), noisy(1)], outcomes };
}
const single = (y: readonly number[]): number[][] => y.map((value) => [value]);
const quick = { bootstraps: 300, permutations: 1 };

describe('rankPredictors(predictors, outcomes)', () => {
  for (const { name, x, y, p_exact } of cases) {
    it(`has a p-value that agrees with all permutations, within 5 standard errors of 9999 shuffles: ${name}`, () => {
      const [found] = rankPredictors([x], single(y), { bootstraps: 2 }).predictors;
      const error = Math.sqrt((p_exact * (1 - p_exact)) / 9999);
      expect(Math.abs(found!.pValue - p_exact)).toBeLessThan(5 * error + 2e-4);
    });
  }

  it('has errors of ρ and of differences as large as their spread over independent samples, within a quarter', () => {
    const stream = createStream(3, 1);
    const found = Array.from({ length: 300 }, () => {
      const { predictors, outcomes } = studyOf(stream, {});
      const y = outcomes.map(([value]) => value!);
      return predictors.map((x) => spearman(x, y));
    });
    const spread = (values: readonly number[]): number => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
    };
    const errors = Array.from({ length: 20 }, (_, seed) => {
      const { predictors, outcomes } = studyOf(stream, {});
      return rankPredictors(predictors, outcomes, { ...quick, seed });
    });
    const meanError = (of: (one: (typeof errors)[number]) => number) =>
      errors.reduce((sum, one) => sum + of(one), 0) / errors.length;
    const ratios = [
      meanError(({ predictors }) => predictors[1]!.rho.standardError) / spread(found.map(([, bad]) => bad!)),
      meanError(({ differences }) => differences[0]!.difference.standardError) /
        spread(found.map(([good, bad]) => good! - bad!)),
    ];
    for (const ratio of ratios) {
      expect(ratio).toBeGreaterThan(0.75);
      expect(ratio).toBeLessThan(1.25);
    }
  });

  it('covers the true difference with its 95 % interval in 88 to 99.5 % of 200 samples', () => {
    // Rank correlation of normals is (6/π) asin(r/2); r² = 1/((1 + a²)(1 + b²)). Binomial of 0.95: outside with probability 1e-4.
    const rho = (a: number, b: number) => (6 / Math.PI) * Math.asin(1 / Math.sqrt((1 + a * a) * (1 + b * b)) / 2);
    const truth = rho(0.7, 0.3) - rho(0.7, 1);
    const stream = createStream(5, 2);
    let covered = 0;
    for (let sample = 0; sample < 200; sample++) {
      const { predictors, outcomes } = studyOf(stream, {});
      const { low, high } = rankPredictors(predictors, outcomes, { ...quick, seed: sample }).differences[0]!.difference;
      if (low <= truth && truth <= high) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(176);
    expect(covered).toBeLessThanOrEqual(199);
  });

  it('ranks mean outcomes, and draws runs within rows: their scatter widens the error, equal runs change nothing', () => {
    const stream = createStream(9, 4);
    const { predictors, outcomes } = studyOf(stream, { rows: 60 });
    const once = rankPredictors(predictors, outcomes, quick);
    const rho = spearman(
      predictors[0]!,
      outcomes.map(([value]) => value!),
    );
    expect(once.predictors[0]!.rho.value).toBe(rho);
    // Rows drawn are the same only where no number goes to runs: compare the spread.
    const twice = rankPredictors(
      predictors,
      outcomes.map(([value]) => [value!, value!]),
      quick,
    );
    expect(twice.predictors[0]!.rho.value).toBeCloseTo(rho, 12);
    const ratio = twice.predictors[0]!.rho.standardError / once.predictors[0]!.rho.standardError;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.25);
    // Two runs about each mean, far apart: the mean is as before, what is drawn isn't.
    const apart = rankPredictors(
      predictors,
      outcomes.map(([value]) => [value! - 3, value! + 3]),
      quick,
    );
    expect(apart.predictors[0]!.rho.value).toBeCloseTo(rho, 12);
    expect(apart.predictors[0]!.rho.standardError).toBeGreaterThan(1.5 * once.predictors[0]!.rho.standardError);
  });

  it('compares predictors on the rows that all of them have, every two of them', () => {
    const { predictors, differences } = rankPredictors(
      [
        [1, 2, 3, 4, 5, Number.NaN],
        [5, 1, 4, 2, 3, 6],
        [1, 2, 3, 4, 5, 6],
      ],
      single([1, 2, 3, 4, 5, 6]),
      { bootstraps: 200 },
    );
    expect(predictors.map(({ n }) => n)).toEqual([5, 5, 5]);
    expect(predictors[0]!.rho.value).toBeCloseTo(1, 12);
    expect(differences.map(({ predictor, other }) => [predictor, other])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    const [lead, equal, behind] = differences;
    const expected = 1 - spearman([5, 1, 4, 2, 3], [1, 2, 3, 4, 5]);
    expect(lead!.difference.value).toBeCloseTo(expected, 12);
    expect(lead!.difference.standardError).toBeGreaterThan(0);
    expect(lead!.ahead).toBeGreaterThan(0.9);
    // The same ranks: never ahead, never behind.
    expect(equal).toMatchObject({ ahead: 0.5, difference: { value: 0, standardError: 0, low: 0, high: 0 } });
    expect(behind!.difference.value).toBeCloseTo(-expected, 12);
    expect(behind!.difference.low).toBeCloseTo(-lead!.difference.high, 12);
    expect(behind!.ahead).toBeCloseTo(1 - lead!.ahead, 12);
  });

  it('depends on its seed alone', () => {
    const { predictors, outcomes } = studyOf(createStream(1, 1), { runs: 3, scatter: 1 });
    expect(rankPredictors(predictors, outcomes, quick)).toEqual(rankPredictors(predictors, outcomes, quick));
    expect(rankPredictors(predictors, outcomes, { ...quick, seed: 2 })).not.toEqual(
      rankPredictors(predictors, outcomes, quick),
    );
  });
});
