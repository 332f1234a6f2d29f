import { classStyle } from './class-style.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { seriesOf } from './series.ts';
import { type GammaFit, gammaWords } from './size-words.ts';
import { estimateOf, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';
import { ink, themed } from './theme.ts';

const exponentsOf = (fit: GammaFit) => [
  { symbol: 'Exponent τ of sizes', column: 'tau', classColumn: 'tau' },
  { symbol: 'Exponent α of durations', column: 'alpha', classColumn: 'alpha' },
  { symbol: `Exponent γ of ${gammaWords(fit).of}`, column: 'gamma_scaling', classColumn: 'gamma' },
];

/**
 * Exponents of every ensemble with their errors, side by side, above those of universality classes, a row each.
 * Reads `exponents` (ensemble, tau, alpha, gamma_scaling and `<name>_error`).
 * @param classes rows: class (its name), tau, alpha, gamma; at most eight are drawn
 */
export function universalityFigure(tables: Tables, classes: readonly Row[] = [], fit: GammaFit = {}): Figure {
  const name = 'universality';
  const title = 'Exponents and universality classes';
  const rows = rowsOf(tables, 'exponents');
  const series = seriesOf(tables, rows);
  const labels = series.map((one) => one.label);
  const names = [...new Set(classes.map((row) => textOf(row, 'class')))].slice(0, 8);
  const styles = names.map(classStyle);
  const named = (range: readonly unknown[]) => ({
    field: 'class',
    type: 'nominal',
    scale: { domain: names, range },
    legend: null,
  });
  const [color, strokeDash] = [named(styles.map(({ color }) => color)), named(styles.map(({ dash }) => dash))];
  // A line of its own for every class: where exponents of several coincide, each is still read off the axis.
  const y = {
    field: 'label',
    type: 'nominal',
    scale: { domain: [...labels, ...names] },
    axis: { title: null, grid: true, tickSize: 0, domain: false, labelLimit: 0 },
  };
  const panels = exponentsOf(fit).flatMap(({ symbol, column, classColumn }, i) => {
    const points = series.flatMap(({ ensemble, label }) => {
      const estimate = estimateOf(
        rows.find((row) => numberOf(row, 'ensemble') === ensemble),
        column,
      );
      if (estimate === undefined) return [];
      const half = Number.isFinite(estimate.error) ? estimate.error : 0;
      return [{ label, value: estimate.value, low: estimate.value - half, high: estimate.value + half }];
    });
    if (points.length === 0) return [];
    const known = classes
      .map((row) => ({ class: textOf(row, 'class'), label: textOf(row, 'class'), value: numberOf(row, classColumn) }))
      .filter((one) => names.includes(one.class) && Number.isFinite(one.value));
    const x = {
      type: 'quantitative',
      axis: { title: symbol, tickCount: 3, labelOverlap: true },
      scale: { zero: false, nice: false, padding: 14 },
    };
    const rowsOfPanel = i === 0 ? y : { ...y, axis: { ...y.axis, labels: false } };
    return [
      {
        width: 190,
        height: 20 * (labels.length + names.length),
        layer: [
          {
            data: { values: known },
            mark: { type: 'rule', strokeWidth: 1.2, opacity: 0.8 },
            encoding: { x: { ...x, field: 'value' }, color, strokeDash },
          },
          {
            data: { values: known },
            mark: { type: 'point', filled: true, shape: 'diamond', size: 70, opacity: 1 },
            encoding: { x: { ...x, field: 'value' }, y: rowsOfPanel, color },
          },
          {
            data: { values: points },
            mark: { type: 'rule', strokeWidth: 1.6, color: ink },
            encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y: rowsOfPanel },
          },
          {
            data: { values: points },
            mark: { type: 'point', filled: true, size: 50, color: ink, opacity: 1 },
            encoding: { x: { ...x, field: 'value' }, y: rowsOfPanel },
          },
        ],
      },
    ];
  });
  if (panels.length === 0)
    return emptyFigure(name, title, 'No exponents to draw: the exponents table has no finite estimate.');
  return {
    name,
    title,
    caption:
      'Fitted exponents with standard errors (circles) above the exponents of universality classes (diamonds, on lines through all rows). A class fits only where it does in all three.',
    spec: themed({ hconcat: panels, spacing: 22 }),
  };
}
