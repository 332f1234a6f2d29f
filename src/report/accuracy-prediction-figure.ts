import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { plainNumber } from './quantity.ts';
import { numberOf, type Row } from './table-row.ts';
import { seriesColors, seriesShapes, themed } from './theme.ts';

/**
 * Training accuracy of each cell of the map against the weight susceptibility there, and against χ₁, whose edge of chaos is 1.
 * Reads `trainability` rows: bias_variance, accuracy, chi_weight_variance, chi_1.
 */
export function accuracyPredictionFigure(rows: readonly Row[]): Figure {
  const name = 'accuracy-prediction';
  const title = 'What predicts training accuracy';
  const values = rows
    .map((row) => ({
      susceptibility: numberOf(row, 'chi_weight_variance'),
      stretch: numberOf(row, 'chi_1'),
      accuracy: numberOf(row, 'accuracy'),
      bias: numberOf(row, 'bias_variance'),
    }))
    .filter(({ accuracy, bias }) => Number.isFinite(accuracy) && Number.isFinite(bias))
    .sort((a, b) => a.bias - b.bias)
    .map((value) => ({ ...value, series: `σb² = ${plainNumber(value.bias)}` }));
  const texts = [...new Set(values.map(({ series }) => series))];
  const panel = (field: 'susceptibility' | 'stretch', axis: string): object | undefined => {
    const extent = positiveExtent(values.map((value) => value[field]));
    if (extent === undefined) return undefined;
    return {
      width: 300,
      height: 250,
      data: { values: values.filter((value) => value[field] > 0 && Number.isFinite(value[field])) },
      mark: { type: 'point', filled: true, size: 45, opacity: 0.9 },
      encoding: {
        x: { field, type: 'quantitative', ...logChannel(axis, extent) },
        y: {
          field: 'accuracy',
          type: 'quantitative',
          scale: { domain: [0, 1] },
          axis: { title: 'Training accuracy', format: '.0%', tickCount: 5 },
        },
        color: {
          field: 'series',
          type: 'nominal',
          scale: { domain: texts, range: seriesColors(texts.length) },
          legend: { title: null, orient: 'right' },
        },
        shape: {
          field: 'series',
          type: 'nominal',
          scale: { domain: texts, range: seriesShapes(texts.length) },
          legend: { title: null, orient: 'right' },
        },
      },
    };
  };
  const panels = [
    panel('susceptibility', 'Susceptibility ∂s*/∂σw²'),
    panel('stretch', 'χ₁ (edge of chaos at 1)'),
  ].filter((one) => one !== undefined);
  if (panels.length === 0)
    return emptyFigure(name, title, 'No cells to draw: the trainability table has no rows with a susceptibility.');
  return {
    name,
    title,
    caption:
      'Training accuracy of every cell against the mean-field weight susceptibility at its initial variances (left; cells where it is 0 or diverges are left out) and against χ₁ (right).',
    spec: themed({ hconcat: panels }),
  };
}
