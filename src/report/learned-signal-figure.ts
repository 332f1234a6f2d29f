import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { plainNumber } from './quantity.ts';
import { numberOf, type Row } from './table-row.ts';
import { lineRamp, themed } from './theme.ts';
import { thirds } from './thirds.ts';

/** Panels that a figure has room for. */
const most = 12;

/**
 * How a perturbation's signal strength goes from layer to layer in networks in training: a panel a cell, a line an epoch.
 * Reads `learned_signal` rows: width, weight_variance, bias_variance, epoch, layer, relative.
 */
export function learnedSignalFigure(rows: readonly Row[]): Figure {
  const name = 'learned-signal';
  const title = 'Signal strength in training';
  const order = thirds(rows.map((row) => numberOf(row, 'epoch')));
  const values = rows
    .map((row) => ({
      ...order.of(numberOf(row, 'epoch')),
      epoch: numberOf(row, 'epoch'),
      layer: numberOf(row, 'layer'),
      relative: numberOf(row, 'relative'),
      panel: `σw² = ${plainNumber(numberOf(row, 'weight_variance'))}, σb² = ${plainNumber(numberOf(row, 'bias_variance'))}, N = ${numberOf(row, 'width')}`,
    }))
    .filter(({ relative, layer }) => relative > 0 && Number.isFinite(relative) && Number.isFinite(layer));
  const panels = [...new Set(values.map(({ panel }) => panel))];
  const shown = values.filter(({ panel }) => panels.indexOf(panel) < most);
  const extent = positiveExtent(shown.map(({ relative }) => relative));
  if (extent === undefined)
    return emptyFigure(name, title, 'No signal strengths to draw: no epoch was looked at, or all signals died.');
  return {
    name,
    title,
    caption: `Mean signal strength of Gaussian perturbations over that of the input, by hidden-to-hidden layer, after the epochs that were looked at (0: before training; the first third solid, the middle dashed, the last dotted); each panel is a point of initial variances.${panels.length > most ? ` The first ${most} of ${panels.length} cells are shown.` : ''}`,
    spec: themed({
      concat: panels.slice(0, most).map((panel) => ({
        title: panel,
        width: 230,
        height: 175,
        data: { values: shown.filter((value) => value.panel === panel) },
        mark: { type: 'line', strokeWidth: 1.4 },
        encoding: {
          x: { field: 'layer', type: 'quantitative', axis: { title: 'Layer' }, scale: { zero: false, nice: false } },
          y: { field: 'relative', type: 'quantitative', ...logChannel('Strength s / s₀', extent, 5) },
          detail: { field: 'epoch' },
          strokeDash: order.channel,
          color: {
            field: 'epoch',
            type: 'quantitative',
            scale: { range: lineRamp },
            legend: { type: 'gradient', title: 'Epoch', format: 'd', tickMinStep: 1, gradientLength: 140 },
          },
        },
      })),
      columns: 3,
      resolve: { scale: { color: 'shared' } },
    }),
  };
}
