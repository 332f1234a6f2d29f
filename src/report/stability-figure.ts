import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { fitRow, type Series, seriesChannels, seriesOf } from './series.ts';
import { durationTitle, durationUnit } from './size-words.ts';
import { estimateOf, numberOf, rowsOf, type Tables, textOf } from './table-row.ts';
import { panelSize, themed } from './theme.ts';

const panels = [
  { exponent: 'tau', symbol: 'Exponent τ of sizes', axis: 'Smallest size in the fit', observable: 'size' },
  {
    exponent: 'alpha',
    symbol: 'Exponent α of durations',
    axis: 'Shortest duration in the fit',
    observable: 'duration',
  },
  {
    exponent: 'gamma_scaling',
    symbol: 'Local slope γ(D) of ⟨S⟩',
    axis: '',
    observable: 'duration',
  },
] as const;

function panel(
  tables: Tables,
  drawn: readonly Series[],
  { exponent, symbol, axis, observable }: (typeof panels)[number],
) {
  const rows = rowsOf(tables, 'stability').filter((row) => textOf(row, 'exponent') === exponent);
  const exponents = rowsOf(tables, 'exponents');
  const labels = new Map(drawn.map(({ ensemble, label }) => [ensemble, label]));
  const points = rows.flatMap((row) => {
    const found = estimateOf(row, 'estimate');
    const series = labels.get(numberOf(row, 'ensemble'));
    if (found === undefined || series === undefined) return [];
    const half = numberOf(row, 'standard_error') || 0;
    return [{ x: numberOf(row, 'cutoff'), y: found.value, low: found.value - half, high: found.value + half, series }];
  });
  const xExtent = positiveExtent(points.map(({ x }) => x));
  if (xExtent === undefined) return undefined;
  // The fitted exponent over the window it was fitted on; a slope that is noise at the far end must not set the scale.
  const windows = drawn.flatMap(({ ensemble, label: series }) => {
    const fit = fitRow(tables, ensemble, observable);
    const value = estimateOf(
      exponents.find((row) => numberOf(row, 'ensemble') === ensemble),
      exponent,
    );
    if (fit === undefined || value === undefined) return [];
    const [from, to] = [numberOf(fit, 'xmin'), numberOf(fit, 'xmax') || xExtent[1]];
    if (!(from < xExtent[1])) return [];
    const ends = [Math.max(from, xExtent[0]), Math.min(Number.isFinite(to) ? to : xExtent[1], xExtent[1])];
    return ends.map((x) => ({ x, y: value.value, series }));
  });
  const sure = points.filter(({ low, high }) => high - low < 0.5);
  const ys = [...(sure.length > 0 ? sure : points), ...windows].map(({ y }) => y);
  const margin = 0.1 + 0.1 * (Math.max(...ys) - Math.min(...ys));
  const y = {
    type: 'quantitative',
    scale: { domain: [Math.min(...ys) - margin, Math.max(...ys) + margin], zero: false, nice: false },
    axis: { title: symbol, tickCount: 6 },
  };
  const { color, shape } = seriesChannels(
    drawn,
    drawn.map(({ label }) => label),
    { orient: 'bottom', columns: 3, symbolOpacity: 1 },
  );
  const unit = observable === 'size' || durationUnit(tables) === '' ? '' : ` (${durationUnit(tables)}s)`;
  const x = {
    field: 'x',
    type: 'quantitative',
    ...logChannel(axis === '' ? durationTitle(tables) : `${axis}${unit}`, xExtent),
  };
  return {
    ...panelSize,
    width: 235,
    height: 215,
    encoding: { x },
    layer: [
      {
        data: { values: points },
        mark: { type: 'area', opacity: 0.18, clip: true },
        encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      {
        data: { values: windows },
        mark: { type: 'line', strokeWidth: 1.6, strokeDash: [5, 3], clip: true },
        encoding: { y: { ...y, field: 'y' }, color },
      },
      {
        data: { values: points },
        mark: { type: 'line', strokeWidth: 1, clip: true },
        encoding: { y: { ...y, field: 'y' }, color },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: 20, clip: true },
        encoding: { y: { ...y, field: 'y' }, color, shape },
      },
    ],
  };
}

/**
 * τ and α against the lower cutoff of their fit and the local slope γ(D), each with its band of errors, beside what was fitted on the window.
 * Reads `stability`, and `exponents` and `fit` for the fitted values and their windows.
 */
export function stabilityFigure(tables: Tables): Figure {
  const name = 'stability';
  const title = 'Stability of the exponents';
  const drawn = seriesOf(tables, rowsOf(tables, 'stability'));
  const made = panels.map((one) => panel(tables, drawn, one)).filter((one) => one !== undefined);
  if (made.length === 0) {
    return emptyFigure(name, title, 'No exponents to follow: fewer than 100 avalanches lie above any cutoff.');
  }
  return {
    name,
    title,
    caption:
      'Exponents of sizes and durations against the lower cutoff of their fit, at its upper cutoff, and the local slope of mean size against duration; bands are standard errors. Dashed: the fitted value over the window that it was fitted on. A power law is a plateau.',
    spec: themed({ hconcat: made, spacing: 26 }),
  };
}
