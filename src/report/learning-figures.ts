import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { plainNumber } from './quantity.ts';
import { numberOf, type Row, textOf } from './table-row.ts';
import { ink, palette, themed } from './theme.ts';

interface Cell {
  readonly weight: number;
  readonly bias: number;
  readonly width: number;
  readonly epoch: number;
  readonly accuracy: number;
}

function cells(rows: readonly Row[]): Cell[] {
  return rows
    .map((row) => ({
      weight: numberOf(row, 'weight_variance'),
      bias: numberOf(row, 'bias_variance'),
      width: numberOf(row, 'width'),
      epoch: numberOf(row, 'epoch'),
      accuracy: numberOf(row, 'accuracy'),
    }))
    .filter((cell) => Number.isFinite(cell.accuracy) && Number.isFinite(cell.weight) && Number.isFinite(cell.epoch))
    .sort((a, b) => a.width - b.width || a.bias - b.bias || a.weight - b.weight || a.epoch - b.epoch);
}

const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** Half-way edges around sorted grid values, so that cells of an uneven grid touch. */
function edges(values: readonly number[]): Map<number, readonly [number, number]> {
  const gap = values.length > 1 ? Number(values[1]) - Number(values[0]) : Math.abs(values[0] ?? 1) || 1;
  return new Map(
    values.map((value, i) => {
      const before = values[i - 1] ?? value - gap;
      const after = values[i + 1] ?? value + (value - before);
      return [value, [(before + value) / 2, (value + after) / 2]];
    }),
  );
}

export interface AccuracyMapOptions {
  /** Epoch to show; the last of each cell by default. */
  readonly epoch?: number;
  /** Curves over the plane, drawn in row order: curve (its name), weight_variance, bias_variance. */
  readonly curves?: readonly Row[];
}

function lineOver(
  values: object[],
  names: string[],
  x: object,
  y: object,
  stroke: string,
  strokeWidth: number,
): object {
  return {
    data: { values },
    mark: { type: 'line', strokeWidth, stroke, clip: true },
    encoding: {
      x: { ...x, field: 'weight' },
      y: { ...y, field: 'bias' },
      order: { field: 'order' },
      strokeDash: {
        field: 'curve',
        type: 'nominal',
        scale: { domain: names, range: [[], [6, 4], [2, 3], [9, 3, 2, 3]].slice(0, names.length) },
        legend: { title: null, orient: 'bottom', symbolType: 'stroke', symbolStrokeColor: ink, symbolSize: 260 },
      },
    },
  };
}

/**
 * Training accuracy over the (σw², σb²) plane, one panel a width, with theory curves (the Widom-like line, the edge of chaos) over it.
 * Reads `learning` rows: weight_variance, bias_variance, width, epoch, accuracy.
 */
export function accuracyMap(rows: readonly Row[], options: AccuracyMapOptions = {}): Figure {
  const name = 'accuracy-map';
  const title = 'Training accuracy';
  const latest = new Map<string, Cell>();
  for (const cell of cells(rows)) {
    if (options.epoch === undefined || cell.epoch === options.epoch)
      latest.set(`${cell.width}/${cell.bias}/${cell.weight}`, cell);
  }
  const shown = [...latest.values()];
  if (shown.length === 0)
    return emptyFigure(name, title, 'No accuracies to draw: the learning table has no rows for this epoch.');
  const xs = edges(distinct(shown.map((cell) => cell.weight)));
  const ys = edges(distinct(shown.map((cell) => cell.bias)));
  const bounds = (map: Map<number, readonly [number, number]>): [number, number] => {
    const all = [...map.values()].flat();
    return [Math.min(...all), Math.max(...all)];
  };
  const [xDomain, yDomain] = [bounds(xs), bounds(ys)];
  const curves = (options.curves ?? []).map((row, order) => ({
    weight: numberOf(row, 'weight_variance'),
    bias: numberOf(row, 'bias_variance'),
    curve: textOf(row, 'curve'),
    order,
  }));
  const curveNames = [...new Set(curves.map((point) => point.curve))];
  const x = {
    type: 'quantitative',
    scale: { domain: xDomain, nice: false, zero: false },
    axis: { title: 'Weight variance σw²', grid: false },
  };
  const y = {
    type: 'quantitative',
    scale: { domain: yDomain, nice: false, zero: false },
    axis: { title: 'Bias variance σb²', grid: false },
  };
  const shade = {
    field: 'accuracy',
    type: 'quantitative',
    scale: { scheme: 'viridis', domain: [0, 1] },
    legend: { title: 'Accuracy', orient: 'right', format: '.0%', gradientLength: 160 },
  };
  const widths = distinct(shown.map((cell) => cell.width).filter(Number.isFinite));
  const panels = (widths.length === 0 ? [Number.NaN] : widths).map((width) => ({
    ...(Number.isNaN(width) ? {} : { title: `N = ${width}` }),
    width: 320,
    height: 270,
    layer: [
      {
        data: {
          values: shown
            .filter((cell) => Object.is(cell.width, width))
            .map((cell) => {
              const [x0, x1] = xs.get(cell.weight) ?? [cell.weight, cell.weight];
              const [y0, y1] = ys.get(cell.bias) ?? [cell.bias, cell.bias];
              // A little overlap hides the seams that antialiasing leaves between neighbours.
              return { x0, x1: x1 + 0.02 * (x1 - x0), y0, y1: y1 + 0.02 * (y1 - y0), accuracy: cell.accuracy };
            }),
        },
        mark: { type: 'rect', strokeWidth: 0, clip: true },
        encoding: {
          x: { ...x, field: 'x0' },
          x2: { field: 'x1' },
          y: { ...y, field: 'y0' },
          y2: { field: 'y1' },
          color: shade,
        },
      },
      ...(curves.length === 0
        ? []
        : [lineOver(curves, curveNames, x, y, ink, 3.6), lineOver(curves, curveNames, x, y, 'white', 1.8)]),
    ],
  }));
  return {
    name,
    title,
    caption: `Training accuracy ${options.epoch === undefined ? 'in the last epoch' : `in epoch ${options.epoch}`} of networks initialised at each point of the plane.`,
    spec: themed({ hconcat: panels }),
  };
}

/**
 * Training accuracy against epoch, a line for each σw² (colour) and a panel for each σb² and width.
 * Reads `learning` rows: weight_variance, bias_variance, width, epoch, accuracy.
 */
export function accuracyPerEpoch(rows: readonly Row[]): Figure {
  const name = 'accuracy-per-epoch';
  const title = 'Training accuracy per epoch';
  const all = cells(rows);
  if (all.length === 0) return emptyFigure(name, title, 'No accuracies to draw: the learning table has no rows.');
  const severalWidths = new Set(all.map((cell) => cell.width)).size > 1;
  const panelOf = (cell: Cell): string =>
    `σb² = ${plainNumber(cell.bias)}${severalWidths ? `, N = ${cell.width}` : ''}`;
  const values = all.map((cell) => ({
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
      'Training accuracy over the batches of each epoch, by initial weight variance (colour) and bias variance (panel).',
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
          color: {
            field: 'weight',
            type: 'quantitative',
            scale: { scheme: { name: 'viridis', extent: [0, 0.92] } },
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
export function epochsToAccuracy(rows: readonly Row[], accuracy = 0.97): Figure {
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
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: texts, range: texts.map((_, i) => palette[i % palette.length]) },
    legend: { title: null, orient: 'right' },
  };
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
        y: { field: 'epochs', type: 'quantitative', axis: { title: 'Epochs' }, scale: { zero: true } },
        color,
      },
      layer: [
        {
          data: { values: values.filter((value) => value.done) },
          mark: { type: 'line', strokeWidth: 1.2, point: { filled: true, size: 40 } },
        },
        {
          data: { values: values.filter((value) => !value.done) },
          mark: { type: 'point', filled: false, fill: 'white', size: 45, opacity: 1 },
        },
      ],
    }),
  };
}
