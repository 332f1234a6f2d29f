import { emptyFigure } from './empty-figure.ts';
import { exponentPanels, exponentPoints } from './exponent-panels.ts';
import type { Figure } from './figure.ts';
import { numberOf, type Row, textOf } from './table-row.ts';
import { seriesColors, seriesShapes, themed } from './theme.ts';

/**
 * Exponents against the threshold k, one series a model, with their standard errors.
 * Reads rows of `exponents`: model, threshold, and tau, alpha, gamma_scaling, gamma_predicted with their errors.
 */
export function thresholdExponentsFigure(rows: readonly Row[]): Figure {
  const name = 'exponents-by-threshold';
  const title = 'Exponents against the threshold';
  const models = [...new Set(rows.map((row) => textOf(row, 'model')))].filter((model) => model !== '');
  const thresholds = [...new Set(rows.map((row) => numberOf(row, 'threshold')))].sort((a, b) => a - b);
  const known = rows.filter((row) => textOf(row, 'model') !== '');
  const points = exponentPoints(known, (row) => {
    const model = textOf(row, 'model');
    // Models stand side by side at each threshold.
    return { model, k: numberOf(row, 'threshold') + 0.12 * (models.indexOf(model) - (models.length - 1) / 2) };
  });
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
  const panels = exponentPanels(points, { x, color }, shape);
  return {
    name,
    title,
    caption:
      'Exponents of avalanche sizes (excess or signal, as the table of exponents says) and durations, of mean size against duration, and what the crackling relation predicts for the latter, against the threshold in units of the layers’ standard deviations. Bars are jackknife standard errors.',
    spec: themed({ concat: panels, columns: 2, spacing: 24 }),
  };
}
