import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { type Cell, cells } from './learning-cells.ts';
import { distinct } from './phase-plane.ts';
import { gridNumbers, plainNumber } from './quantity.ts';
import type { Row } from './table-row.ts';
import { lineRamp, seriesColors, seriesShapes, themed } from './theme.ts';
import { thirds } from './thirds.ts';

/**
 * Training accuracy against epoch, a line for each σw² (colour) and a panel for each σb² and width.
 * Reads `learning` rows: weight_variance, bias_variance, width, epoch, accuracy.
 */
export function accuracyPerEpochFigure(rows: readonly Row[]): Figure {
  const name = 'accuracy-per-epoch';
  const title = 'Training accuracy per epoch';
  const all = cells(rows);
  if (all.length === 0) return emptyFigure(name, title, 'No accuracies to draw: the learning table has no rows.');
  const severalWidths = new Set(all.map((cell) => cell.width)).size > 1;
  const shownBias = gridNumbers(all.map((cell) => cell.bias));
  const panelOf = (cell: Cell): string => `σb² = ${shownBias(cell.bias)}${severalWidths ? `, N = ${cell.width}` : ''}`;
  const order = thirds(all.map((cell) => cell.weight));
  const values = all.map((cell) => ({
    ...order.of(cell.weight),
    epoch: cell.epoch,
    accuracy: cell.accuracy,
    weight: cell.weight,
    panel: panelOf(cell),
  }));
  const panels = [...new Set(values.map((value) => value.panel))];
  return {
    name,
    title,
    caption:
      'Training accuracy over the batches of each epoch, by initial weight variance (colour; the lowest third solid, the middle dashed, the highest dotted) and bias variance (panel).',
    spec: themed({
      concat: panels.map((panel) => ({
        title: panel,
        width: 230,
        height: 175,
        data: { values: values.filter((value) => value.panel === panel) },
        mark: { type: 'line', strokeWidth: 1.4, point: { filled: true, size: 12 } },
        encoding: {
          x: {
            field: 'epoch',
            type: 'quantitative',
            axis: { title: 'Epoch', tickMinStep: 1, tickCount: 6, format: 'd' },
            scale: { zero: false, nice: false, padding: 6 },
          },
          y: {
            field: 'accuracy',
            type: 'quantitative',
            scale: { domain: [0, 1] },
            axis: { title: 'Training accuracy', format: '.0%', tickCount: 5 },
          },
          detail: { field: 'weight' },
          strokeDash: order.channel,
          color: {
            field: 'weight',
            type: 'quantitative',
            scale: { range: lineRamp },
            legend: { type: 'gradient', title: 'σw²', format: '~g', tickCount: 5, gradientLength: 140 },
          },
        },
      })),
      columns: 3,
      resolve: { scale: { color: 'shared' } },
    }),
  };
}

/**
 * Epochs that each width needs to reach an accuracy, against σw²; cells that never reach it are open symbols at their last epoch.
 * Reads `learning` rows: weight_variance, width, epoch (from 1), accuracy.
 */
export function epochsToAccuracyFigure(rows: readonly Row[], accuracy = 0.97): Figure {
  const name = 'epochs-to-accuracy';
  const title = `Epochs to ${plainNumber(100 * accuracy)} % training accuracy`;
  const reached = new Map<string, { weight: number; width: number; epochs: number; done: boolean }>();
  for (const cell of cells(rows)) {
    const key = `${cell.width}/${cell.weight}`;
    const before = reached.get(key);
    if (before?.done === true) continue;
    reached.set(key, { weight: cell.weight, width: cell.width, epochs: cell.epoch, done: cell.accuracy >= accuracy });
  }
  const values = [...reached.values()].map((value) => ({ ...value, series: `N = ${value.width}` }));
  if (values.length === 0) return emptyFigure(name, title, 'No epochs to draw: the learning table has no rows.');
  const texts = distinct(values.map((value) => value.width)).map((width) => `N = ${width}`);
  const channel = (range: string[]): Record<string, unknown> => ({
    field: 'series',
    type: 'nominal',
    scale: { domain: texts, range },
    legend: { title: null, orient: 'right' },
  });
  const color = channel(seriesColors(texts.length));
  const shape = channel(seriesShapes(texts.length));
  return {
    name,
    title,
    caption: `First epoch whose training accuracy is at least ${plainNumber(100 * accuracy)} %, against the initial weight variance; open symbols had not reached it in their last epoch.`,
    spec: themed({
      width: 420,
      height: 280,
      encoding: {
        x: {
          field: 'weight',
          type: 'quantitative',
          axis: { title: 'Weight variance σw²' },
          scale: { zero: false, nice: false, padding: 14 },
        },
        y: {
          field: 'epochs',
          type: 'quantitative',
          axis: { title: 'Epochs' },
          scale: { zero: true, nice: false, padding: 8 },
        },
        color,
      },
      layer: [
        {
          data: { values: values.filter((value) => value.done) },
          mark: { type: 'line', strokeWidth: 1.2 },
        },
        // Several widths may lie on one point: the larger symbols first, those that never got there unfilled.
        ...texts.flatMap((text, i) =>
          [true, false].map((done) => ({
            data: { values: values.filter((value) => value.series === text && value.done === done) },
            mark: { type: 'point', filled: done, size: 40 + 60 * (texts.length - 1 - i), strokeWidth: 1.6, opacity: 1 },
            encoding: { shape },
          })),
        ),
      ],
    }),
  };
}
