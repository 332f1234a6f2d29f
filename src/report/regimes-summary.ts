import type { Finding } from './finding.ts';
import type { Summary } from './summary.ts';
import { measured, quantityOf, shown } from './summary-cells.ts';
import { groupRows, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';

/** The largest error, as a share of the input's strength, with which a signal can be said to keep it. */
const resolution = 0.1;

const meaningOf = (first: Row, last: Row): string => {
  const ratio = numberOf(last, 'strength') / numberOf(first, 'strength');
  if (!Number.isFinite(ratio)) return 'overflows';
  if (!(ratio > 0)) return 'dies out';
  const error = numberOf(last, 'strength_error') / numberOf(first, 'strength');
  if (Math.abs(ratio - 1) < 2 * error) {
    return error <= resolution ? "keeps the input's strength within two errors" : 'may fall, keep its strength or grow';
  }
  if (Number.isNaN(error) && Math.abs(ratio - 1) <= resolution) return 'may fall, keep its strength or grow';
  return ratio < 1 ? `falls to ${unlikeOne(ratio)} of the input` : `grows to ${unlikeOne(ratio)} times the input`;
};

/** A ratio to two digits, or to as many as tell it from 1. */
const unlikeOne = (ratio: number): string =>
  [2, 3, 4, 5, 6].map((digits) => shown(ratio, digits)).find((text) => text !== '1') ?? '1';

/** A strength; ∞ where it overflows. */
const strengthOf = (row: Row, text: string): string => (numberOf(row, 'strength') === Infinity ? '∞' : text);

/** The signal strength at the last layer: of finite networks, and of the mean-field recursion. */
export function regimesSummary(tables: Tables): Summary {
  const findings: Finding[] = [];
  const rows = [...groupRows(rowsOf(tables, 'regime'), 'ensemble')].flatMap(([, own]) => {
    const of = (series: string): Row[] => own.filter((row) => textOf(row, 'series') === series);
    const [mean, recursion] = [of('mean'), of('recursion')];
    const [first, last] = [mean[0], mean.at(-1)];
    if (first === undefined || last === undefined) return [];
    const [theory = {}] = recursion.slice(-1);
    const label = `σw² = ${shown(numberOf(last, 'weight_variance'), 6)}`;
    const [layer, there, expected] = [
      numberOf(last, 'layer'),
      strengthOf(last, measured(last, 'strength')),
      strengthOf(theory, shown(numberOf(theory, 'strength'))),
    ];
    const signal = meaningOf(first, last);
    findings.push({
      ensemble: numberOf(last, 'ensemble'),
      label,
      sentence: `${label}: the signal ${signal} over ${shown(layer)} layer${layer === 1 ? '' : 's'}: ${there} there (mean-field recursion: ${expected}).`,
      quantities: [
        { ...quantityOf(last, 'strength'), of: `layer ${layer}` },
        { ...quantityOf(theory, 'strength'), of: `layer ${layer}, mean-field recursion` },
      ],
      verdict: signal.startsWith('may ') ? 'is left open' : signal.replace(/ (to|the) .*/, ''),
    });
    return [[label, shown(layer), shown(numberOf(first, 'strength')), there, expected, signal]];
  });
  return {
    id: 'regimes',
    title: 'Signal strength after the last layer',
    caption:
      'Root mean square over all networks, with its standard error, beside the mean-field recursion (N → ∞): below criticality signals die out, above it they go to a fixed point.',
    head: ['Weight variance', 'Layer', 'At the input', 'There', 'Recursion', 'The signal'],
    rows,
    findings,
    brief: {
      head: ['σw²', 'layer', 'at the input', 'there', 'recursion', 'the signal'],
      rows: rows.map(([label = '', ...cells]) => [label.replace('σw² = ', ''), ...cells]),
    },
  };
}
