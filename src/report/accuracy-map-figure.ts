import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { type Cell, cells } from './learning-cells.ts';
import { cellEdges, curveLayers, distinct, planeChannels } from './phase-plane.ts';
import type { Row } from './table-row.ts';
import { ink, themed } from './theme.ts';

/** What `accuracyMapFigure` shows. */
export interface AccuracyMapOptions {
  /** Epoch to show; the last of each cell by default. */
  readonly epoch?: number;
  /** Rows of `phase_curve`, drawn over the plane. */
  readonly curves?: readonly Row[];
}

/** Both edges of each grid value, none below 0: variances. */
function edgesOf(values: readonly number[]): Map<number, readonly [number, number]> {
  const edges = cellEdges(values).map((edge) => Math.max(0, edge));
  return new Map(values.map((value, i) => [value, [edges[i] ?? value, edges[i + 1] ?? value]]));
}

/** Whether cells of a grid differ so much in size that the small ones would hardly be seen side by side. */
function uneven(edges: ReadonlyMap<number, readonly [number, number]>): boolean {
  const sizes = [...edges.values()].map(([from, to]) => to - from);
  return Math.max(...sizes) > 6 * Math.min(...sizes);
}

/** From the lowest to the highest accuracy, in steps of 5 %. */
function shades(accuracies: readonly number[]): [number, number] {
  const low = Math.floor(20 * Math.min(...accuracies)) / 20;
  const high = Math.ceil(20 * Math.max(...accuracies)) / 20;
  return low < high ? [low, high] : [Math.max(0, low - 0.05), Math.min(1, high + 0.05)];
}

/** Best cell of each σb². */
function bestOf(shown: readonly Cell[]): Cell[] {
  return distinct(shown.map(({ bias }) => bias)).map((bias) =>
    shown.filter((cell) => cell.bias === bias).reduce((best, cell) => (cell.accuracy > best.accuracy ? cell : best)),
  );
}

/**
 * Training accuracy over the (σw², σb²) plane, one panel a width, with theory curves (the Widom-like line, the edge of chaos) over it and the best
 * cell of each σb² marked.
 * Reads `learning` rows: weight_variance, bias_variance, width, epoch, accuracy.
 */
export function accuracyMapFigure(rows: readonly Row[], options: AccuracyMapOptions = {}): Figure {
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
  const xs = edgesOf(distinct(shown.map((cell) => cell.weight)));
  const ys = edgesOf(distinct(shown.map((cell) => cell.bias)));
  const extent = (edges: Map<number, readonly [number, number]>): [number, number] => {
    const all = [...edges.values()].flat();
    return [Math.min(...all), Math.max(...all)];
  };
  const plane = planeChannels(extent(xs), extent(ys));
  const squeezed = uneven(ys);
  const channels = squeezed
    ? {
        ...plane,
        y: {
          type: 'quantitative',
          scale: { type: 'sqrt', domain: extent(ys), nice: false, zero: false },
          axis: { title: 'Bias variance σb², square-root scale', grid: false, tickCount: 8 },
        },
      }
    : plane;
  const { x, y } = channels;
  const shade = {
    field: 'accuracy',
    type: 'quantitative',
    scale: { scheme: 'viridis', domain: shades(shown.map(({ accuracy }) => accuracy)), nice: false },
    legend: { title: 'Accuracy', orient: 'right', format: '.0%', gradientLength: 160 },
  };
  const widths = distinct(shown.map((cell) => cell.width).filter(Number.isFinite));
  const panels = (widths.length === 0 ? [Number.NaN] : widths).map((width) => {
    const own = shown.filter((cell) => Object.is(cell.width, width));
    return {
      ...(Number.isNaN(width) ? {} : { title: `N = ${width}` }),
      width: 340,
      height: 290,
      view: { fill: '#dcdcdc' },
      layer: [
        {
          data: {
            values: own.map((cell) => {
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
        ...curveLayers(options.curves ?? [], channels),
        {
          data: {
            values: bestOf(own).map((cell) => {
              // In the middle of its cell as it is drawn: the grid value of the lowest row lies on the frame.
              const [y0, y1] = ys.get(cell.bias) ?? [cell.bias, cell.bias];
              const [low, high] = squeezed ? [Math.sqrt(y0), Math.sqrt(y1)] : [y0, y1];
              const middle = (low + high) / 2;
              return { weight: cell.weight, bias: squeezed ? middle ** 2 : middle };
            }),
          },
          mark: { type: 'point', filled: true, shape: 'diamond', size: 55, color: '#ffffff', stroke: ink, opacity: 1 },
          encoding: { x: { ...x, field: 'weight' }, y: { ...y, field: 'bias' } },
        },
      ],
    };
  });
  return {
    name,
    title,
    caption: `Training accuracy ${options.epoch === undefined ? 'in the last epoch' : `in epoch ${options.epoch}`} of networks initialised at each point of the plane, with the curves of the mean-field theory. Diamonds: best cell of each bias variance.`,
    spec: themed({ hconcat: panels }),
  };
}
