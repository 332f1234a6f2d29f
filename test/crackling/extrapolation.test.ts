import { describe, expect, it } from 'vitest';
import { extrapolatedTriple, extrapolationRows } from '../../src/crackling/extrapolation.ts';
import type { Analysed } from '../../src/crackling/tables.ts';

/** An ensemble with known exponents (τ, α, γ) and errors, all independent. */
function known(width: number, exponents: readonly number[], errors: readonly number[]): Analysed {
  const [tau, alpha, gamma] = exponents;
  const [a, b, c] = errors;
  const covariance = errors.map((error, i) => errors.map((_, j) => (i === j ? error * error : 0)));
  const standardError = { tau: a, alpha: b, gammaScaling: c, gammaCollapse: Number.NaN };
  const estimate = { tau, alpha, gammaScaling: gamma, gammaCollapse: Number.NaN };
  const unknown = { estimate: Number.NaN, standardError: Number.NaN };
  return {
    ensemble: { width },
    exponents: {
      jackknife: { estimate, standardError, covariance },
      relation: { predicted: unknown, mismatch: unknown },
      branching: unknown,
      growth: unknown,
    },
  } as unknown as Analysed;
}

/** Exponents on the lines 1.5 + 2/N, 2 − 3/N, 1.1 + 1/N. */
const onLines = [100, 200, 500].map((n) => known(n, [1.5 + 2 / n, 2 - 3 / n, 1.1 + 1 / n], [0.01, 0.02, 0.03]));

describe('extrapolationRows(analysed)', () => {
  it('finds the intercept of exponents that lie on a line, with the error of weighted least squares', () => {
    const rows = extrapolationRows(onLines);
    expect(rows.map((row) => row.exponent)).toEqual(['tau', 'alpha', 'gamma_scaling']);
    const x = [0.01, 0.005, 0.002];
    const mean = 0.017 / 3;
    const spread = x.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    const unit = Math.sqrt(1 / 3 + mean ** 2 / spread);
    const expected = [
      [1.5, 2, 0.01],
      [2, -3, 0.02],
      [1.1, 1, 0.03],
    ] as const;
    for (const [i, [intercept, slope, error]] of expected.entries()) {
      expect(rows[i]!.intercept).toBeCloseTo(intercept, 10);
      expect(rows[i]!.slope).toBeCloseTo(slope, 7);
      expect(rows[i]!.intercept_error).toBeCloseTo(error * unit, 10);
      expect(rows[i]!.degrees_of_freedom).toBe(1);
    }
  });

  it('adds rows with a term in 1/√N from four widths on', () => {
    expect(extrapolationRows(onLines).every((row) => row.approach === 'line')).toBe(true);
    const bent = [100, 200, 500, 1000, 4000].map((n) =>
      known(n, [1.5 + 1 / Math.sqrt(n), 2, 1.1 - 0.5 / Math.sqrt(n) + 3 / n], [0.01, 0.02, 0.03]),
    );
    const rows = extrapolationRows(bent).filter((row) => row.approach === 'root');
    expect(rows.map(({ exponent }) => exponent)).toEqual(['tau', 'alpha', 'gamma_scaling']);
    const [tau, alpha, gamma] = rows;
    expect([tau!.intercept, tau!.root, tau!.slope].map(Number)).toEqual([1.5, 1, 0].map((x) => expect.closeTo(x, 7)));
    expect([alpha!.intercept, alpha!.root].map(Number)).toEqual([2, 0].map((x) => expect.closeTo(x, 7)));
    expect([gamma!.root, gamma!.slope].map(Number)).toEqual([-0.5, 3].map((x) => expect.closeTo(x, 6)));
  });

  it('scales the error by √(χ²/ν) where points scatter by more than their errors', () => {
    const bent = [100, 200, 500].map((n, i) => known(n, [1.5 + (i === 1 ? 0.1 : 0), 2, 1.1], [0.001, 0.02, 0.03]));
    const [tau] = extrapolationRows(bent);
    const scale = Math.sqrt(Number(tau!.chi_square));
    expect(scale).toBeGreaterThan(10);
    expect(Number(tau!.intercept_error) / Number(tau!.statistical_error)).toBeCloseTo(scale, 9);
  });

  it('gives no rows for a single width', () => {
    expect(extrapolationRows(onLines.slice(0, 1))).toEqual([]);
  });
});

describe('extrapolatedTriple(analysed)', () => {
  it('has the intercepts, and their errors on the diagonal of the covariance', () => {
    const triple = extrapolatedTriple(onLines)!;
    expect(triple.tau).toBeCloseTo(1.5, 10);
    expect(triple.gamma).toBeCloseTo(1.1, 10);
    const rows = extrapolationRows(onLines);
    triple.covariance.forEach((row, i) => {
      expect(Math.sqrt(row[i]!)).toBeCloseTo(Number(rows[i]!.intercept_error), 10);
      row.forEach((value, j) => {
        if (j !== i) expect(value).toBeCloseTo(0, 12);
      });
    });
  });

  it('is undefined where a width lacks an exponent', () => {
    expect(extrapolatedTriple([...onLines, known(800, [1.5, Number.NaN, 1.1], [0.01, 0.02, 0.03])])).toBeUndefined();
  });
});
