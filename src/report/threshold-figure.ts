import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { estimateOf, numberOf, type Row, textOf } from './table-row.ts';
import { seriesColors, seriesShapes, themed } from './theme.ts';

const quantities: readonly [column: string, title: string][] = [
  ['tau', 'τ (sizes)'],
  ['alpha', 'α (durations)'],
  ['gamma_scaling', 'γ (⟨S⟩ ∝ D^γ)'],
  ['gamma_predicted', '(α − 1)/(τ − 1)'],
];

/**
 * Exponents against the threshold k, one series a model, with their standard errors.
 * Reads rows of `exponents`: model, threshold, and tau, alpha, gamma_scaling, gamma_predicted with their errors.
 */
export function thresholdExponents(rows: readonly Row[]): Figure {
  const name = 'exponents-by-threshold';
  const title = 'Exponents against the threshold';
  const models = [...new Set(rows.map((row) => textOf(row, 'model')))].filter((model) => model !== '');
  const thresholds = [...new Set(rows.map((row) => numberOf(row, 'threshold')))].sort((a, b) => a - b);
  const points = quantities.map(([column]) =>
    rows.flatMap((row) => {
      const estimate = estimateOf(row, column);
      const model = textOf(row, 'model');
      if (estimate === undefined || model === '') return [];
      const error = Number.isFinite(estimate.error) ? estimate.error : 0;
      // Models stand side by side at each threshold.
      const k = numberOf(row, 'threshold') + 0.12 * (models.indexOf(model) - (models.length - 1) / 2);
      return [{ k, model, value: estimate.value, low: estimate.value - error, high: estimate.value + error }];
    }),
  );
  if (points.every((own) => own.length === 0)) {
    return emptyFigure(name, title, 'No exponents to draw: no threshold had enough avalanches.');
  }
  const scale = (range: string[]): Record<string, unknown> => ({ domain: models, range });
  const color = { field: 'model', type: 'nominal', scale: scale(seriesColors(models.length)), legend: { title: null } };
  const shape = { ...color, scale: scale(seriesShapes(models.length)) };
  const x = {
    field: 'k',
    type: 'quantitative',
    axis: { title: 'Threshold k (θ = μ + k·sd)', values: thresholds, format: 'd', grid: false },
    scale: { domain: [(thresholds[0] ?? 0) - 0.5, (thresholds.at(-1) ?? 0) + 0.5], nice: false },
  };
  const panels = quantities.flatMap(([, label], q) => {
    if (points[q]!.length === 0) return [];
    // Errors may be as large as they like: the panel shows where the values are.
    const values = points[q]!.map(({ value }) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = 0.15 * (high - low) + 0.1;
    const y = {
      type: 'quantitative',
      axis: { title: label, tickCount: 5 },
      scale: { domain: [low - margin, high + margin], nice: false, zero: false },
    };
    return [
      {
        width: 260,
        height: 190,
        data: { values: points[q] },
        encoding: { x, color },
        layer: [
          {
            mark: { type: 'rule', strokeWidth: 1.2, clip: true },
            encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
          },
          {
            mark: { type: 'point', filled: true, size: 45, opacity: 1, clip: true },
            encoding: { y: { ...y, field: 'value' }, shape },
          },
        ],
      },
    ];
  });
  return {
    name,
    title,
    caption:
      'Exponents of avalanche sizes (excess or signal, as the table of exponents says) and durations, of mean size against duration, and what the crackling relation predicts for the latter, against the threshold in units of the layers’ standard deviations. Bars are jackknife standard errors.',
    spec: themed({ concat: panels, columns: 2, spacing: 24 }),
  };
}
