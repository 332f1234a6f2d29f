import { fullNumber } from './quantity.ts';
import type { Summary } from './summary.ts';
import { perEnsemble } from './summary-cells.ts';
import { numberOf, rowsOf, type Tables } from './table-row.ts';

/** What the perturbations of each ensemble came to. */
export function countsSummary(tables: Tables): Summary {
  const columns = ['perturbations', 'valid', 'dead', 'censored'];
  if (rowsOf(tables, 'ensemble').some((row) => numberOf(row, 'non_finite') > 0)) columns.push('non_finite');
  return {
    id: 'counts',
    title: 'Counts',
    caption:
      'Valid: ended before the last layer. Dead: below the threshold at once. Censored: still above it at the last layer. Only valid avalanches enter the distributions.',
    head: ['ensemble', ...columns.map((name) => name.replace('_', '-'))],
    rows: perEnsemble(tables, 'ensemble', (row) => columns.map((name) => fullNumber(numberOf(row, name)))),
  };
}
