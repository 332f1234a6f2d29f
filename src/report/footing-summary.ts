import { plainNumber } from './quantity.ts';
import { seriesOf } from './series.ts';
import type { Summary } from './summary.ts';
import { numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';

/** Marks an exponent that is poorly constrained: from too few values or over too short a range. */
export const thinMark = '°';

/** What an exponent of a row of the `exponents` table is marked with. */
export const markOf = (row: Row, exponent: 'tau' | 'alpha'): string =>
  textOf(row, `${exponent}_mark`) === '' ? '' : thinMark;

const shown = (value: number): string => (Number.isFinite(value) ? plainNumber(Number(value.toPrecision(3))) : '∞');

const exponents = [
  { name: 'tau', symbol: 'τ' },
  { name: 'alpha', symbol: 'α' },
] as const;

/** The data behind τ and α of every ensemble: range, values fitted, distance, better alternatives, what is thin. */
export function footingSummary(tables: Tables): Summary {
  const all = rowsOf(tables, 'exponents');
  const rows = seriesOf(tables, all).flatMap(({ ensemble, label }) =>
    all
      .filter((row) => numberOf(row, 'ensemble') === ensemble)
      .flatMap((row) =>
        exponents
          .filter(({ name }) => Number.isFinite(numberOf(row, `${name}_min`)))
          .map(({ name, symbol }) => {
            const better = row[`${name}_better`];
            return [
              `${label}, ${symbol}`,
              `${shown(numberOf(row, `${name}_min`))} – ${shown(numberOf(row, `${name}_max`))}`,
              plainNumber(numberOf(row, `${name}_count`)),
              shown(numberOf(row, `${name}_ks`)),
              typeof better !== 'string' ? 'not compared' : better.replaceAll('_', ' ') || 'none',
              textOf(row, `${name}_mark`) || '–',
            ];
          }),
      ),
  );
  return {
    id: 'fits',
    title: 'Data behind each exponent',
    caption: `Range and number of the values fitted, Kolmogorov–Smirnov distance, and alternatives that fit the same values significantly better (p < 0.05). ${thinMark}: poorly constrained, from fewer than 100 values or over less than one decade.`,
    head: ['Fit', 'Range', 'Fitted', 'KS', 'Fits better', thinMark],
    rows,
    brief: { head: ['fit', 'range', 'fitted', 'KS', 'fits better', thinMark], rows },
  };
}
