import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { type Cell, cells, distinct } from './learning-cells.ts';
import { numberOf, type Row, textOf } from './table-row.ts';
import { ink, themed } from './theme.ts';

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
