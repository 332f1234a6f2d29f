import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { seriesChannels, seriesOf } from './series.ts';
import { durationTitle } from './size-words.ts';
import { estimateOf, numberOf, rowsOf, type Tables } from './table-row.ts';
import { faint, themed } from './theme.ts';

const quantities: readonly [column: string, title: string][] = [
  ['asymmetry', 'Asymmetry a of the mean shape'],
  ['skewness', 'Skewness of the mean shape'],
];

/** Asymmetry of the mean shape against duration. Reads `asymmetry` (duration, asymmetry, skewness with their errors) and `ensemble`. */
export function asymmetryFigure(tables: Tables): Figure {
  const name = 'asymmetry';
  const title = 'Asymmetry of the mean avalanche shape';
  const rows = rowsOf(tables, 'asymmetry');
  const extent = positiveExtent(rows.map((row) => numberOf(row, 'duration')));
  if (extent === undefined) {
    return emptyFigure(name, title, 'No shapes to draw: no group of durations had enough avalanches.');
  }
  const series = seriesOf(tables, rows);
  const labels = series.map(({ label }) => label);
  const { color, shape } = seriesChannels(series, labels, { orient: 'right' });
  const x = { field: 'duration', type: 'quantitative', ...logChannel(durationTitle(tables), extent, 5) };
  const panels = quantities.map(([column, axis]) => {
    const points = series.flatMap(({ ensemble, label }) =>
      rows
        .filter((row) => numberOf(row, 'ensemble') === ensemble)
        .flatMap((row) => {
          const found = estimateOf(row, column);
          if (found === undefined) return [];
          const error = Number.isFinite(found.error) ? found.error : 0;
          const bar = { low: found.value - error, high: found.value + error };
          return [{ series: label, duration: numberOf(row, 'duration'), value: found.value, ...bar }];
        }),
    );
    const y = { type: 'quantitative', axis: { title: axis, tickCount: 5 }, scale: { padding: 8 } };
    return {
      width: 300,
      height: 230,
      layer: [
        {
          data: { values: [{ zero: 0 }] },
          mark: { type: 'rule', color: faint, strokeDash: [4, 3] },
          encoding: { y: { ...y, field: 'zero' } },
        },
        {
          data: { values: points },
          mark: { type: 'rule', strokeWidth: 1.2 },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
        },
        {
          data: { values: points },
          mark: { type: 'point', filled: true, size: 35, opacity: 1 },
          encoding: { x, y: { ...y, field: 'value' }, color, shape },
        },
      ],
    };
  });
  return {
    name,
    title,
    caption:
      'Skewness of the mean avalanche shape against duration, and its asymmetry a, defined by f ∝ g·[1 − a·(u − ½)] with g symmetric in time. Positive a leans to early layers; 0 is symmetric in time. Bars are jackknife standard errors.',
    spec: themed({ hconcat: panels, spacing: 24 }),
  };
}
