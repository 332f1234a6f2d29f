import { type Row, textOf } from './table-row.ts';

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
