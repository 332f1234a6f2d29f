import { fullNumber, plainNumber } from './quantity.ts';
import { seriesOf } from './series.ts';
import type { Summary } from './summary.ts';
import { numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';

/** Marks an exponent that is poorly constrained: from too few values or over too short a range. */
export const thinMark = '°';

/** What an exponent of a row of the `exponents` table is marked with. */
export const markOf = (row: Row, exponent: 'tau' | 'alpha'): string =>
  textOf(row, `${exponent}_mark`) === '' ? '' : thinMark;

const fitted: Readonly<Record<string, string>> = {
  'few values': 'to fewer than 100 values',
  'short range': 'over less than one decade',
};

/** Exponents that the ° rule marks, by symbol, with what is thin about each (`thinFooting`). */
export type Marks = Readonly<Partial<Record<'τ' | 'α', string>>>;

/** Marks of τ and α in a row of the `exponents` table. */
export const marksOf = (row: Row): Marks => ({ τ: textOf(row, 'tau_mark'), α: textOf(row, 'alpha_mark') });

const marked = (marks: Marks): [string, string][] => Object.entries(marks).filter(([, mark]) => mark !== '');

/** The marked exponents: `τ and α`; '' where none is. */
export const markedSymbols = (marks: Marks): string =>
  marked(marks)
    .map(([symbol]) => symbol)
    .join(' and ');

/** Why exponents are poorly constrained: `α was fitted over less than one decade`; '' where none is. */
export function thinInWords(marks: Marks): string {
  const own = marked(marks);
  const symbolsOf = (mark: string): string[] => own.filter(([, other]) => other === mark).map(([symbol]) => symbol);
  return [...new Set(own.map(([, mark]) => mark))]
    .map((mark, i) => {
      const how = mark
        .split(', ')
        .map((one) => fitted[one] ?? one)
        .join(' and ');
      const symbols = symbolsOf(mark);
      const verb = i > 0 ? '' : symbols.length > 1 ? ' were fitted' : ' was fitted';
      return `${symbols.join(' and ')}${verb} ${how}`;
    })
    .join(', and ');
}

const shown = (value: number): string => (Number.isFinite(value) ? plainNumber(value, 3) : '∞');

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
              fullNumber(numberOf(row, `${name}_count`)),
              // A distance that is rounding is none.
              numberOf(row, `${name}_ks`) < 1e-12 ? '0' : shown(numberOf(row, `${name}_ks`)),
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
