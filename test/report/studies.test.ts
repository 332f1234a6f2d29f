import { describe, expect, it } from 'vitest';
import { correctionSummary, extrapolationSummary } from '../../src/report/finite-size-summaries.ts';
import { randomWalkSummary } from '../../src/report/random-walk-summary.ts';
import { withRows } from '../../src/report/summary.ts';
import type { Tables } from '../../src/report/table-row.ts';
import { summaryText } from '../../src/report/terminal.ts';
import { universalitySummary } from '../../src/report/universality-summary.ts';

const exponents = [100, 200].map((width, ensemble) => ({ ensemble, width, tau: 1.48, tau_error: 0.01 }));
const candidate = { tau: 1.27, alpha: 1.5, gamma: 1.77, basis: 'published', comparable: true };
const tables = {
  exponents,
  universality: [
    {
      ensemble: 0,
      class: 'manna_2d',
      p_value: 0.3,
      chi_square: 3.7,
      largest_difference: 0.021,
      ties: 'rival',
      ...candidate,
    },
    { ensemble: 0, class: 'mean_field', p_value: 0, chi_square: 900, largest_difference: 0.7, ties: '', ...candidate },
    { ensemble: 1, class: 'mean_field', p_value: 0, chi_square: 900, largest_difference: 0.7, ties: '', ...candidate },
    {
      ensemble: null,
      class: 'manna_2d',
      p_value: 0,
      chi_square: 99,
      largest_difference: 0.2,
      ties: 'rival',
      ...candidate,
    },
  ],
  correction: [
    {
      width: 100,
      observable: 'duration',
      scaled: 0.81,
      scaled_error: 0.09,
      r_squared: 0.99512,
      inside: true,
      used: 0.81,
    },
    { width: 100, observable: 'size', scaled: 1.5, scaled_error: null, r_squared: 0.99, inside: false, used: 0.81 },
  ],
  extrapolation: [
    {
      exponent: 'tau',
      approach: 'line',
      intercept: 1.479,
      intercept_error: 0.007,
      slope: 1.2,
      slope_error: 1.3,
      chi_square: 4.4,
      degrees_of_freedom: 2,
    },
    {
      exponent: 'tau',
      approach: 'root',
      intercept: 1.501,
      intercept_error: 0.012,
      slope: 1.2,
      slope_error: 1.3,
      root: -0.31,
      root_error: 0.04,
      chi_square: 0.7,
      degrees_of_freedom: 1,
    },
  ],
  random_walk: [
    {
      activation: 'relu',
      duration_min: 10,
      duration_max: 64,
      alpha: 1.44,
      alpha_error: 0.02,
      alpha_theory: 1.45,
      alpha_deviation: -0.5,
      gamma: 1.1,
      gamma_error: 0.001,
      gamma_beyond: null,
      gamma_beyond_error: null,
      trap: 0,
    },
  ],
};

const all = (of: Tables) =>
  withRows([extrapolationSummary(of), correctionSummary(of), randomWalkSummary(of), universalitySummary(of)]);

describe('summaryText(summaries) of a study', () => {
  const text = summaryText(all(tables));

  it('names the classes that are not excluded with their ties, or says that none fits and which come nearest', () => {
    expect(text).toContain('N = 100: Manna 2D (p = 0.30, tied with rival)');
    expect(text).toContain('N = 200: none; nearest mean field (χ² = 900)');
    expect(text).toContain('1/N → 0: none; nearest Manna 2D (χ² = 99, tied with rival)');
  });

  it('decides no class from exponents that are poorly constrained, nor from what is extrapolated from these', () => {
    const thin = tables.exponents.map((row, i) => ({ ...row, alpha_mark: i === 0 ? 'short range' : '' }));
    const said = summaryText([universalitySummary({ ...tables, exponents: thin })]);
    expect(said).toContain('N = 100: not decided: α was fitted over less than one decade');
    expect(said).toContain('N = 200: none; nearest mean field (χ² = 900)');
    expect(said).toContain('1/N → 0: not decided: at N = 100 α was fitted over less than one decade');
    const page = universalitySummary({ ...tables, exponents: thin }).rows.map(([ensemble]) => ensemble);
    expect(page).toEqual(['N = 100 °', 'N = 100 °', 'N = 200', '1/N → 0 °']);
  });

  it('decides no class at infinite width by a line that an exponent does not follow', () => {
    const bent = tables.extrapolation.map((row) => ({ ...row, chi_square: 40 }));
    const said = summaryText([universalitySummary({ ...tables, extrapolation: bent })]);
    expect(said).toContain("1/N → 0: not decided: a line in 1/N doesn't describe τ");
    expect(said).toContain('N = 200: none; nearest mean field (χ² = 900)');
  });

  it('says what the scan found, and where its maximum lies at an end', () => {
    expect(text).toMatch(/N = 100 +0\.81\(9\) +1\.5\S*\* +0\.81\n\*: at the end of the scan, a bound/);
  });

  it('shows exponents at infinite width with χ²/ν, and the random walk beside its theory', () => {
    expect(text).toContain('1.479(7)');
    expect(text).toMatch(
      /1\/N → 0 +y \+ b\/N +χ²\/ν +y \+ a\/√N \+ b\/N +χ²\/ν\nτ +1\.479\(7\) +2\.2 +1\.501\(12\) +0\.7/,
    );
    expect(text).toMatch(/relu +10–64 +1\.44\(2\) +1\.45 +−0\.5 +1\.1\S* +–/);
  });
});

describe('findings on the random walk', () => {
  it('count agreement only where errors are small enough for it to say something', () => {
    const [relu] = tables.random_walk;
    const off = { activation: 'tanh', alpha: 1.37, alpha_deviation: -4 };
    const coarse = { activation: 'sin', alpha: 1.1, alpha_error: 0.5, alpha_deviation: -0.7 };
    const random_walk = [relu, off, coarse, { ...off, activation: 'erf', alpha: null, alpha_deviation: null }];
    const said = (resolution?: number) =>
      randomWalkSummary({ random_walk: random_walk.map((row) => ({ ...relu, ...row })) }, resolution).findings![0]!;
    const agrees = 'α agrees with first returns of a random walk to two standard errors for';
    expect(said().sentence).toBe(
      `${agrees} 1 of 3 activations; it is left open for sin, whose error is too large; it is more than three away for tanh.`,
    );
    expect(said(0.5).sentence).toBe(`${agrees} 2 of 3 activations; it is more than three away for tanh.`);
    expect(said().quantities!.map(({ of }) => of)).toEqual(['relu', 'tanh', 'sin', 'erf']);
  });
});

describe('the summaries of a study', () => {
  it('makes a section of each table that has rows', () => {
    const sections = all(tables);
    expect(sections.map(({ id }) => id)).toEqual(['infinite-width', 'corrections', 'random-walk', 'universality']);
    for (const { head, rows } of sections) for (const row of rows) expect(row).toHaveLength(head.length);
    expect(sections[3]!.rows.map(([ensemble, name]) => [ensemble, name])).toEqual([
      ['N = 100', 'Manna 2D'],
      ['N = 100', 'mean field'],
      ['N = 200', 'mean field'],
      ['1/N → 0', 'Manna 2D'],
    ]);
    expect(all({ exponents })).toEqual([]);
  });
});
