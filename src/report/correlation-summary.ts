import type { Finding } from './finding.ts';
import { correlationNumber } from './quantity.ts';
import type { Summary } from './summary.ts';
import { measured, quantityOf, shown } from './summary-cells.ts';
import { numberOf, type Row, rowsOf, type Tables } from './table-row.ts';

/** Why no decay length was fitted anywhere: an error comes from how networks differ. */
function nowhere(all: readonly Row[]): string {
  if (all.length > 0 && all.every((row) => numberOf(row, 'networks') < 2))
    return 'One network a point gives no error, which a decay of the correlation of two inputs could stand clear of: none was fitted. Give more networks.';
  return 'Nowhere was a decay of the correlation of two inputs seen clear of its error.';
}

function correlationFindings(all: readonly Row[]): Finding[] {
  const fitted = all.filter((row) => Number.isFinite(numberOf(row, 'decay_length')));
  if (fitted.length === 0) return [{ sentence: nowhere(all) }];
  const rows = fitted.filter((row) => !(2 * numberOf(row, 'decay_length_error') > numberOf(row, 'decay_length')));
  if (rows.length === 0)
    return [
      { sentence: 'Errors of decay lengths are more than half of them everywhere: none is known. Give more networks.' },
    ];
  const longest = rows.reduce((a, b) => (numberOf(b, 'decay_length') > numberOf(a, 'decay_length') ? b : a));
  const off = rows
    .map((row) => Math.abs(numberOf(row, 'decay_length') / numberOf(row, 'decay_length_recursion') - 1))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const half = off.length >> 1;
  const median = off.length % 2 === 1 ? off[half] : (off[half - 1]! + off[half]!) / 2;
  const xi = numberOf(longest, 'xi_c');
  return [
    {
      sentence: `Of the points measured, the correlation of two inputs settles slowest at σw² = ${shown(numberOf(longest, 'weight_variance'))}, σb² = ${shown(numberOf(longest, 'bias_variance'))}, c₀ = ${correlationNumber(numberOf(longest, 'input_correlation'))}: its distance from c* decays over ${lengthOf(longest)} layers, fitted from layer ${shown(numberOf(longest, 'first_layer'))} to ${shown(numberOf(longest, 'last_layer'))}, where the correlation map gives ${shown(numberOf(longest, 'decay_length_recursion'))} over the same layers, and ξ_c = ${Number.isFinite(xi) ? shown(xi) : '∞'}.`,
      quantities: [
        'weight_variance',
        'bias_variance',
        'input_correlation',
        'decay_length',
        'decay_length_recursion',
        'first_layer',
        'last_layer',
        'xi_c',
      ].map((name) => quantityOf(longest, name)),
    },
    ...(median === undefined || Number.isNaN(median)
      ? []
      : [
          {
            sentence:
              off.length === 1
                ? `The measured decay length is off that of the correlation map by ${shown(100 * median, 2)} %.`
                : `Measured decay lengths are off those of the correlation map by ${shown(100 * median, 2)} % in the median of ${off.length} points.`,
            quantities: [
              { quantity: 'relative_difference', of: 'decay_length, median', value: median, count: off.length },
            ],
          },
        ]),
  ];
}

/** A decay length with its error, or to two digits and said to have none. */
const lengthOf = (row: Row): string =>
  Number.isFinite(numberOf(row, 'decay_length')) && !(numberOf(row, 'decay_length_error') > 0)
    ? `${shown(numberOf(row, 'decay_length'), 2)} (no error)`
    : measured(row, 'decay_length');

/** How fast two inputs approach their fixed correlation, beside the depth scale of the theory. */
export function correlationSummary(tables: Tables): Summary {
  return {
    id: 'correlation-depth',
    title: 'Decay of the correlation of two inputs',
    caption:
      'Decay length of c_l − c* over the layers in which it stands clear of its error, beside that of the correlation map over the same layers, and ξ_c (N → ∞). Errors are for these layers: near the edge of chaos another sample has others, and both lengths move with them by more, so compare the two. –: nothing decays, or too little of it was seen.',
    head: ['σw²', 'σb²', 'c₀', 'c*', 'Decay length', 'Correlation map', 'ξ_c'],
    rows: rowsOf(tables, 'correlation_depth').map((row) => [
      ...['weight_variance', 'bias_variance'].map((name) => shown(numberOf(row, name), 6)),
      correlationNumber(numberOf(row, 'input_correlation')),
      Number.isNaN(numberOf(row, 'c_star')) ? '–' : correlationNumber(numberOf(row, 'c_star'), 3),
      lengthOf(row),
      shown(numberOf(row, 'decay_length_recursion')),
      numberOf(row, 'xi_c') === Infinity ? '∞' : shown(numberOf(row, 'xi_c')),
    ]),
    findings: correlationFindings(rowsOf(tables, 'correlation_depth')),
  };
}
