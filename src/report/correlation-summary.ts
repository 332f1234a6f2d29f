import type { Summary } from './summary.ts';
import { measured, shown } from './summary-cells.ts';
import { numberOf, rowsOf, type Tables } from './table-row.ts';

/** How fast two inputs approach their fixed correlation, beside the depth scale of the theory. */
export function correlationSummary(tables: Tables): Summary {
  return {
    id: 'correlation-depth',
    title: 'Decay of the correlation of two inputs',
    caption:
      'Decay length of c_l − c* over the layers in which it stands clear of its error, with its jackknife error, beside that of the correlation map over the same layers, and ξ_c (N → ∞). –: nothing decays, or too little of it was seen.',
    head: ['σw²', 'σb²', 'c₀', 'c*', 'Decay length', 'Correlation map', 'ξ_c'],
    rows: rowsOf(tables, 'correlation_depth').map((row) => [
      ...['weight_variance', 'bias_variance', 'input_correlation'].map((name) => shown(numberOf(row, name), 6)),
      shown(numberOf(row, 'c_star')),
      measured(row, 'decay_length'),
      shown(numberOf(row, 'decay_length_recursion')),
      numberOf(row, 'xi_c') === Infinity ? '∞' : shown(numberOf(row, 'xi_c')),
    ]),
  };
}
