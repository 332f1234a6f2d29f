import { apart, apartWords, isApart, roomBelow } from './apart.ts';
import { withError } from './concise.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { fitRow, legendIn, type Series, seriesChannels, seriesOf } from './series.ts';
import { durationTitle, type GammaFit, gammaWords, sizeWords } from './size-words.ts';
import { type Estimate, estimateOf, numberOf, type Row, rowsOf, type Tables } from './table-row.ts';
import { faint, panelSize, themed } from './theme.ts';

interface Point {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
  /** n ⟨S⟩²/var(S | D), as in the fit. */
  readonly weight: number;
}

/** How `scalingFigure` draws sizes. */
export interface ScalingFigureOptions extends GammaFit {
  /** Divide sizes by √N, which aligns widths when sizes are from zero and the total input norm is fixed. */
  readonly perRootWidth?: boolean;
  /** Legends of series and laws; in corners by default, beside the panel where there are many series. */
  readonly legend?: Readonly<Record<string, unknown>>;
}

const pointsPerDecade = 16;

/** Mean sizes by duration, neighbours merged by count where they are denser than points can be told apart. */
function meanPoints(rows: readonly Row[], scale: number): Point[] {
  const sorted = rows
    .map((row) => ({
      duration: numberOf(row, 'duration'),
      count: numberOf(row, 'count'),
      size: numberOf(row, 'mean_size') * scale,
      variance: numberOf(row, 'var_size') / numberOf(row, 'mean_size') ** 2 || 0,
    }))
    .filter((row) => row.duration > 0 && row.count > 0 && row.size > 0)
    .sort((a, b) => a.duration - b.duration);
  const points: Point[] = [];
  for (let i = 0; i < sorted.length; ) {
    const start = sorted[i]?.duration ?? 1;
    let [count, logDuration, logSize, variance] = [0, 0, 0, 0];
    for (; i < sorted.length; i++) {
      const row = sorted[i];
      if (row === undefined || Math.log10(row.duration / start) >= 1 / pointsPerDecade) break;
      count += row.count;
      logDuration += row.count * Math.log(row.duration);
      logSize += row.count * Math.log(row.size);
      variance += row.count * row.variance;
    }
    const spread = Math.sqrt(variance) / count;
    const weight = variance > 0 ? count ** 2 / variance : 0;
    const y = Math.exp(logSize / count);
    points.push({
      x: Math.exp(logDuration / count),
      y,
      low: y * Math.exp(-spread),
      high: y * Math.exp(spread),
      weight,
    });
  }
  return points;
}

/** A line of a given slope over the fitted durations, through the middle of their points by the weights of the fit. */
function guide(
  points: readonly Point[],
  slope: number,
  lift: number,
  range: readonly [number, number],
): { x: number; y: number }[] {
  const inside = points.filter(({ x }) => x >= range[0] * 0.99 && x <= range[1] * 1.01);
  const heavy = inside.some((point) => point.weight > 0);
  let [total, level] = [0, 0];
  for (const { x, y, weight } of inside) {
    const w = heavy ? weight : 1;
    total += w;
    level += w * (Math.log(y) - slope * Math.log(x));
  }
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined || first.x === last.x) return [];
  return [first.x, last.x].map((x) => ({ x, y: lift * Math.exp(level / total) * x ** slope }));
}

function text(one: Series, gamma: Estimate | undefined): string {
  return gamma === undefined ? one.label : `${one.label}, γ = ${withError(gamma.value, gamma.error)}`;
}

const fitted = 'fit γ';
const predicted = 'predicted (α − 1)/(τ − 1)';

/** A panel of ⟨S⟩ against D for all ensembles with the fitted and the predicted slope; undefined where there is no row. */
export function scalingPanel(tables: Tables, options: ScalingFigureOptions = {}): Record<string, unknown> | undefined {
  const rows = rowsOf(tables, 'scaling');
  const exponents = new Map(rowsOf(tables, 'exponents').map((row) => [numberOf(row, 'ensemble'), row]));
  const placed: Point[][] = [];
  const dots: (Point & { readonly series: string })[] = [];
  const lines: { x: number; y: number; series: string; law: string; lift: number }[] = [];
  const all: Point[] = [];
  const drawn: Series[] = [];
  const texts: string[] = [];
  for (const one of seriesOf(tables, rows)) {
    const own = rows.filter((row) => numberOf(row, 'ensemble') === one.ensemble);
    const points = meanPoints(own, options.perRootWidth === true ? 1 / Math.sqrt(one.width) : 1);
    if (points.length === 0) continue;
    const gamma = estimateOf(exponents.get(one.ensemble), 'gamma_scaling');
    const forecast = estimateOf(exponents.get(one.ensemble), 'gamma_predicted');
    const series = text(one, gamma);
    drawn.push(one);
    texts.push(series);
    all.push(...points);
    placed.push(points);
    dots.push(...points.map((point) => ({ ...point, series })));
    const fit = fitRow(tables, one.ensemble, 'duration');
    const [xmin, xmax] = [numberOf(fit ?? {}, 'xmin') || 0, numberOf(fit ?? {}, 'xmax') || Number.POSITIVE_INFINITY];
    const guides: [string, Estimate | undefined, number][] = [
      [fitted, gamma, 1],
      [predicted, forecast, 3.5 * (options.perRootWidth === true ? 1.35 ** (drawn.length - 1) : 1)],
    ];
    for (const [law, estimate, lift] of guides) {
      if (estimate === undefined || estimate.error > Math.abs(estimate.value) / 3) continue;
      if (law === predicted && Number.isNaN(estimate.error)) continue;
      lines.push(
        ...guide(points, estimate.value, lift, [xmin, xmax]).map((point) => ({ ...point, series, law, lift })),
      );
    }
  }
  const shifts = apart(placed);
  const shifted = shifts.some((shift) => shift > 0);
  const lowered = <Mark extends { readonly series: string }>(marks: readonly Mark[]): Mark[] =>
    shifted ? marks.map((mark) => ({ ...mark, lower: shifts[texts.indexOf(mark.series)] })) : [...marks];
  // Predictions between the points of their series and those above, where series are apart by so little.
  const guideMarks = lines.map(({ lift, ...line }) =>
    shifted
      ? { ...line, y: line.y / lift, lower: shifts[texts.indexOf(line.series)]! - (line.law === predicted ? 5 : 0) }
      : line,
  );
  const offset = shifted ? { yOffset: { expr: 'datum.lower' } } : {};
  const xExtent = positiveExtent(all.map((point) => point.x));
  const yExtent = positiveExtent([...all.map((point) => point.y), ...lines.map((point) => point.y)]);
  if (xExtent === undefined || yExtent === undefined) return undefined;
  const { color, shape } = seriesChannels(drawn, texts, options.legend ?? legendIn('bottom-right', texts));
  const variable = options.perRootWidth === true ? '⟨S⟩/√N' : '⟨S⟩';
  const x = { field: 'x', type: 'quantitative', ...logChannel(durationTitle(tables), xExtent) };
  const y = {
    field: 'y',
    type: 'quantitative',
    ...logChannel(
      `Mean size ${variable}${sizeWords(tables).sum === '' ? '' : `, S${sizeWords(tables).sum}`}`,
      roomBelow(yExtent, Math.max(...shifts), 0.75 * panelSize.height),
    ),
  };
  const law = {
    field: 'law',
    type: 'nominal',
    scale: { domain: [fitted, predicted], range: [[], [5, 3]] },
    legend: {
      ...{ title: null, orient: 'top-left', ...options.legend },
      ...{ symbolType: 'stroke', symbolStrokeColor: faint, symbolSize: 260 },
    },
  };
  return {
    ...panelSize,
    encoding: { x },
    layer: [
      {
        data: { values: lowered(dots) },
        mark: { type: 'rule', strokeWidth: 1, clip: true, ...(shifted ? { ...offset, y2Offset: offset.yOffset } : {}) },
        encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      {
        data: { values: lowered(dots) },
        mark: { type: 'point', filled: true, size: 22, opacity: 0.85, clip: true, ...offset },
        encoding: { y, color, shape },
      },
      {
        data: { values: guideMarks },
        mark: { type: 'line', strokeWidth: 1.4, clip: true, ...offset },
        encoding: { y, color, strokeDash: law },
      },
    ],
  };
}

/**
 * ⟨S⟩ against D with the fitted slope γ and the slope that the crackling relation predicts.
 * Reads `scaling` (ensemble, duration, count, mean_size, var_size), `exponents` (gamma_scaling, gamma_predicted and their errors)
 * and, for the range of the lines, the xmin and xmax that `fit` has for durations, between which γ is fitted.
 */
export function scalingFigure(tables: Tables, options: ScalingFigureOptions = {}): Figure {
  const name = 'scaling';
  const title = 'Mean size against duration';
  const panel = scalingPanel(tables, options);
  if (panel === undefined) return emptyFigure(name, title, 'No mean sizes to draw: the scaling table has no rows.');
  return {
    name,
    title,
    caption: `Mean size of the avalanches of each duration, with its standard error; sizes are ${sizeWords(tables).meaning}. Solid: the weighted fit ${gammaWords(options).symbol} ∝ D^γ over the fitted range of durations. Dashed (shifted up for clarity): slope predicted by the crackling relation, shown when its relative error is below 1/3.${isApart(panel) ? apartWords : ''}`,
    spec: themed(panel),
  };
}
