import { emptyFigure } from './empty-figure.ts';
import { exponentPanels, exponentPoints } from './exponent-panels.ts';
import type { Figure } from './figure.ts';
import { type GammaFit, gammaWords } from './size-words.ts';
import { numberOf, type Row } from './table-row.ts';
import { palette, themed } from './theme.ts';

/**
 * Exponents of a recorded trace against the threshold, or the width of the time bins, that its avalanches were found with.
 * Reads rows of `scan`: over, value, and tau, alpha, gamma_scaling, gamma_predicted with their errors.
 * @param column what the trace is called
 */
export function scanFigure(rows: readonly Row[], column: string, fit: GammaFit = {}): Figure {
  const over = rows[0]?.over === 'time-bin' ? 'time-bin' : 'threshold';
  const name = `exponents-by-${over}`;
  const what = over === 'time-bin' ? 'the width of the time bins' : 'the threshold';
  const points = exponentPoints(rows, (row) => ({ k: numberOf(row, 'value') }));
  const title = `Exponents of ${column} against ${what}`;
  if (points.every((own) => own.length === 0)) {
    return emptyFigure(name, title, 'No exponents to draw: none of the values had enough avalanches.');
  }
  const values = rows.map((row) => numberOf(row, 'value'));
  const log = over === 'time-bin' && Math.min(...values) > 0;
  const x = {
    field: 'k',
    type: 'quantitative',
    axis: {
      title: over === 'time-bin' ? 'Width of the time bins' : `Threshold of ${column}`,
      grid: false,
      tickCount: 4,
      labelOverlap: true,
    },
    scale: { type: log ? 'log' : 'linear', zero: false, padding: 12 },
  };
  const panels = exponentPanels(points, { x, color: { value: palette[0] } }, { value: 'circle' }, fit);
  return {
    name,
    title,
    caption: `Exponents of avalanche sizes and durations, of ${gammaWords(fit).one} against duration, and what the crackling relation predicts for the latter, against ${what}. Those of a scale-free process don't depend on it. Bars are jackknife standard errors.`,
    spec: themed({ concat: panels, columns: 2, spacing: 24 }),
  };
}
