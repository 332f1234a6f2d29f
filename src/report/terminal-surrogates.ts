import { withError } from './concise.ts';
import { seriesOf } from './series.ts';
import { groupRows, numberOf, rowsOf, type Tables, textOf } from './table-row.ts';
import { draw, type TerminalOptions } from './terminal.ts';

const symbols: readonly (readonly [exponent: string, symbol: string])[] = [
  ['tau', 'τ'],
  ['alpha', 'α'],
  ['gamma_scaling', 'γ'],
  ['gamma_collapse', 'γ collapse'],
  ['gamma_predicted', 'γ predicted'],
];

/** Head and rows of the comparison with null models: one row an ensemble, null model and exponent. No rows without a null model. */
export function surrogateLines(tables: Tables): { readonly head: string[]; readonly rows: string[][] } {
  const all = rowsOf(tables, 'surrogate');
  const labels = new Map(seriesOf(tables, all).map(({ ensemble, label }) => [ensemble, label]));
  const rows = [...groupRows(all, 'ensemble')].flatMap(([ensemble, own]) =>
    symbols.flatMap(([exponent, symbol]) =>
      own
        .filter((row) => textOf(row, 'exponent') === exponent)
        .map((row) => [
          labels.get(ensemble) ?? '',
          symbol,
          withError(numberOf(row, 'measured'), numberOf(row, 'measured_error')),
          textOf(row, 'surrogate'),
          withError(numberOf(row, 'null_model'), numberOf(row, 'null_model_error')),
          textOf(row, 'verdict'),
        ]),
    ),
  );
  return { head: ['ensemble', 'exponent', 'measured', 'surrogate', 'its value', 'verdict'], rows };
}

/** The comparison with null models. '' without rows. */
export function surrogateTable(tables: Tables, options: TerminalOptions = {}): string {
  const { head, rows } = surrogateLines(tables);
  return rows.length === 0 ? '' : draw(head, rows, options);
}
