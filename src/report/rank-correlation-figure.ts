import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { numberOf, type Row, textOf } from './table-row.ts';
import { faint, palette, themed } from './theme.ts';

/** Predictors of table `rank_correlation` as people read them. */
export const predictorTexts: Readonly<Record<string, string>> = {
  chi_weight_variance: 'susceptibility ∂s*/∂σw²',
  chi_weight_deviation: 'susceptibility ∂s*/∂σw',
  edge_chi_1: 'closeness of χ₁ to 1',
  edge_distance: 'closeness to the edge of chaos in σw²',
  widom_distance: 'closeness to the Widom-like line in σw²',
  xi_c: 'depth scale of correlations',
  xi_q: 'depth scale of the strength',
};

/** Rows of `rank_correlation` over all cells, the best predictor first. */
export function rankedOverall(rows: readonly Row[]): Row[] {
  return rows
    .filter((row) => row.bias_variance === null && Number.isFinite(numberOf(row, 'rho')))
    .sort((a, b) => numberOf(b, 'rho') - numberOf(a, 'rho'));
}

/** How well each predictor orders the cells by training accuracy, with 95 % intervals. Reads `rank_correlation`. */
export function rankCorrelationFigure(rows: readonly Row[]): Figure {
  const name = 'rank-correlation';
  const title = 'How well theory orders the cells by training accuracy';
  const values = rankedOverall(rows).map((row) => ({
    predictor: predictorTexts[textOf(row, 'predictor')] ?? textOf(row, 'predictor'),
    rho: numberOf(row, 'rho'),
    low: numberOf(row, 'rho_low'),
    high: numberOf(row, 'rho_high'),
  }));
  if (values.length === 0)
    return emptyFigure(name, title, 'No rank correlations to draw: they need a map of at least four cells.');
  const least = Math.min(0, ...values.flatMap(({ rho, low }) => (Number.isFinite(low) ? [low] : [rho])));
  const x = {
    type: 'quantitative',
    scale: { domain: [least, 1], nice: false, padding: 6 },
    axis: { title: "Spearman's ρ with training accuracy", tickCount: 6 },
  };
  const y = {
    field: 'predictor',
    type: 'nominal',
    sort: values.map(({ predictor }) => predictor),
    axis: { title: null, labelLimit: 0, grid: true, ticks: false, domain: false },
  };
  return {
    name,
    title,
    caption: `Rank correlation of quantities of the mean-field theory with the training accuracy of ${numberOf(rankedOverall(rows)[0]!, 'cells')} cells. Bars: central 95 % of a bootstrap over cells and over the networks of a cell.`,
    spec: themed({
      width: 340,
      height: 30 * values.length,
      layer: [
        {
          data: { values: [{ zero: 0 }] },
          mark: { type: 'rule', color: faint, strokeDash: [3, 3] },
          encoding: { x: { ...x, field: 'zero' } },
        },
        {
          data: { values: values.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high)) },
          mark: { type: 'rule', strokeWidth: 2, color: palette[0] },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
        },
        {
          data: { values },
          mark: { type: 'point', filled: true, size: 60, opacity: 1, color: palette[0] },
          encoding: { x: { ...x, field: 'rho' }, y },
        },
      ],
    }),
  };
}
