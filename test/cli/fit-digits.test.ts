import { expect, it } from 'vitest';
import { columnText } from '../../src/cli/fit-text.ts';
import type { ColumnFit } from '../../src/recording/column.ts';
import { footingSummary } from '../../src/report/footing-summary.ts';

const report = {
  exponent: 2.5,
  standard_error: 0.02,
  xmin: 1.03960443875811,
  xmax: 4500,
  n: 2000,
  n_tail: 1900,
  largest: 4500,
  ks: 2.220446049250313e-16,
  log_likelihood: -1234.56,
  alternatives: [],
};

it('a fit is printed without digits of rounding: cutoffs to six, a distance of none as 0', () => {
  const fit = {
    column: 'size',
    source: 'data.csv',
    report,
    asked: { xmin: 'auto', xmax: 4500 },
    rule: 'widest',
    held: { discrete: false, step: 1, form: 'raw', n: 2000, missing: 0, nonPositive: 0, beyondIntegers: false },
    counts: { read: 2000, kept: 2000, censored: 0 },
    notes: [],
  } as unknown as ColumnFit;
  const text = columnText(fit);
  expect(text).toMatch(/xmin +1\.0396 {2}/);
  expect(text).toMatch(/xmax +4500 {2}/);
  expect(text).toMatch(/KS distance +0\n/);
});

it('nor is the distance in the table of what is behind each exponent', () => {
  const row = {
    ensemble: 0,
    width: 64,
    tau_min: 1,
    tau_max: 9,
    tau_count: 200,
    tau_ks: 2.22e-16,
    tau_better: '',
    tau_mark: '',
  };
  expect(footingSummary({ exponents: [row] }).rows[0]![3]).toBe('0');
  expect(footingSummary({ exponents: [{ ...row, tau_ks: 0.00553 }] }).rows[0]![3]).toBe('0.00553');
});
