import { classStyle } from './class-style.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { seriesOf } from './series.ts';
import { estimateOf, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';
import { ink, themed } from './theme.ts';

const exponents = [
  { symbol: 'τ', column: 'tau', classColumn: 'tau' },
  { symbol: 'α', column: 'alpha', classColumn: 'alpha' },
  { symbol: 'γ', column: 'gamma_scaling', classColumn: 'gamma' },
] as const;

/**
 * Exponents of every ensemble with their errors, side by side, against the exponents of universality classes (vertical lines).
 * Reads `exponents` (ensemble, tau, alpha, gamma_scaling and `<name>_error`).
 * @param classes rows: class (its name), tau, alpha, gamma; at most eight are drawn
 */
export function universalityFigure(tables: Tables, classes: readonly Row[] = []): Figure {
  const name = 'universality';
  const title = 'Exponents and universality classes';
  const rows = rowsOf(tables, 'exponents');
  const series = seriesOf(tables, rows);
  const labels = series.map((one) => one.label);
  const names = [...new Set(classes.map((row) => textOf(row, 'class')))].slice(0, 8);
  const styles = names.map(classStyle);
  const y = {
    field: 'label',
    type: 'nominal',
    scale: { domain: labels },
    axis: { title: null, grid: true, tickSize: 0, domain: false },
  };
  const panels = exponents.flatMap(({ symbol, column, classColumn }, i) => {
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
    const lines = classes
      .map((row) => ({ class: textOf(row, 'class'), value: numberOf(row, classColumn) }))
      .filter((line) => names.includes(line.class) && Number.isFinite(line.value));
    const x = {
      type: 'quantitative',
      axis: { title: symbol, tickCount: 3, labelOverlap: true },
      scale: { zero: false, nice: false, padding: 14 },
    };
    return [
      {
        width: 190,
        height: Math.max(60, 26 * labels.length),
        layer: [
          {
            data: { values: lines },
            mark: { type: 'rule', strokeWidth: 1.6 },
            encoding: {
              x: { ...x, field: 'value' },
              color: {
                field: 'class',
                type: 'nominal',
                scale: { domain: names, range: styles.map(({ color }) => color) },
                legend: { title: null, orient: 'bottom', columns: 3, symbolType: 'stroke', symbolSize: 220 },
              },
              strokeDash: {
                field: 'class',
                type: 'nominal',
                scale: {
                  domain: names,
                  range: styles.map(({ dash }) => dash),
                },
                legend: { title: null, orient: 'bottom', columns: 3 },
              },
            },
          },
          {
            data: { values: points },
            mark: { type: 'rule', strokeWidth: 1.6, color: ink },
            encoding: {
              x: { ...x, field: 'low' },
              x2: { field: 'high' },
              y: i === 0 ? y : { ...y, axis: { ...y.axis, labels: false } },
            },
          },
          {
            data: { values: points },
            mark: { type: 'point', filled: true, size: 50, color: ink, opacity: 1 },
            encoding: { x: { ...x, field: 'value' }, y: i === 0 ? y : { ...y, axis: { ...y.axis, labels: false } } },
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
      'Fitted exponents with standard errors (points) beside the exponents of universality classes (lines). A class fits only where it does in all three.',
    spec: themed({ hconcat: panels, spacing: 22, resolve: { scale: { color: 'shared', strokeDash: 'shared' } } }),
  };
}
