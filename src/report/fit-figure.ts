import { withError } from './concise.ts';
import { binPoints } from './distribution-figure.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { curveModels, modelCurve } from './model-curve.ts';
import { plainNumber } from './quantity.ts';
import { numberOf, type Row, textOf } from './table-row.ts';
import { faint, palette, themed } from './theme.ts';

/** What a fit figure is drawn from. */
export interface FitFigureRows {
  /** `histogram` rows of the one observable: lower, upper, center, count, density. */
  readonly histogram: readonly Row[];
  /** Empirical survival function: value, ccdf = share of data ≥ value. Any number of rows; they are thinned. */
  readonly ccdf?: readonly Row[];
  /** `fit` rows of the one observable: model, parameter, estimate, standard_error, xmin, xmax, n_tail. */
  readonly fit: readonly Row[];
}

/** What `fitFigure` is of. */
export interface FitFigureOptions {
  /** Name of the column or observable, for axis titles. */
  readonly observable: string;
  readonly discrete: boolean;
  readonly name?: string;
  /** Share of all values that lie between the cutoffs; default: n_tail of the `fit` rows by all counts of the histogram. */
  readonly share?: number;
}

const names: Readonly<Record<string, string>> = {
  power_law: 'power law',
  exponential: 'exponential',
  lognormal: 'lognormal',
  stretched_exponential: 'stretched exponential',
  truncated_power_law: 'truncated power law',
};
const dashes: readonly number[][] = [[], [6, 3], [2, 2], [8, 3, 2, 3], [4, 2]];
const size = { width: 330, height: 270 };

/** At most `most` points, about, of a sorted curve, evenly spread over ln x; ends kept. */
export function thin<T extends { x: number }>(points: readonly T[], most = 150): T[] {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length <= most || first === undefined || last === undefined) return [...points];
  const step = Math.log(last.x / first.x) / most;
  let next = first.x;
  return points.filter((point, i) => {
    if (point.x < next && i < points.length - 1) return false;
    next = point.x * Math.exp(step);
    return true;
  });
}

interface Curve {
  readonly x: number;
  readonly density: number;
  readonly ccdf: number;
  readonly model: string;
}

/** Curves of all models of the fit table, scaled to the share of the data that they were fitted to. */
function curves(
  rows: FitFigureRows,
  options: FitFigureOptions,
  total: number,
  last: number,
): { values: Curve[]; texts: string[] } {
  const values: Curve[] = [];
  const texts: string[] = [];
  for (const model of curveModels) {
    const own = rows.fit.filter((row) => textOf(row, 'model') === model);
    const first = own[0];
    if (first === undefined) continue;
    const parameters = Object.fromEntries(own.map((row) => [textOf(row, 'parameter'), numberOf(row, 'estimate')]));
    const [xmin, xmax] = [numberOf(first, 'xmin'), numberOf(first, 'xmax')];
    const curve = modelCurve(
      {
        model,
        parameters,
        xmin,
        xmax: Number.isNaN(xmax) ? Number.POSITIVE_INFINITY : xmax,
        discrete: options.discrete,
      },
      last,
    );
    if (curve.length === 0) continue;
    const tail = numberOf(first, 'n_tail');
    const share = options.share ?? (tail > 0 && total > 0 ? Math.min(1, tail / total) : 1);
    const from = (rows.ccdf ?? []).filter((row) => numberOf(row, 'value') >= xmin).map((row) => numberOf(row, 'ccdf'));
    const above = Math.max(0, from.reduce((a, b) => Math.max(a, b), 0) - share);
    const exponent = own.find((row) => ['exponent', 'alpha'].includes(textOf(row, 'parameter')));
    // A lognormal or stretched exponential with an exponent has no maximum of its own: it ran to a power law.
    const limit = model === 'power_law' || model === 'truncated_power_law' ? ', ' : ' → power law, ';
    const estimate =
      exponent === undefined
        ? ''
        : `${limit}${withError(numberOf(exponent, 'estimate'), numberOf(exponent, 'standard_error'))}`;
    const text = `${names[model] ?? model}${estimate}`;
    texts.push(text);
    values.push(
      ...thin(curve, 300).map((p) => ({
        x: p.x,
        density: p.density * share,
        ccdf: above + p.ccdf * share,
        model: text,
      })),
    );
  }
  return { values, texts };
}

/**
 * A fit as it should be judged: the empirical density and the survival function P(X ≥ x), with the fitted power law and every
 * alternative over the range they were fitted to.
 */
export function fitFigure(rows: FitFigureRows, options: FitFigureOptions): Figure {
  const name = options.name ?? 'fit';
  const title = `Fit of ${options.observable}`;
  const points = binPoints(rows.histogram, 1, options.discrete);
  const xExtent = positiveExtent(points.map((point) => point.x));
  const yExtent = positiveExtent(points.map((point) => point.y));
  if (xExtent === undefined || yExtent === undefined) {
    return emptyFigure(name, title, `No values to draw: ${options.observable} has no positive finite value.`);
  }
  const total = rows.histogram.reduce((sum, row) => sum + (numberOf(row, 'count') || 0), 0);
  const survival = (rows.ccdf ?? [])
    .map((row) => ({ x: numberOf(row, 'value'), y: numberOf(row, 'ccdf') }))
    .filter((point) => point.x > 0 && point.y > 0)
    .sort((a, b) => a.x - b.x);
  const { values, texts } = curves(rows, options, total, Math.max(xExtent[1], survival.at(-1)?.x ?? 0));
  const color = {
    field: 'model',
    type: 'nominal',
    scale: { domain: texts, range: ['#D55E00', '#009E73', '#CC79A7', '#E69F00', '#4D4D4D'].slice(0, texts.length) },
    legend: { title: null, orient: 'right', symbolType: 'stroke', symbolSize: 300, symbolStrokeWidth: 1.8 },
  };
  const strokeDash = { ...color, scale: { domain: texts, range: dashes.slice(0, texts.length) } };
  const start = rows.fit.find((row) => textOf(row, 'model') === 'power_law');
  const cutoffs = ['xmin', 'xmax']
    .map((name) => ({ name, x: numberOf(start ?? {}, name) }))
    .filter(({ x }) => x > 0 && Number.isFinite(x))
    .map(({ name, x }) => ({
      data: { values: [{ x, label: `${name} = ${plainNumber(x, 3)}` }] },
      layer: [
        { mark: { type: 'rule', color: faint, strokeDash: [2, 3], strokeWidth: 1 } },
        {
          mark: {
            type: 'text',
            color: faint,
            fontSize: 10,
            ...(name === 'xmin' ? { align: 'left', dx: 4 } : { align: 'right', dx: -4 }),
          },
          encoding: { text: { field: 'label' }, y: { value: name === 'xmin' ? size.height - 10 : 12 } },
        },
      ],
    }));
  const panel = (
    data: object[],
    field: 'density' | 'ccdf',
    axisTitle: string,
    extent: [number, number],
    legend: boolean,
  ): object => {
    const x = {
      field: 'x',
      type: 'quantitative',
      ...logChannel(options.observable, [xExtent[0], Math.max(xExtent[1], survival.at(-1)?.x ?? 0)]),
    };
    const y = { type: 'quantitative', ...logChannel(axisTitle, extent) };
    const hide = legend ? {} : { legend: null };
    return {
      ...size,
      encoding: { x },
      layer: [
        ...cutoffs,
        {
          data: { values: data },
          mark: { type: 'point', filled: true, size: 20, color: palette[0], opacity: 0.7, clip: true },
          encoding: { y: { ...y, field: 'y' } },
        },
        ...[true, false].map((leading) => ({
          data: {
            values: values.filter(
              (point) => point.model.startsWith('power law') === leading && point[field] > extent[0] / 100,
            ),
          },
          mark: { type: 'line', strokeWidth: leading ? 3.2 : 1.5, opacity: leading ? 0.75 : 1, clip: true },
          encoding: { y: { ...y, field }, color: { ...color, ...hide }, strokeDash: { ...strokeDash, ...hide } },
        })),
      ],
    };
  };
  const variable = options.observable;
  const extent = positiveExtent(survival.map((point) => point.y));
  const panels = [panel(points, 'density', `Probability density P(${variable})`, yExtent, extent === undefined)];
  if (extent !== undefined) panels.push(panel(thin(survival), 'ccdf', `P(X ≥ ${variable})`, extent, true));
  return {
    name,
    title,
    caption:
      'Left: density in adaptive bins. Right: share of the data at or above a value. Lines: the maximum-likelihood power law (solid) and its alternatives over the fitted range, scaled to the share of the data in it.',
    spec: themed({ hconcat: panels, resolve: { scale: { color: 'independent', strokeDash: 'independent' } } }),
  };
}
