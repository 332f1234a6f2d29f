import { describe, expect, it } from 'vitest';
import { knownExponentsFigure } from '../../src/report/known-exponents-figure.ts';
import { knownExponentsSummary } from '../../src/report/known-exponents-summary.ts';
import { figureSvg } from '../../src/report/render.ts';
import { summaryText } from '../../src/report/terminal.ts';

const row = (process: string, exponent: string, measured: number | null, more: object = {}) => ({
  ensemble: 0,
  process,
  exponent,
  known: 1.5,
  source: 'a paper',
  finite_size: null,
  measured,
  error: 0.012,
  deviation: measured === null ? null : (measured - 1.5) / 0.012,
  window_min: 20,
  window_max: 1024,
  fitted: 12_345,
  verdict: 'agrees',
  class_known: 'mean_field',
  class_named: 'mean_field',
  class_p_value: 0.6,
  class_right: true,
  ...more,
});

const tables = {
  known_exponents: [
    row('branching', 'tau', 1.491, { finite_size: 1.4993 }),
    row('branching', 'alpha', 1.52),
    row('branching', 'gamma', null, { verdict: 'not measured', error: null }),
    row('walk from zero', 'gamma', 1, {
      verdict: 'wrong',
      class_named: 'manna_3d',
      class_right: false,
      class_p_value: 1e-9,
    }),
    row('abbm, c = 0.3', 'tau', 1.35, { class_known: null, class_right: null, class_p_value: null }),
    row('dp-1+1', 'tau', 1.1, { class_named: 'manna_1d', class_right: false, class_p_value: 0.3 }),
  ],
};

describe('known exponents', () => {
  it('that their errors leave open are not called measured', () => {
    const sentence = (...verdicts: string[]): string =>
      knownExponentsSummary({ known_exponents: verdicts.map((verdict) => row('walk', 'tau', 1.5, { verdict })) })
        .findings![0]!.sentence;
    const within = 'known exponents are measured to within two standard errors';
    const one = within.replace('exponents are', 'exponent is');
    expect(sentence('agrees', 'left open', 'left open')).toBe(
      `1 of 3 ${within}; 2 are left open, for their errors are too large.`,
    );
    expect(sentence('left open')).toBe(`0 of 1 ${one}; 1 is left open, for its error is too large.`);
    expect(sentence('agrees')).toBe(`1 of 1 ${one}.`);
    const control = (...verdicts: string[]) =>
      knownExponentsSummary({ known_exponents: verdicts.map((verdict) => row('walk', 'tau', 1.5, { verdict })) })
        .findings!.map(({ sentence: said, verdict }) => [said, verdict])
        .at(-1);
    const [fails, open] = ['fails, as it should', 'left open, as the error is too large'];
    expect(control(fails, open)).toEqual([
      'Negative control (sizes summed from zero): 1 of 2 exponents fail, as they should; 1 is left open, for its error is too large.',
      'left open',
    ]);
    expect(control(open, 'agrees, and should not')![1]).toBe('agrees, and should not');
  });

  it('are drawn with what is off the scale at its edge', async () => {
    const svg = await figureSvg(knownExponentsFigure(tables));
    for (const text of ['branching', 'walk from zero', 'abbm, c = 0.3', 'τ − known (sizes)'])
      expect(svg).toContain(text);
    for (const kind of ['off the scale, lower', 'same fit on the exact law', '−0.50']) expect(svg).toContain(kind);
    expect(svg).not.toContain('off the scale, higher');
    // γ of the walk is 0.5 too small: its triangle points to the left, where it is.
    const drawn = (measured: number): unknown[] => {
      const spec = JSON.stringify(knownExponentsFigure({ known_exponents: [row('walk', 'gamma', measured)] }).spec);
      return [...spec.matchAll(/"kind":"(off the scale, \w+)","value":(-?[\d.]+)/g)].map(([, kind, at]) => [kind, at]);
    };
    expect(drawn(1)[0]).toEqual(['off the scale, lower', '-0.25']);
    expect(drawn(2)[0]).toEqual(['off the scale, higher', '0.25']);
    expect(await figureSvg(knownExponentsFigure({}))).toContain('No exponents to draw');
  });

  it('are printed with what is known, at finite size, measured and said', () => {
    const text = summaryText([knownExponentsSummary(tables)], { columns: 200 });
    expect(text).toMatch(/branching +τ +1.5 +1.499 +1.491\(12\) +−0.7 +agrees/);
    expect(text).toMatch(/γ +1.5 +– +– +– +not measured/);
    expect(text).toMatch(/walk from zero +γ +1.5 +– +1.000\(12\) +−41.7 +wrong/);
    expect(text).toMatch(/abbm, c = 0.3: none known \(nearest mean field\)/);
    expect(text).toMatch(/dp-1\+1: Manna 1D \(mean field not excluded, p = 0.3/);
    expect(text).toContain('  branching: mean field, right');
    // The page has all of it.
    expect(knownExponentsSummary(tables).rows[0]).toEqual(
      expect.arrayContaining(['20–1020', '12345', 'mean field, right']),
    );
    expect(summaryText([knownExponentsSummary({})])).toBe('');
  });

  it('count the negative control apart, and part names that have commas by semicolons', () => {
    const control = { class_known: 'multiplicative_walk', class_named: 'multiplicative_walk' };
    const known_exponents = [
      row('branching', 'tau', 1.5),
      row('abbm, c = 0.3', 'gamma', 1.4, { verdict: 'wrong' }),
      row('dp-1+1', 'tau', 1.4, { verdict: 'wrong' }),
      row('random-walk, size from zero', 'tau', 1.4, { verdict: 'fails, as it should', ...control }),
      row('random-walk, size from zero', 'alpha', 1.5, { verdict: 'agrees', ...control }),
      row('random-walk, size from zero', 'gamma', 1, { verdict: 'fails, as it should', ...control }),
    ];
    const { findings, rows } = knownExponentsSummary({ known_exponents });
    expect(findings!.map(({ sentence }) => sentence)).toEqual([
      '2 of 4 known exponents are measured to within two standard errors.',
      'Negative control (sizes summed from zero): 2 of 2 exponents fail, as they should.',
      'Wrong by more than three standard errors: γ of abbm, c = 0.3; τ of dp-1+1.',
    ]);
    expect(rows[3]!.at(-1)).toBe('multiplicative walk, right');
    const thin = [{ ensemble: 0, tau_mark: 'few values', alpha_mark: '' }];
    expect(knownExponentsSummary({ known_exponents, exponents: thin }).rows[0]!.at(-1)).toBe(
      'not decided: τ was fitted to fewer than 100 values',
    );
  });

  it('have a table in the report', () => {
    expect(knownExponentsSummary(tables).rows).toHaveLength(6);
  });
});
