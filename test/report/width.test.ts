import { describe, expect, it } from 'vitest';
import { correlationSummary } from '../../src/report/correlation-summary.ts';
import { cracklingFindings } from '../../src/report/crackling-findings.ts';
import { correctionSummary, extrapolationSummary } from '../../src/report/finite-size-summaries.ts';
import { knownExponentsSummary } from '../../src/report/known-exponents-summary.ts';
import { predictorsSummary, trainedSummary } from '../../src/report/learning-summaries.ts';
import { regimesSummary } from '../../src/report/regimes-summary.ts';
import type { Summary } from '../../src/report/summary.ts';
import { surrogateSummary } from '../../src/report/surrogate-summary.ts';
import type { Row } from '../../src/report/table-row.ts';
import { draw, summaryText } from '../../src/report/terminal.ts';

const known: Row[] = ['ornstein-uhlenbeck', 'random-walk, size from zero'].flatMap((process, ensemble) =>
  ['tau', 'alpha', 'gamma'].map((exponent) => ({
    ensemble,
    process,
    exponent,
    known: 4 / 3,
    finite_size: 1.481,
    measured: 1.00318,
    error: 0.00011,
    deviation: -4340,
    window_min: 20500,
    window_max: 1060000,
    fitted: 12345,
    verdict: 'fails, as it should',
    class_named: 'manna_3d',
  })),
);

const regime: Row[] = [0.9, 1, 1.2].flatMap((weight_variance, ensemble) =>
  ['mean', 'recursion'].flatMap((series) =>
    [0, 200].map((layer) => ({
      ensemble,
      weight_variance,
      series,
      layer,
      strength: layer === 0 ? 0.00625 : 1.591e-7 * weight_variance,
      strength_error: 4e-9,
    })),
  ),
);

const correction: Row[] = [100, 200, 300].flatMap((width) =>
  ['size', 'duration'].map((observable) => ({
    width,
    observable,
    scaled: observable === 'size' ? 1.1 : 0.7,
    scaled_error: 0.1,
    r_squared: 0.998,
    inside: width < 300,
    used: 0.7,
  })),
);

const extrapolation: Row[] = [
  'tau',
  'alpha',
  'gamma_scaling',
  'gamma_collapse',
  'gamma_predicted',
  'mismatch',
  'branching_ratio',
  'growth_rate',
].flatMap((exponent) =>
  ['line', 'root'].map((approach) => ({
    exponent,
    approach,
    intercept: 1.00138,
    intercept_error: 0.00018,
    chi_square: 9.3,
    degrees_of_freedom: 3,
  })),
);

const surrogate: Row[] = ['tau', 'alpha', 'gamma_scaling', 'gamma_predicted'].flatMap((exponent) =>
  ['gaussian', 'shuffle'].map((kind) => ({
    ensemble: 0,
    width: 128,
    exponent,
    surrogate: kind,
    measured: 1.49,
    measured_error: 0.03,
    null_model: kind === 'shuffle' ? null : 1.38,
    null_model_error: kind === 'shuffle' ? null : 0.15,
    verdict: kind === 'shuffle' ? 'missing in one of them' : "can't be told",
  })),
);

const plane: Row[] = [0, 0.5].map((bias_variance) => ({
  bias_variance,
  peak: 1.75,
  peak_accuracy: 0.2582,
  peak_accuracy_error: 0.0004,
  weight_low: 1.25,
  weight_high: 2.75,
  edge_of_chaos: 1.42,
  widom_line: 1.19,
  threshold: 0.9,
}));

const ranked: Row[] = ['widom_distance', 'xi_c'].map((predictor, i) => ({
  predictor,
  rho: 0.84 - i,
  rho_error: 0.05,
  rho_low: 0.71,
  rho_high: 0.89,
  points: 40,
  bias_variance: null,
}));

const summaries: [string, Summary][] = [
  ['known exponents', knownExponentsSummary({ known_exponents: known })],
  ['regimes', regimesSummary({ regime })],
  ['corrections', correctionSummary({ correction })],
  ['infinite width', extrapolationSummary({ extrapolation })],
  ['surrogates', surrogateSummary({ surrogate, ensemble: [{ ensemble: 0, width: 128 }] })],
  ['where networks train', trainedSummary({ trainable_region: plane })],
  ['predictors', predictorsSummary({ rank_correlation: ranked })],
];

describe('a terminal of 80 columns', () => {
  it.each(summaries)('has the table of %s in one part, plain and with borders', (_, one) => {
    expect(one.rows.length).toBeGreaterThan(1);
    for (const color of [false, true]) {
      const text = summaryText([one], { columns: 80, color });
      const lines = text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d*m`, 'g'), '').split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
      const first = (one.brief?.head ?? one.head)[0]!;
      expect(lines.filter((line) => line.replace(/^│ /, '').startsWith(`${first} `))).toHaveLength(1);
    }
  });

  it('has what never varies in a line below, where the table would be wider than a line', () => {
    const text = summaryText([regimesSummary({ regime })], { columns: 60 });
    expect(text).toContain('in all rows: layer 200; at the input 0.00625');
    expect(text).not.toContain('  0.00625  ');
    expect(summaryText([regimesSummary({ regime })], { columns: 120 })).not.toContain('in all rows');
  });

  it('cuts a table into parts that are about as wide as each other', () => {
    const head = ['name', ...Array.from({ length: 9 }, (_, i) => `number ${i}`)];
    const rows = ['a', 'b'].map((name) => [name, ...Array.from({ length: 9 }, (_, i) => `${name}${i}.12345`)]);
    const parts = draw(head, rows, { columns: 80 }).split('\n\n');
    expect(parts.map((part) => part.split('\n')[0]!.match(/number/g)!.length)).toEqual([5, 4]);
  });
});

describe('findings', () => {
  const found = (rows: Row[]) =>
    cracklingFindings({
      exponents: [{ ensemble: 0, width: 128, tau: 1.49, tau_error: 0.03 }],
      surrogate: rows,
    }).map(({ sentence }) => sentence);

  it('say of every null model what it gives, and of one without exponents why', () => {
    const sentences = found(surrogate);
    expect(sentences).toContain(
      "Whether the gaussian surrogate has the same can't be told of τ (1.38(15) there), α (1.38(15) there), γ (1.38(15) there): the errors are too large.",
    );
    expect(sentences).toContain(
      'The shuffle surrogate has no τ, α, γ to compare: too few of its avalanches lie in the range of the fits.',
    );
  });

  it('say that what sets a network apart from networks without its structure need not be learned', () => {
    const apart = { ...surrogate[0]!, surrogate: 'shuffled-weights', verdict: 'differs from its surrogate' };
    expect(found([apart])).toContain(
      "With its weights shuffled it has another τ (1.38(15) there), which needn't be learned: single networks may differ by more than these errors; compare with one before training.",
    );
    expect(found([{ ...apart, surrogate: 'phase' }])).toContain('The phase surrogate has another τ (1.38(15) there).');
    const { head, rows, brief, findings } = {
      ...surrogateSummary({ surrogate: [apart], ensemble: [{ ensemble: 0, width: 128 }] }),
      findings: cracklingFindings({
        exponents: [{ ensemble: 0, width: 128, tau: 1.49, tau_error: 0.03 }],
        surrogate: [apart],
      }),
    };
    expect(head).toContain('control');
    expect(rows[0]?.at(-1)).toBe('differs from its control');
    expect(brief?.rows?.[0]?.at(-1)).toBe('differs');
    expect(JSON.stringify([head, rows, brief, findings])).not.toContain('surrogate');
  });

  it.each([
    [{ perturbations: 1, dead: 1, censored: 0 }, ': the one perturbation is below the threshold at once'],
    [{ dead: 90, censored: 0 }, ': all 90 perturbations are below the threshold at once'],
    [{ dead: 0, censored: 90 }, ': all 90 perturbations are above the threshold at the last layer'],
    [{ dead: 40, censored: 50 }, ': no perturbation made an avalanche that ended before the last layer'],
    [{ dead: 40, censored: 43, valid: 7 }, ''],
    [{ dead: 40, censored: 43, valid: 7 }, ': the longest lasts 1 layer', [1]],
    [{ dead: 40, censored: 43, valid: 7 }, ': the longest lasts about 19 layers', [4, 18.9]],
  ])('say why there is nothing to fit: %j', (counts, why, durations: number[] = []) => {
    const row = { ensemble: 0, width: 128, perturbations: 90, valid: 0, ...counts };
    const [finding] = cracklingFindings({
      exponents: [{ ensemble: 0, width: 128 }],
      ensemble: [row],
      scaling: durations.map((duration) => ({ ensemble: 0, duration })),
    });
    const of = row.valid === 0 ? '' : ', of 7 avalanches';
    expect(finding!.sentence).toBe(`N = 128${of}: no exponent could be fitted${why}.`);
  });

  it('say what the scan for straightness gives, and whether theory allows for it', () => {
    const [finding] = correctionSummary({ correction }).findings ?? [];
    expect(finding?.sentence).toBe(
      "Distributions are straightest at δ(N)·N/c = 0.70(7) for durations (2 widths) and 1.10(7) for sizes (2 widths), and ln s has no drift at 1, from which that of durations is 4.2 standard errors away: the straightest distribution isn't quite that of the critical network. 2 of 6 corrections lie at the end of the scan and aren't counted.",
    );
    expect(finding?.verdict).toBe('off theory');
    const near = correction.map((row) => ({ ...row, scaled: 1.05, inside: true }));
    const [fine] = correctionSummary({ correction: near }).findings ?? [];
    expect(fine).toMatchObject({
      verdict: 'compatible with theory',
      quantities: [{ value: expect.closeTo(1.05, 9), count: 3 }, { count: 3 }],
    });
    const coarse = near.map((row) => ({ ...row, scaled_error: 1.2 }));
    expect(correctionSummary({ correction: coarse }).findings).toMatchObject([
      {
        sentence: expect.stringMatching(
          / where ln s has no drift, but for \S+ and \S+ with 0, no correction, as well\.$/,
        ),
        verdict: 'left open',
      },
    ]);
    const strained = near.map((row) => ({ ...row, scaled: 1.25, scaled_error: 0.1 * Math.sqrt(3) }));
    expect(correctionSummary({ correction: strained }).findings).toMatchObject([
      { sentence: expect.stringContaining('is 2.5 standard errors away: whether'), verdict: 'strained' },
    ]);
    expect(correctionSummary({ correction: [] }).findings).toEqual([]);
  });

  it('give limits at infinite width by either form, and say which of them a form does not describe', () => {
    const limit = (exponent: string, approach: string, intercept: number, chi_square: number) => ({
      exponent,
      approach,
      intercept,
      intercept_error: 0.005,
      chi_square,
      degrees_of_freedom: approach === 'line' ? 3 : 2,
    });
    const both = [
      limit('tau', 'line', 1.31, 3.1),
      limit('gamma_scaling', 'line', 1.6, 105),
      limit('tau', 'root', 1.32, 0.4),
      limit('gamma_scaling', 'root', 1.55, 0.1),
    ];
    const sentences = extrapolationSummary({ extrapolation: both }).findings!.map(({ sentence }) => sentence);
    expect(sentences).toEqual([
      "At infinite width, by fits of y + b/N: τ → 1.310(5), γ of sizes → 1.600(5). This form doesn't describe γ of sizes (χ²/ν = 35), so that limits by it may be off by more than these errors.",
      'The same by fits of y + a/√N + b/N: τ → 1.320(5), γ of sizes → 1.550(5). What form is right is not known, so the difference of the two is an error, too.',
    ]);
    const thin = [{ width: 50, alpha_mark: 'short range' }, { width: 100, tau_mark: 'few values' }, { width: 200 }];
    const limits = [...both, limit('mismatch', 'line', 0.1, 1)];
    const marked = (exponents: readonly object[]) =>
      extrapolationSummary({ extrapolation: limits, exponents } as never).findings![0]!.sentence;
    expect(marked(thin)).toMatch(
      /: τ → 1\.310\(5\)°, γ of sizes → 1\.600\(5\), mismatch → 0\.100\(5\)°\. °: from widths at which it is poorly constrained/,
    );
    expect(marked(thin.slice(0, 1))).toContain('τ → 1.310(5), γ of sizes → 1.600(5), mismatch → 0.100(5)°.');
    // Null models have marks of their own.
    expect(marked([{ ...thin[0], surrogate: 'phase' }])).not.toContain('°');
    const [alone, none] = extrapolationSummary({ extrapolation: both.slice(0, 1) }).findings!;
    expect(alone!.sentence).toBe('At infinite width, by fits of y + b/N: τ → 1.310(5).');
    expect(none).toBeUndefined();
  });

  it('say over which layers a correlation was seen to settle, and what the map gives over the same', () => {
    const row = { weight_variance: 1.9, bias_variance: 0.05, input_correlation: 0.9, xi_c: 39.4 };
    const measured = { decay_length: 48.3, decay_length_error: 1.6, decay_length_recursion: 42.5 };
    const correlation_depth = [
      { ...row, ...measured, first_layer: 22, last_layer: 200 },
      { ...row, weight_variance: 3, decay_length: 9, decay_length_error: 0.1, decay_length_recursion: 9.1 },
    ];
    expect(correlationSummary({ correlation_depth }).findings![0]!.sentence).toBe(
      'Of the points measured, the correlation of two inputs settles slowest at σw² = 1.9, σb² = 0.05, c₀ = 0.9: its distance from c* decays over 48.3(1.6) layers, fitted from layer 22 to 200, where the correlation map gives 42.5 over the same layers, and ξ_c = 39.4.',
    );
    const offBy = (rows: Row[]) => correlationSummary({ correlation_depth: rows }).findings![1]!.sentence;
    expect(offBy(correlation_depth.slice(0, 1))).toBe(
      'The measured decay length is off that of the correlation map by 14 %.',
    );
    // Between 13.6 % and 1.1 %.
    expect(offBy(correlation_depth)).toBe(
      'Measured decay lengths are off those of the correlation map by 7.4 % in the median of 2 points.',
    );
  });

  it('give a correlation just below 1 as what it lacks, where it would read 1', () => {
    const row = { weight_variance: 1.9, bias_variance: 0.05, decay_length: 9, decay_length_error: 0.1 };
    const near = { ...row, input_correlation: 0.999999999999, c_star: 0.99996 };
    const { rows, findings } = correlationSummary({
      correlation_depth: [near, { ...row, input_correlation: -1, c_star: 1 }],
    });
    expect(rows.map((cells) => cells.slice(2, 4))).toEqual([
      ['1 − 1e−12', '1 − 0.00004'],
      ['−1', '1'],
    ]);
    expect(findings![0]!.sentence).toContain('c₀ = 1 − 1e−12: its distance');
  });

  it('say of a decay length without an error that it has none, and no digits that look known', () => {
    const row = { weight_variance: 1, bias_variance: 0.05, input_correlation: 0, xi_c: 10.9 };
    const measured = { decay_length: 24.81, decay_length_error: null, decay_length_recursion: 11.02 };
    const { rows, findings } = correlationSummary({
      correlation_depth: [{ ...row, ...measured, first_layer: 1, last_layer: 9 }],
    });
    expect(rows[0]![4]).toBe('25 (no error)');
    expect(findings![0]!.sentence).toContain('decays over 25 (no error) layers,');
  });

  it('name no decay length the slowest that its error holds to be nothing', () => {
    const row = { weight_variance: 1, bias_variance: 0.05, input_correlation: 0, decay_length_recursion: 11.02 };
    const [known, unknown] = [
      { ...row, decay_length: 9, decay_length_error: 3 },
      { ...row, decay_length: 20, decay_length_error: 140 },
    ];
    const of = (rows: Row[]) => correlationSummary({ correlation_depth: rows }).findings!.map((one) => one.sentence);
    expect(of([known, unknown])[0]).toContain('decays over 9(3) layers,');
    expect(of([unknown])).toEqual([
      expect.stringMatching(/^Errors of decay lengths are more than half .* more networks\.$/),
    ]);
  });
});
