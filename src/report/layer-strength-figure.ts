import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { seriesChannels, seriesOf } from './series.ts';
import { numberOf, rowsOf, type Tables } from './table-row.ts';
import { themed } from './theme.ts';

/** Mean signal strength of each layer, a line an ensemble. Reads tables `network_layer` and `ensemble`. */
export function layerStrengthFigure(tables: Tables): Figure {
  const name = 'layer-strengths';
  const title = 'Signal strength by layer';
  const rows = rowsOf(tables, 'network_layer');
  const series = seriesOf(tables, rows);
  const labels = new Map(series.map(({ ensemble, label }) => [ensemble, label]));
  const values = rows
    .map((row) => ({
      series: labels.get(numberOf(row, 'ensemble')) ?? '',
      layer: numberOf(row, 'layer'),
      mean: numberOf(row, 'mean'),
    }))
    .filter(({ mean }) => mean > 0 && Number.isFinite(mean));
  const extent = positiveExtent(values.map(({ mean }) => mean));
  if (extent === undefined) return emptyFigure(name, title, 'No signal strengths to draw: all signals died.');
  const texts = series.map(({ label }) => label);
  return {
    name,
    title,
    caption:
      'Mean signal strength of perturbations that are followed through all layers, in the networks and in their controls.',
    spec: themed({
      width: 420,
      height: 280,
      data: { values },
      mark: { type: 'line', strokeWidth: 1.4, point: { size: 16 } },
      encoding: {
        x: { field: 'layer', type: 'quantitative', axis: { title: 'Layer l' }, scale: { zero: false, nice: false } },
        y: { field: 'mean', type: 'quantitative', ...logChannel('Mean signal strength s', extent, 5) },
        ...seriesChannels(series, texts, {}),
      },
    }),
  };
}
