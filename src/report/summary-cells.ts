import { withError } from './concise.ts';
import type { Quantity } from './finding.ts';
import { plainNumber } from './quantity.ts';
import { seriesOf } from './series.ts';
import { numberOf, type Row, rowsOf, type Tables } from './table-row.ts';

/** A number to some digits; a dash where there is none. */
export const shown = (value: number, digits = 3): string => (Number.isFinite(value) ? plainNumber(value, digits) : '–');

/** To one decimal, with a minus and never one of zero; a dash where there is no number. */
export const signed = (value: number): string =>
  Number.isFinite(value)
    ? value
        .toFixed(1)
        .replace(/^-0\.0$/, '0.0')
        .replace('-', '\u2212')
    : '–';

/** A column with its error, such as 1.343(4); a dash where there is none. */
export const measured = (row: Row, name: string, error = `${name}_error`): string =>
  Number.isFinite(numberOf(row, name)) ? withError(numberOf(row, name), numberOf(row, error)) : '–';

/** The same as data, under a name of its own where that isn't the column's. */
export const quantityOf = (row: Row, name: string, quantity = name, error = `${name}_error`): Quantity => ({
  quantity,
  value: numberOf(row, name),
  ...(Number.isFinite(numberOf(row, error)) ? { error: numberOf(row, error) } : {}),
});

/** Rows of a table of ensembles as text, each after the name of its ensemble. */
export function perEnsemble(tables: Tables, table: string, cells: (row: Row) => string[]): string[][] {
  const rows = rowsOf(tables, table);
  return seriesOf(tables, rows).flatMap(({ ensemble, label }) =>
    rows.filter((row) => numberOf(row, 'ensemble') === ensemble).map((row) => [label, ...cells(row)]),
  );
}
