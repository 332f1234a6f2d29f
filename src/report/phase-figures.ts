import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logTicks } from './log-axis.ts';
import { cellEdges, curveLayers, distinct, planeChannels } from './phase-plane.ts';
import { numberOf, type Row } from './table-row.ts';
import { themed } from './theme.ts';

/** A column of a table over the plane and how a map shows it. */
export interface MapQuantity {
  readonly column: string;
  readonly title: string;
  /** Logarithmic colours, for what diverges. */
  readonly log?: boolean;
  /** Further columns that share the colour range, so that maps can be compared by eye. */
  readonly with?: readonly string[];
}

/** What the mean-field theory has to say over the plane. */
const theoryQuantities: readonly MapQuantity[] = [
  { column: 's_star', title: 'Signal strength s*' },
  { column: 'chi_weight_variance', title: 'Susceptibility ∂s*/∂σw²', log: true },
  { column: 'xi_c', title: 'Correlation depth (layers)', log: true },
];

/** What `phaseMapFigure` shows. */
export interface PhaseMapOptions {
  readonly name?: string;
  readonly title?: string;
  readonly quantities?: readonly MapQuantity[];
  /** Rows of `phase_curve`, drawn over every map. */
  readonly curves?: readonly Row[];
  /** Cells at most along either side; finer grids are averaged. */
  readonly cells?: number;
  /** Maps beside each other, default 2. */
  readonly columns?: number;
}

interface Cell {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly value: number;
}

/** Groups of neighbouring grid values so that at most `most` are left, each with its edges. */
function bands(
  values: readonly number[],
  most: number,
): Map<number, { band: number; edges: readonly [number, number] }> {
  const edges = cellEdges(values);
  const size = Math.ceil(values.length / most);
  return new Map(
    values.map((value, i) => {
      const band = Math.floor(i / size);
      const last = Math.min((band + 1) * size, values.length);
      return [value, { band, edges: [edges[band * size] ?? value, edges[last] ?? value] }];
    }),
  );
}

/** Cells of a column; rows without a value leave a gap, Infinity counts as the largest colour. */
function cellsOf(rows: readonly Row[], column: string, most: number): Cell[] {
  const xs = bands(distinct(rows.map((row) => numberOf(row, 'weight_variance'))), most);
  const ys = bands(distinct(rows.map((row) => numberOf(row, 'bias_variance'))), most);
  const sums = new Map<
    string,
    { x: readonly [number, number]; y: readonly [number, number]; sum: number; count: number }
  >();
  for (const row of rows) {
    const [x, y] = [xs.get(numberOf(row, 'weight_variance')), ys.get(numberOf(row, 'bias_variance'))];
    const value = numberOf(row, column);
    if (x === undefined || y === undefined || Number.isNaN(value)) continue;
    const key = `${x.band}/${y.band}`;
    const sum = sums.get(key) ?? { x: x.edges, y: y.edges, sum: 0, count: 0 };
    sum.sum += value;
    sum.count++;
    sums.set(key, sum);
  }
  return [...sums.values()].map(({ x, y, sum, count }) => {
    // Each reaches under its right and upper neighbour, drawn later, or antialiasing would leave seams.
    const under = ([from, to]: readonly [number, number]): number => to + 0.2 * (to - from);
    return { x0: x[0], x1: under(x), y0: y[0], y1: under(y), value: sum / count };
  });
}

/** Colour range: all finite values, or for what diverges the positive ones from the 5th to the 99th percentile. */
function colorDomain(cells: readonly Cell[], log: boolean): [number, number] | undefined {
  const values = cells
    .map((cell) => cell.value)
    .filter((value) => Number.isFinite(value) && (!log || value > 0))
    .sort((a, b) => a - b);
  const at = (share: number): number | undefined => values[Math.round(share * (values.length - 1))];
  const [low, high] = log ? [at(0.05), at(0.99)] : [at(0), at(1)];
  if (low === undefined || high === undefined) return undefined;
  if (low < high) return [low, high];
  return log ? [low / 2, low * 2] : [low - 0.5, low + 0.5];
}

/** Labels over the whole length of a colour bar: decades where it is logarithmic and spans some. */
function barLabels([low, high]: readonly [number, number], log: boolean): Record<string, unknown> {
  if (!log) return { tickCount: 5, format: '~g' };
  const { majors, labels } = logTicks(low, high, 5);
  return {
    values: majors,
    labelExpr: `${JSON.stringify(labels)}[indexof(${JSON.stringify(majors)}, datum.value)]`,
    labelOverlap: false,
  };
}

function panel(
  rows: readonly Row[],
  quantity: MapQuantity,
  options: PhaseMapOptions,
): Record<string, unknown> | undefined {
  const log = quantity.log === true;
  const cells = cellsOf(rows, quantity.column, options.cells ?? 80);
  const compared = (quantity.with ?? []).flatMap((column) => cellsOf(rows, column, options.cells ?? 80));
  const domain = cells.length === 0 ? undefined : colorDomain([...cells, ...compared], log);
  if (domain === undefined) return undefined;
  // All of the plane, whatever is defined of it, so that panels can be compared; there are no variances below 0.
  const extent = (column: string): [number, number] => {
    const edges = cellEdges(distinct(rows.map((row) => numberOf(row, column))));
    return [Math.max(0, edges[0]!), edges.at(-1)!];
  };
  const channels = planeChannels(extent('weight_variance'), extent('bias_variance'));
  const values = cells.map((cell) => ({
    ...cell,
    value: Math.min(Math.max(cell.value, domain[0]), domain[1]),
  }));
  const shade = {
    field: 'value',
    type: 'quantitative',
    scale: { scheme: 'viridis', domain, type: log ? 'log' : 'linear', nice: false },
  };
  return {
    title: quantity.title,
    width: 260,
    height: 195,
    view: { fill: '#dcdcdc' },
    layer: [
      {
        data: { values },
        mark: { type: 'rect', strokeWidth: 0, clip: true },
        encoding: {
          x: { ...channels.x, field: 'x0' },
          x2: { field: 'x1' },
          y: { ...channels.y, field: 'y0' },
          y2: { field: 'y1' },
          color: {
            ...shade,
            legend: { title: null, orient: 'right', gradientLength: 170, ...barLabels(domain, log) },
          },
        },
      },
      ...curveLayers(options.curves ?? [], channels),
    ],
  };
}

/**
 * Heat maps over the (σw², σb²) plane, one a quantity, with the curves of the phase diagram on top.
 * @param rows of a table with weight_variance, bias_variance and the quantities' columns (`meanfield`, `phase`)
 */
export function phaseMapFigure(rows: readonly Row[], options: PhaseMapOptions = {}): Figure {
  const name = options.name ?? 'phase-map';
  const title = options.title ?? 'Phase diagram';
  const panels = (options.quantities ?? theoryQuantities)
    .map((quantity) => panel(rows, quantity, options))
    .filter((one) => one !== undefined);
  if (panels.length === 0) return emptyFigure(name, title, 'No map to draw: the table has no values over the plane.');
  return {
    name,
    title,
    caption:
      'Quantities over the plane of weight and bias variance. Grey: not defined. Logarithmic colours go from the 5th to the 99th percentile of the values; what diverges has the last one. Lines: the curves of the mean-field phase diagram.',
    spec: themed({
      concat: panels,
      columns: Math.min(panels.length, options.columns ?? 2),
      resolve: { scale: { color: 'independent' } },
    }),
  };
}
