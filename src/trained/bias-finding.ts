import type { Finding } from '../report/finding.ts';
import { inputStrengthOf } from '../report/input-strength.ts';
import { plainNumber } from '../report/quantity.ts';
import { seriesOf } from '../report/series.ts';
import { numberOf, rowsOf, type Tables, textOf } from '../report/table-row.ts';

/** Share of perturbations that reach the last layer from which on a network has too few avalanches to be looked at without a word. */
const most = 0.5;

/** Of networks with biases that most perturbations from zero pass through above the strength that they began with: that biases may do that alone. */
export function biasFindings(tables: Tables): Finding[] {
  const rows = rowsOf(tables, 'ensemble').filter((row) => textOf(row, 'surrogate') === '');
  const labels = new Map(seriesOf(tables, rows).map(({ ensemble, label }) => [ensemble, label]));
  return rows.flatMap((row) => {
    const [ensemble, biasVariance] = [numberOf(row, 'ensemble'), numberOf(row, 'bias_variance')];
    const share = numberOf(row, 'censored') / numberOf(row, 'perturbations');
    if (!(biasVariance > 0 && share > most)) return [];
    const label = labels.get(ensemble)!;
    const biases = plainNumber(Math.sqrt(biasVariance), 2);
    const input = plainNumber(inputStrengthOf(row), 2);
    const passing = plainNumber(100 * share, 3);
    return [
      {
        ensemble,
        label,
        sentence: `${label}: ${passing} % of perturbations reach the last layer, above a threshold (${input} a neuron) over which biases (${biases}) may hold signals by themselves: parameter threshold sets one above the mean of each layer, around follows what perturbations change.`,
        quantities: [{ quantity: 'censored', value: share }],
        verdict: 'read with care',
      },
    ];
  });
}
