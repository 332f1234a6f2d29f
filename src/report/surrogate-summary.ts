import { withError } from './concise.ts';
import { isOfWeights } from './control-name.ts';
import { seriesOf } from './series.ts';
import type { Summary } from './summary.ts';
import { groupRows, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';

const symbols: readonly (readonly [exponent: string, symbol: string])[] = [
  ['tau', 'τ'],
  ['alpha', 'α'],
  ['gamma_scaling', 'γ'],
  ['gamma_collapse', 'γ collapse'],
  ['gamma_predicted', 'γ predicted'],
];

/** Whether there is anything to compare: an exponent of the ensemble, or of its null model. */
const isMeasured = (row: Row): boolean =>
  ['measured', 'null_model'].some((name) => Number.isFinite(numberOf(row, name)));

/** The comparison with null models: one row an ensemble, null model and exponent that either of the two has. */
export function surrogateSummary(tables: Tables): Summary {
  const all = rowsOf(tables, 'surrogate');
  const ofWeights = all.some((row) => isOfWeights(textOf(row, 'surrogate')));
  const kind = ofWeights ? 'control' : 'surrogate';
  const labels = new Map(seriesOf(tables, all).map(({ ensemble, label }) => [ensemble, label]));
  const rows = [...groupRows(all, 'ensemble')].flatMap(([ensemble, own]) =>
    symbols.flatMap(([exponent, symbol]) =>
      own
        .filter((row) => textOf(row, 'exponent') === exponent && isMeasured(row))
        .map((row) => [
          labels.get(ensemble) ?? '',
          symbol,
          withError(numberOf(row, 'measured'), numberOf(row, 'measured_error')),
          textOf(row, 'surrogate'),
          withError(numberOf(row, 'null_model'), numberOf(row, 'null_model_error')),
          textOf(row, 'verdict').replace('its surrogate', `its ${kind}`),
        ]),
    ),
  );
  return {
    id: 'surrogates',
    title: 'Null models',
    caption: ofWeights
      ? 'Exponents beside those of networks with the same weights in random places of each layer (shuffled-weights), and of ones with Gaussian weights of the same mean and variance in each layer (gaussian-weights). What survives, to within 0.1, takes no structure that was learned; what differs need not be learned: errors leave out how single networks differ among themselves.'
      : 'Exponents beside those of surrogates that keep layer means and covariance (gaussian), the spectrum over layers of signals standardised layer by layer (phase), or the values of each layer (shuffle). What survives in its surrogate, to within 0.1, says nothing about the dynamics.',
    head: ['ensemble', 'exponent', 'measured', kind, 'its value', 'verdict'],
    rows,
    brief: {
      head: ['ensemble', 'exponent', kind, 'measured', 'its value', 'verdict'],
      rows: rows.map(([ensemble = '', symbol = '', measured = '', surrogate = '', value = '', verdict = '']) => [
        ...[ensemble, symbol, surrogate, measured, value],
        verdict.replace(/ (in|from) its (?:surrogate|control)$| in one of them$/, ''),
      ]),
    },
  };
}
