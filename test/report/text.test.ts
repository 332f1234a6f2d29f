import { describe, expect, it } from 'vitest';
import { countsSummary } from '../../src/report/counts-summary.ts';
import { exponentsSummary } from '../../src/report/exponents-summary.ts';
import { progressText } from '../../src/report/progress-line.ts';
import { duration, fullNumber, plainNumber, roughDuration, siNumber } from '../../src/report/quantity.ts';
import { fileList, summary, summaryText, wrappedLines } from '../../src/report/terminal.ts';
import { syntheticTables } from './synthetic.ts';

describe('siNumber', () => {
  it.each([
    [0, '0'],
    [7, '7'],
    [0.123456, '0.123'],
    [999, '999'],
    [999.4, '999'],
    [999.6, '1.00 k'],
    [1000, '1.00 k'],
    [35_000, '35.0 k'],
    [312_345, '312 k'],
    [999_499, '999 k'],
    [999_600, '1.00 M'],
    [1_240_000, '1.24 M'],
    [9_999_000, '10.0 M'],
    [4e9, '4.00 G'],
    [-1500, '−1.50 k'],
    [Number.NaN, '–'],
  ])('%d is %s', (value, text) => expect(siNumber(value)).toBe(text));
});

describe('duration', () => {
  it.each([
    [0, '0.0 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [185, '3 min 05 s'],
    [3599.6, '1 h 00 min'],
    [7620, '2 h 07 min'],
    [86_399, '1 d 00 h'],
    [273_600, '3 d 04 h'],
    [Number.POSITIVE_INFINITY, '–'],
    [-1, '–'],
  ])('%d seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));
});

it('fullNumber sets thousands apart, plainNumber rounds to six digits', () => {
  expect(fullNumber(1240000)).toBe('1\u202f240\u202f000');
  expect(fullNumber(999)).toBe('999');
  expect(fullNumber(Number.NaN)).toBe('–');
  expect(plainNumber(1.0078125)).toBe('1.00781');
  expect(plainNumber(-0.5)).toBe('−0.5');
  expect(plainNumber(123456789, 3)).toBe('123000000');
  expect(plainNumber(-2.75e17, 2)).toBe('−2.8e17');
});

describe('progressText', () => {
  const state = {
    ensemble: { width: 256 },
    done: 1,
    ensembles: 3,
    total: { valid: 312_345, perturbations: 700_000 },
    elapsed: 7.6,
    remaining: 29.3,
    estimates: { tau: 1.344, alpha: 1.516, gamma: 1.5 },
  };

  it('tells ensemble, avalanches, rate, time left and estimates', () => {
    expect(progressText(state)).toBe('N = 256 (2/3) · 312 k avalanches · 30 s left · 41.1 k/s · τ 1.34 α 1.52 γ 1.50');
  });

  it('writes large estimates, of signals that grow without bound, with an exponent', () => {
    expect(progressText({ ...state, estimates: { s: 2.37966e24, χ: -87.49 } })).toMatch(/ · s 2\.4e24 χ −87\.49$/);
  });

  it('guesses no finer than a guess is', () => {
    const guesses = [0.2, 8.6, 12, 58, 130, 3590, 7900].map(roughDuration);
    expect(guesses).toEqual(['1 s', '9 s', '10 s', '60 s', '2 min', '1 h 00 min', '2 h 10 min']);
  });

  it('leaves out what isn’t known', () => {
    const early = {
      total: { valid: 0, perturbations: 0 },
      elapsed: 0,
      remaining: Infinity,
      estimates: { tau: Number.NaN },
    };
    expect(progressText(early)).toBe('0 perturbations');
    const control = { width: 1, model: 'abbm, c = 0.3' };
    expect(progressText({ ...early, ensemble: control, ensembles: 2 })).toBe('abbm, c = 0.3 (1/2) · 0 perturbations');
  });

  it('says what was interrupted before it was simulated', () => {
    const fitting = { ...state, stage: 'fitting' } as const;
    expect(progressText({ ...fitting, fraction: 1 })).toMatch(/ · simulated; fitting · 30 s left$/);
    expect(progressText({ ...fitting, fraction: 0.3 })).toMatch(/ · interrupted; fitting · 30 s left$/);
  });

  it('drops estimates and rate before the time left, then cuts, to fit the columns', () => {
    for (let columns = 1; columns <= 100; columns++)
      expect(progressText(state, columns).length).toBeLessThanOrEqual(columns);
    expect(progressText(state, 70)).toBe('N = 256 (2/3) · 312 k avalanches · 30 s left · 41.1 k/s · τ 1.34');
    expect(progressText(state, 49)).toBe('N = 256 (2/3) · 312 k avalanches · 30 s left');
    expect(progressText(state, 10)).toBe('N = 256 (…');
  });
});

describe('wrappedLines', () => {
  it('breaks sentences, keeps their indent, and leaves rows of tables alone', () => {
    const text = `a sentence that is longer than that\n  an indented one that is longer still\nτ  size   1.14(8)  6.63 – 492  666  0.03`;
    expect(wrappedLines(text, 24)).toBe(
      [
        'a sentence that is',
        '  longer than that',
        '  an indented one that',
        '    is longer still',
        'τ  size   1.14(8)  6.63 – 492  666  0.03',
      ].join('\n'),
    );
  });
});

describe('the terminal summary', () => {
  const tables = syntheticTables(7, 2000);
  const summaries = [exponentsSummary(tables), countsSummary(tables)];

  it('is a plain aligned table with concise errors', () => {
    expect(summaryText([exponentsSummary(tables)], { columns: 100 })).toBe(
      [
        'ensemble         τ         α         γ  γ collapse  γ predicted  mismatch  branching',
        'N = 128   1.343(4)  1.512(6)  1.496(5)   1.498(12)      1.51(2)   0.02(2)  0.9977(4)',
        'N = 256   1.342(4)  1.511(6)  1.488(5)   1.494(12)      1.50(2)   0.02(2)  0.9988(4)',
        'N = 512   1.341(4)  1.511(6)  1.484(5)   1.492(12)      1.50(2)   0.02(2)  0.9994(4)',
        '',
        'Sizes are of the excess over the threshold, Σ (s − θ).',
      ].join('\n'),
    );
  });

  it('sets a table that is wider than the line in parts, each with the names of its rows', () => {
    const exponents = tables.exponents!.map((row, i) => ({ ...row, gamma_predicted: 1.5 + i / 10, mismatch: i / 10 }));
    const varied = { ...tables, exponents };
    for (const color of [false, true]) {
      const text = summaryText([exponentsSummary(varied)], { color });
      const control = String.fromCharCode(27);
      const lines = text.replaceAll(new RegExp(`${control}\\[\\d*m`, 'g'), '').split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(lines.filter((line) => line.includes('N = 256'))).toHaveLength(2);
      expect(text).toContain('branching');
    }
  });

  it('says growth rates in place of branching ratios of which one has no error', () => {
    const [first, ...others] = tables.exponents!.map((row) => ({
      ...row,
      growth_rate: -0.0012,
      growth_rate_error: 0.0003,
    }));
    const whole = exponentsSummary({ ...tables, exponents: [first!, ...others] });
    expect(whole.brief!.head!.at(-1)).toBe('branching');
    expect(whole.head.slice(-2)).toEqual(['Branching ratio', 'Growth rate']);
    const { brief, rows } = exponentsSummary({
      ...tables,
      exponents: [{ ...first!, branching_ratio_error: null }, ...others],
    });
    expect(brief!.head!.at(-1)).toBe('growth rate');
    expect(brief!.rows!.map((row) => row.at(-1))).toEqual(['−0.0012(3)', '−0.0012(3)', '−0.0012(3)']);
    expect(brief!.lines!.join()).toContain('Too few large avalanches carry the branching ratio.');
    expect(rows[0]!.slice(-2)).toEqual(['0.9977', '−0.0012(3)']);
  });

  it('says what was found first, in sentences broken at the line’s end', () => {
    const text = summary({ summaries });
    const first = text.slice(0, text.indexOf('ensemble '));
    expect(first).toMatch(/^• N = 128, of 2\u202f000 avalanches: τ = 1\.343\(4\)/);
    expect(first).toContain('• N = 128: the crackling relation holds');
    for (const line of first.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('counts valid, dead and censored, and values that aren’t finite only where there are some', () => {
    expect(summaryText([countsSummary(tables)])).toMatch(/^ensemble +perturbations +valid +dead +censored$/m);
    expect(summaryText([countsSummary(tables)])).toMatch(/^N = 128 +4\u202f000 +2\u202f000 +1\u202f963 +37$/m);
    expect(
      summaryText([
        countsSummary({
          ensemble: [{ ensemble: 0, width: 8, perturbations: 3, valid: 1, dead: 1, censored: 0, non_finite: 1n }],
        }),
      ]),
    ).toContain('non-finite');
  });

  it('shows the mismatch in standard errors, and dashes for what wasn’t found', () => {
    const text = summaryText([
      exponentsSummary({
        exponents: [
          {
            ensemble: 0,
            width: 64,
            tau: 1.3,
            tau_error: 0.01,
            alpha: null,
            mismatch: -0.05,
            mismatch_error: 0.02,
            mismatch_sigmas: -2.5,
          },
        ],
      }),
    ]);
    expect(text).not.toContain('branching');
    expect(text).toMatch(/N = 64 +1\.300\(10\) +– +– +– +– +−0\.05\(2\) {2}2\.5 σ/);
  });

  it('has borders only when asked, and no colour by default', () => {
    const control = String.fromCharCode(27);
    expect(summary({ summaries })).not.toContain(control);
    expect(summary({ summaries })).not.toMatch(/[│┌]/);
    expect(summary({ summaries }, { color: true })).toMatch(/[│┌]/);
  });

  it('lists files, parts and figures once', () => {
    const files = [
      'manifest.json',
      'avalanche/part-00000.parquet',
      'avalanche/part-00001.parquet',
      'figures/a.svg',
      'figures/a.png',
      'figures/b.svg',
    ];
    expect(fileList(files)).toBe(
      '  manifest.json\n  avalanche/part-*.parquet  (2 parts)\n  figures/a.{svg,png}\n  figures/b.svg',
    );
    expect(fileList(['signal/part-00000.parquet'])).toBe('  signal/part-00000.parquet');
    expect(summary({ summaries: [], folder: 'out/x', files })).toMatch(/^out\/x\/\n {2}manifest/);
    expect(summary({ summaries: [] })).toBe('');
    // To be pasted into a shell.
    expect(summary({ summaries: [], folder: 'my runs/x', files: ['report.html'] })).toMatch(
      /\nopen 'my runs\/x\/report\.html'$/,
    );
  });
});
