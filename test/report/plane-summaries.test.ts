import { describe, expect, it } from 'vitest';
import { predictorsSummary, scanSummary, trainedSummary } from '../../src/report/learning-summaries.ts';
import { ridgesSummary } from '../../src/report/ridges-summary.ts';
import { withRows } from '../../src/report/summary.ts';
import type { Tables } from '../../src/report/table-row.ts';
import { summaryText } from '../../src/report/terminal.ts';

const correlation = (predictor: string, rho: number, bias_variance: number | null = null) => ({
  bias_variance,
  predictor,
  cells: 48,
  rho,
  rho_error: 0.05,
  rho_low: rho - 0.12,
  rho_high: rho + 0.08,
  p_value: 1e-4,
});
const tables = {
  trainable_region: [
    {
      bias_variance: 0.1,
      threshold: 0.5,
      weight_low: 1.6,
      weight_high: null,
      peak: 2,
      peak_accuracy: 0.824,
      peak_accuracy_error: 0.013,
      edge_of_chaos: 1.98607,
      widom_line: 1.511,
    },
  ],
  rank_correlation: [
    correlation('chi_weight_variance', 0.5),
    correlation('edge_chi_1', 0.85),
    correlation('xi_c', 0.9, 0.1),
  ],
  rank_difference: [
    {
      predictor: 'edge_chi_1',
      other: 'chi_weight_variance',
      difference: 0.35,
      difference_error: 0.08,
      difference_low: -0.01,
      difference_high: 0.5,
      ahead: 0.998,
    },
  ],
  phase: [0.5, 1, 1.5, 2].map((weight_variance) => ({
    bias_variance: 0.1,
    weight_variance,
    susceptibility: weight_variance === 2 ? null : weight_variance,
    size_susceptibility: 100 - (weight_variance - 1) ** 2,
    chi_weight_variance: weight_variance === 1.5 ? Infinity : 1,
  })),
};
const all = (of: Tables) => withRows([trainedSummary(of), predictorsSummary(of), ridgesSummary(of)]);
const rowsOf = (id: string) => all(tables).find((table) => table.id === id)!.rows;

describe('the summaries of the plane of variances', () => {
  it('says where networks train best beside the curves that there are', () => {
    const sentence = (more: object) =>
      trainedSummary({ trainable_region: tables.trainable_region!.map((row) => ({ ...row, ...more })) } as Tables)
        .findings![0]!.sentence;
    expect(sentence({})).toMatch(/where the edge of chaos is at 1\.99 and the Widom-like line is at 1\.51\.$/);
    expect(sentence({ edge_of_chaos: null })).toMatch(/where there is no edge of chaos and the Widom-like line is at/);
  });

  it('names no point the best that is the only one, and says how many others are as good within their errors', () => {
    const region = { bias_variance: 0, peak: 2, peak_accuracy: 0.9, peak_accuracy_error: 0.01, threshold: 0.5 };
    const sentence = (accuracies: readonly number[], error: number | null) =>
      trainedSummary({
        trainable_region: [{ ...region, peak_accuracy_error: error }],
        trainability: accuracies.map((accuracy, i) => ({
          ...{ experiment: 'map', weight_variance: 2 + i, bias_variance: 0, accuracy, accuracy_error: error },
        })),
      }).findings![0]!.sentence;
    expect(sentence([0.9], 0.01)).toMatch(
      /^Networks at σw² = 2, σb² = 0, the only point tried, come to .* 0\.90\d*\(10\)/,
    );
    expect(sentence([0.9, 0.88, 0.85, 0.5], 0.01)).toMatch(/; 1 of the other 3 points can't be told from it\.$/);
    expect(sentence([0.9, 0.9, 0.89], null)).toMatch(/; 1 of the other 2 points can't be told from it\.$/);
    expect(sentence([0.9, 0.85], 0.01)).not.toContain('told');
  });

  it('says where networks of a scan learn fastest, and where none came to the target', () => {
    const cell = (width: number, weight_variance: number, reached: number, epochs: number | null) => ({
      experiment: 'scan',
      width,
      weight_variance,
      runs: 2,
      reached,
      epochs_to_target: epochs,
      accuracy: 0.9 + weight_variance / 100,
      accuracy_error: 0.004,
      edge_of_chaos: 1.189,
      widom_line: null,
    });
    const trainability = [
      ...[cell(32, 0.9, 1, 9), cell(32, 1.1, 2, 12.5), cell(32, 1.5, 2, 7), cell(32, 2, 2, 7)],
      ...[cell(64, 0.9, 1, 9), cell(96, 1, 2, 9), cell(96, 1.5, 2, 7), cell(96, 2, 2, 8)],
    ];
    const { rows, findings } = scanSummary({ trainability }, 0.97);
    expect(rows[1]).toEqual(['N = 32', '1.1', '12.5', '2 of 2', '0.911(4)']);
    expect(findings!.map(({ sentence }) => sentence)).toEqual([
      'N = 32: networks come to 97 % training accuracy fastest at σw² = 1.5 and 2 (the largest tried), in 7 epochs, where the edge of chaos is at 1.19 and there is no Widom-like line; 3 of 4 weight variances come there with all networks.',
      'N = 64: at no weight variance did all networks come to 97 % training accuracy; the best, σw² = 0.9, ended at 0.909(4).',
      'N = 96: networks come to 97 % training accuracy fastest at σw² = 1.5, in 7 epochs, where the edge of chaos is at 1.19 and there is no Widom-like line; 3 of 3 weight variances come there with all networks.',
    ]);
    const alike = scanSummary({ trainability: [cell(8, 1, 2, 1), cell(8, 1.5, 2, 1)] }, 0.97).findings![0]!.sentence;
    expect(alike).toContain('accuracy equally fast at all 2 weight variances, in 1 epoch, where');
    expect(scanSummary(tables, 0.97)).toMatchObject({ rows: [], findings: [] });
  });

  it('sets the best cell of a bias variance beside the curves of the theory', () => {
    expect(rowsOf('trained')).toEqual([['σb² = 0.1', '2', '0.824(13)', '1.6', '–', '1.99', '1.51']]);
  });

  it('ranks predictors over all cells, the best first, and says how far the others are behind', () => {
    expect(rowsOf('predictors')).toEqual([
      ['closeness of χ₁ to 1', '0.85(5)', '0.73 to 0.93', '–', '–', '–'],
      ['susceptibility ∂s*/∂σw²', '0.50(5)', '0.38 to 0.58', '0.35(8)', '−0.01 to 0.50', '99.8 %'],
    ]);
  });

  it('says which of two predictors is ahead, and where they cannot be told apart or the best is not clear of 0', () => {
    const sentence = (ahead: number, rho_low: number): string => {
      const rank_correlation = ['edge_chi_1', 'xi_c'].map((predictor, i) => ({
        ...correlation(predictor, 0.8 - 0.02 * i),
        rho_error: 0.05,
        rho_low,
      }));
      const rank_difference = [{ predictor: 'edge_chi_1', other: 'xi_c', difference: 0.02, ahead }];
      return predictorsSummary({ rank_correlation, rank_difference }).findings![0]!.sentence;
    };
    expect(sentence(0.61, 0.7)).toBe(
      "Training accuracy is best predicted by closeness of χ₁ to 1 (Spearman's ρ = 0.80(5)), then by depth scale of correlations (0.78(5)): the first is ahead in 61.0 % of resamples, so that the two can't be told apart.",
    );
    expect(sentence(0.97, -0.1)).toBe(
      "Training accuracy is best predicted by closeness of χ₁ to 1 (Spearman's ρ = 0.80(5), not clear of 0), then by depth scale of correlations (0.78(5)): the first is ahead in 97.0 % of resamples.",
    );
  });

  it('says where cells have no susceptibility, in words', () => {
    const phase = [1, 1.5, 2].map((weight_variance) => ({
      weight_variance,
      bias_variance: 0,
      susceptibility: weight_variance,
    }));
    expect(ridgesSummary({ phase }).findings![0]!.sentence).toBe(
      'At σb² = 0 the signal strength is most susceptible to the weight variance at σw² = 2 (the highest of the grid: the peak may lie beyond), fewer than three cells have a susceptibility of the mean avalanche size; in theory (N → ∞) fewer than three cells have a susceptibility. The grid has steps of 0.5.',
    );
  });

  it('names no cell of a theory of relu below σw² = 2 without biases, where nothing is susceptible', () => {
    const phase = [1, 1.5, 1.9].map((weight_variance) => ({
      weight_variance,
      bias_variance: 0,
      susceptibility: weight_variance,
      chi_weight_variance: 0,
    }));
    const { findings, rows } = ridgesSummary({ phase });
    expect(findings![0]!.sentence).toContain(
      'in theory (N → ∞) the susceptibility is 0 in every cell: signals die out.',
    );
    expect(findings![0]!.quantities!.at(-1)!.value).toBeNaN();
    expect(rows[0]!.at(-1)).toBe('–');
    const beyond = [2, 2.1].map((weight_variance) => ({
      ...phase[0]!,
      weight_variance,
      s_star: Infinity,
      chi_weight_variance: Number.NaN,
    }));
    expect(ridgesSummary({ phase: [...phase, ...beyond] }).findings![0]!.sentence).toContain(
      'no cell has a susceptibility above 0: signals grow without bound from σw² = 2 on, and die out below.',
    );
  });

  it('says in which cell finite networks are most susceptible; where theory diverges it has its peak, which is that of its curve', () => {
    expect(rowsOf('ridges')).toEqual([['σb² = 0.1', '1.5', '1', '1.5']]);
    expect(ridgesSummary(tables).findings!.map(({ sentence }) => sentence)).toEqual([
      'At σb² = 0.1 the signal strength is most susceptible to the weight variance at σw² = 1.5, the mean avalanche size at 1; in theory (N → ∞) the susceptibility diverges at 1.5. The grid has steps of 0.5.',
    ]);
    const line = { curve: 'widom-weight-variance', bias_variance: 0.1, weight_variance: 1.237, value: 0.4 };
    const phase_curve = [{ ...line, curve: 'edge-of-chaos', weight_variance: 1.8 }, line];
    const [finding] = ridgesSummary({ ...tables, phase_curve }).findings!;
    expect(finding!.sentence).toContain('; in theory (N → ∞) the susceptibility peaks at 1.237. The grid');
    expect(finding!.quantities!.at(-1)!.value).toBe(1.237);
  });

  it('is in report and terminal, and silent without rows', () => {
    expect(all(tables).map(({ id }) => id)).toEqual(['trained', 'predictors', 'ridges']);
    const text = summaryText(all(tables));
    for (const part of ['closeness of χ₁ to 1', '0.35(8)', '0.824(13)', 'd⟨S⟩/dσw²']) expect(text).toContain(part);
    expect(all({})).toEqual([]);
  });
});
