import { controlName } from './control-name.ts';
import { emptyFigure } from './empty-figure.ts';
import { exponentPanels, exponentPoints } from './exponent-panels.ts';
import type { Figure } from './figure.ts';
import { type GammaFit, gammaWords } from './size-words.ts';
import { numberOf, type Row, textOf } from './table-row.ts';
import { seriesColors, seriesShapes, themed } from './theme.ts';

/** A model, or a null model of it. */
function seriesNameOf(row: Row): string {
  const kind = textOf(row, 'surrogate');
  return kind === '' ? textOf(row, 'model') : `${textOf(row, 'model')}, ${controlName(kind)}`;
}

const isOf = (name: string, model: string): boolean => name === model || name.startsWith(`${model}, `);

/** Models in their order, each before its null models. */
const rankOf = (name: string, models: readonly string[]): number =>
  2 * models.findIndex((model) => isOf(name, model)) + (models.includes(name) ? 0 : 1);

/**
 * Exponents against the threshold k, one series a model and one a null model of it, with their standard errors.
 * Reads rows of `exponents`: model, threshold, and tau, alpha, gamma_scaling, gamma_predicted with their errors.
 */
export function thresholdExponentsFigure(rows: readonly Row[], fit: GammaFit = {}): Figure {
  const name = 'exponents-by-threshold';
  const title = 'Exponents against the threshold';
  const models = [...new Set(rows.map((row) => textOf(row, 'model')))].filter((model) => model !== '');
  const thresholds = [...new Set(rows.map((row) => numberOf(row, 'threshold')))].sort((a, b) => a - b);
  const known = rows.filter((row) => textOf(row, 'model') !== '');
  const names = [...new Set(known.map(seriesNameOf))].sort((a, b) => rankOf(a, models) - rankOf(b, models));
  const colors = seriesColors(models.length);
  const points = exponentPoints(known, (row) => {
    const series = seriesNameOf(row);
    // Series stand side by side at each threshold.
    const step = 0.6 / Math.max(names.length, 5);
    return { series, k: numberOf(row, 'threshold') + step * (names.indexOf(series) - (names.length - 1) / 2) };
  });
  if (points.every((own) => own.length === 0)) {
    return emptyFigure(name, title, 'No exponents to draw: no threshold had enough avalanches.');
  }
  const scale = (range: string[]): Record<string, unknown> => ({ domain: names, range });
  const ownColors = names.map((name) => colors[models.findIndex((model) => isOf(name, model))] ?? '#222222');
  const color = { field: 'series', type: 'nominal', scale: scale(ownColors), legend: { title: null } };
  const shape = { ...color, scale: scale(seriesShapes(names.length)) };
  const x = {
    field: 'k',
    type: 'quantitative',
    axis: { title: 'Threshold k (θ = μ + k·sd)', values: thresholds, format: 'd', grid: false },
    scale: { domain: [(thresholds[0] ?? 0) - 0.5, (thresholds.at(-1) ?? 0) + 0.5], nice: false },
  };
  const panels = exponentPanels(points, { x, color }, shape, fit);
  return {
    name,
    title,
    caption: `Exponents of avalanche sizes (excess or signal, as the table of exponents says) and durations, of ${gammaWords(fit).one} against duration, and what the crackling relation predicts for the latter, against the threshold in units of the layers' standard deviations. Null models in the colour of their model. Bars are standard errors.`,
    spec: themed({ concat: panels, columns: 2, spacing: 24 }),
  };
}
