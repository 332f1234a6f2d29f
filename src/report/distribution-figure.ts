import { apart, apartWords, isApart, roomBelow } from './apart.ts';
import { withError } from './concise.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { fitRow, legendIn, type Series, seriesChannels, seriesOf } from './series.ts';
import { durationTitle, durationUnit, sizeWords } from './size-words.ts';
import { numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';
import { panelSize, themed } from './theme.ts';

export type ObservableName = 'size' | 'duration';

/** How sizes are drawn in distributions. */
export interface DistributionOptions {
  /** Divide sizes by √N, which aligns widths when sizes are from zero and the total input norm is fixed. Durations are never divided. */
  readonly perRootWidth?: boolean;
  /** Legend of the series; in a corner by default, beside the panel where there are many. */
  readonly legend?: Readonly<Record<string, unknown>>;
}

interface Point {
  x: number;
  y: number;
  count: number;
}

/** Most points a decade that still look like points; finer bins are merged, exactly, into their common density. */
const pointsPerDecade = 24;

/** Avalanches of a point below which its statistical error is larger than its symbol. */
const visibleBelow = 40;

/** Bins of a histogram as points, thinned by merging neighbours. Bins [lower, upper) of integers stand at the integers they hold. */
export function binPoints(rows: readonly Row[], scale = 1, discrete = false): Point[] {
  const bins = rows
    .map((row) => {
      const [lower, upper] = [numberOf(row, 'lower'), numberOf(row, 'upper')];
      return {
        center: discrete ? Math.sqrt(lower * Math.max(upper - 1, lower)) : numberOf(row, 'center'),
        width: upper - lower,
        count: numberOf(row, 'count'),
        density: numberOf(row, 'density'),
      };
    })
    .filter((bin) => bin.center > 0 && bin.density > 0 && bin.width > 0)
    .sort((a, b) => a.center - b.center);
  const points: Point[] = [];
  for (let i = 0; i < bins.length; ) {
    const first = bins[i];
    if (first === undefined) break;
    let [last, mass, width, count] = [first, 0, 0, 0];
    for (; i < bins.length; i++) {
      const bin = bins[i];
      if (bin === undefined || Math.log10(bin.center / first.center) >= 1 / pointsPerDecade) break;
      [last, mass, width, count] = [bin, mass + bin.density * bin.width, width + bin.width, count + bin.count];
    }
    points.push({ x: first.center * Math.sqrt(last.center / first.center) * scale, y: mass / width / scale, count });
  }
  return points;
}

/** The fitted line, through the points of its range by count-weighted mean logarithm, lifted by `lift`. */
function fitLine(points: readonly Point[], exponent: number, range: readonly [number, number], lift: number): Point[] {
  let [weight, level] = [0, 0];
  let last = range[0];
  for (const { x, y, count } of points) {
    if (x < range[0] * 0.98 || x > range[1] * 1.02) continue;
    const w = Math.sqrt(count > 0 ? count : 1);
    weight += w;
    level += w * (Math.log(y) + exponent * Math.log(x));
    last = Math.max(last, x);
  }
  if (weight === 0 || !(last > range[0])) return [];
  const height = (x: number): number => lift * Math.exp(level / weight) * x ** -exponent;
  const end = Math.min(range[1], last);
  return [range[0], end].map((x) => ({ x, y: height(x), count: 0 }));
}

/** A panel with the distributions of all ensembles and their fits; undefined where no ensemble has a bin. */
export function distributionPanel(
  tables: Tables,
  observable: ObservableName,
  options: DistributionOptions = {},
): Record<string, unknown> | undefined {
  const rows = rowsOf(tables, 'histogram').filter(
    (row) => (textOf(row, 'observable') === 'duration') === (observable === 'duration'),
  );
  const series = seriesOf(tables, rows);
  const perRoot = options.perRootWidth === true && observable === 'size';
  const symbol = observable === 'size' ? 'τ' : 'α';
  const variable = observable === 'size' ? (perRoot ? 'S/√N' : 'S') : 'D';
  const step = series.length > 5 ? 1.15 : 1.45;
  const texts: string[] = [];
  const drawn: Series[] = [];
  const placed: Point[][] = [];
  const dots: object[] = [];
  const bars: object[] = [];
  const lines: { x: number; y: number; series: string; lift: number }[] = [];
  const all: Point[] = [];
  for (const one of series) {
    const scale = perRoot ? 1 / Math.sqrt(one.width) : 1;
    const points = binPoints(
      rows.filter((row) => numberOf(row, 'ensemble') === one.ensemble),
      scale,
      observable === 'duration',
    );
    if (points.length === 0) continue;
    const fit = fitRow(tables, one.ensemble, textOf(rows[0] ?? {}, 'observable'));
    const exponent = fit === undefined ? Number.NaN : numberOf(fit, 'estimate');
    const fitted = fit !== undefined && Number.isFinite(exponent);
    const text = fitted
      ? `${one.label}, ${symbol} = ${withError(exponent, numberOf(fit, 'standard_error'))}`
      : one.label;
    if (fitted) {
      const end = numberOf(fit, 'xmax');
      const range = [
        numberOf(fit, 'xmin') * scale,
        (Number.isNaN(end) ? Number.POSITIVE_INFINITY : end) * scale,
      ] as const;
      const lift = 2 * step ** (lines.length / 2);
      const line = fitLine(points, exponent, range, lift);
      all.push(...line);
      lines.push(...line.map(({ x, y }) => ({ x, y, series: text, lift })));
    }
    drawn.push(one);
    texts.push(text);
    all.push(...points);
    placed.push(points);
  }
  const shifts = apart(placed);
  const shifted = shifts.some((shift) => shift > 0);
  const lower = (text: string) => (shifted ? { lower: shifts[texts.indexOf(text)] } : {});
  // Between its own points and those above, where series are apart by so little.
  const drawnLine = ({ x, y, series, lift }: (typeof lines)[number]) =>
    shifted ? { x, y: y / lift, series, lower: shifts[texts.indexOf(series)]! - 5 } : { x, y, series };
  for (const [i, points] of placed.entries()) {
    dots.push(...points.map(({ x, y }) => ({ x, y, series: texts[i], ...lower(texts[i]!) })));
    const scarce = points.filter(({ count }) => count > 0 && count < visibleBelow);
    bars.push(
      ...scarce.map(({ x, y, count }) => {
        const share = 1 / Math.sqrt(count);
        return { x, low: y * Math.max(1 - share, 0.1), high: y * (1 + share), series: texts[i], ...lower(texts[i]!) };
      }),
    );
  }
  const xExtent = positiveExtent(all.map((point) => point.x));
  const yExtent = positiveExtent(all.map((point) => point.y));
  if (xExtent === undefined || yExtent === undefined) return undefined;
  const unit = observable === 'size' ? '' : durationUnit(tables);
  const across =
    observable === 'size'
      ? `Avalanche size ${variable}${perRoot ? `, S` : ''}${sizeWords(tables).sum}`
      : durationTitle(tables);
  const { color, shape } = seriesChannels(drawn, texts, options.legend ?? legendIn('bottom-left', texts));
  const x = { field: 'x', type: 'quantitative', ...logChannel(across, xExtent) };
  const offset = shifted ? { yOffset: { expr: 'datum.lower' } } : {};
  const y = {
    field: 'y',
    type: 'quantitative',
    ...logChannel(
      `Probability density P(${variable})${unit === '' ? '' : ` (1/${unit})`}`,
      roomBelow(yExtent, Math.max(...shifts), 0.75 * panelSize.height),
    ),
  };
  return {
    ...panelSize,
    encoding: { x },
    layer: [
      ...(bars.length === 0
        ? []
        : [
            {
              data: { values: bars },
              mark: {
                type: 'rule',
                strokeWidth: 1,
                clip: true,
                ...(shifted ? { ...offset, y2Offset: offset.yOffset } : {}),
              },
              encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
            },
          ]),
      {
        data: { values: dots },
        mark: { type: 'point', filled: true, size: 20, opacity: 0.8, clip: true, ...offset },
        encoding: { y, color, shape },
      },
      {
        data: { values: lines.map(drawnLine) },
        mark: { type: 'line', strokeWidth: 1.4, clip: true, ...offset },
        encoding: { y, color },
      },
    ],
  };
}

function distribution(tables: Tables, observable: ObservableName, options: DistributionOptions): Figure {
  const name = `${observable}-distribution`;
  const title = observable === 'size' ? 'Distribution of avalanche sizes' : 'Distribution of avalanche durations';
  const panel = distributionPanel(tables, observable, options);
  if (panel === undefined)
    return emptyFigure(name, title, `No avalanche ${observable}s to draw: the histogram table has no rows for them.`);
  const law = observable === 'size' ? 'P(S) ∝ S^−τ' : 'P(D) ∝ D^−α';
  const kind = observable === 'size' ? ` Sizes are ${sizeWords(tables).meaning}.` : '';
  const scaled =
    observable === 'size' && options.perRootWidth === true ? ' They are divided by √N, which aligns the widths.' : '';
  return {
    name,
    title,
    caption: `Probability density of avalanche ${observable}s in adaptive bins, of all valid avalanches, to the integral 1. Bars are √n of the n avalanches of a point, drawn where they reach beyond it. Lines are the maximum-likelihood power laws ${law} over their fitted range, shifted vertically for clarity.${isApart(panel) ? apartWords : ''}${kind}${scaled}`,
    spec: themed(panel),
  };
}

/**
 * P(S) against S, log–log, one series an ensemble, with its fitted power law.
 * Reads `histogram` (observable 'size' or 'signal_size': ensemble, lower, upper, center, count, density) and `fit` (model 'power_law', parameter
 * 'exponent': estimate, standard_error, xmin, xmax).
 */
export function sizeDistributionFigure(tables: Tables, options: DistributionOptions = {}): Figure {
  return distribution(tables, 'size', options);
}

/** P(D) against D; rows as for {@link sizeDistributionFigure} with observable 'duration'. */
export function durationDistributionFigure(tables: Tables): Figure {
  return distribution(tables, 'duration', {});
}
