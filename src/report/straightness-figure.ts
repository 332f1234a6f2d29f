import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { numberOf, rowsOf, type Tables, textOf } from './table-row.ts';
import { seriesColors, seriesShapes, themed } from './theme.ts';

/**
 * Straightness of the log–log distribution against the finite-size correction δ in σw² = critical·(1 + δ): δ·N on the axis, so that widths can be
 * compared with the expected δ = c/N. Reads `straightness` (width, observable, delta, r_squared).
 */
export function straightnessFigure(tables: Tables): Figure {
  const name = 'straightness';
  const title = 'Straightness against the finite-size correction';
  const points = rowsOf(tables, 'straightness')
    .map((row) => ({
      scaled: numberOf(row, 'delta') * numberOf(row, 'width'),
      r2: numberOf(row, 'r_squared'),
      series: `N = ${numberOf(row, 'width')}`,
      width: numberOf(row, 'width'),
      observable: textOf(row, 'observable') === 'duration' ? 'Durations' : 'Sizes',
    }))
    .filter((point) => Number.isFinite(point.scaled) && Number.isFinite(point.r2));
  if (points.length === 0) return emptyFigure(name, title, 'No scan to draw: the straightness table has no rows.');
  const widths = [...new Set(points.map((point) => point.width))].sort((a, b) => a - b);
  const texts = widths.map((width) => `N = ${width}`);
  const colors = {
    field: 'series',
    type: 'nominal',
    scale: { domain: texts, range: seriesColors(widths.length) },
    legend: { title: null, orient: 'right' },
  };
  const shape = { ...colors, scale: { domain: texts, range: seriesShapes(widths.length) } };
  const x = {
    field: 'scaled',
    type: 'quantitative',
    axis: { title: 'Correction δ · N', tickCount: 6 },
    scale: { zero: false, nice: false, padding: 10 },
  };
  const y = {
    field: 'r2',
    type: 'quantitative',
    axis: { title: 'R² of the log–log line', tickCount: 5 },
    scale: { zero: false, padding: 8 },
  };
  const panels = [...new Set(points.map((point) => point.observable))].map((observable) => {
    const own = points.filter((point) => point.observable === observable);
    const best = widths.flatMap((width) => {
      const curve = own.filter((point) => point.width === width);
      return curve.length === 0 ? [] : [curve.reduce((a, b) => (b.r2 > a.r2 ? b : a))];
    });
    return {
      title: observable,
      width: 300,
      height: 230,
      encoding: { x, y, color: colors },
      layer: [
        { data: { values: own }, mark: { type: 'line', strokeWidth: 1.4 } },
        {
          data: { values: own },
          mark: { type: 'point', filled: true, size: 30, opacity: 1 },
          encoding: { shape },
        },
        { data: { values: best }, mark: { type: 'point', filled: false, size: 130, strokeWidth: 1.6 } },
      ],
    };
  });
  return {
    name,
    title,
    caption:
      'R² of the straight line through the adaptively binned log–log distribution against δ·N, where σw² = critical·(1 + δ). Circles mark the straightest point of each width; at δ·N = c, which is 1 for odd activations, ln s has no drift.',
    spec: themed({ hconcat: panels }),
  };
}
