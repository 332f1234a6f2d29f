import { className } from './class-style.ts';
import { numberOf, type Row, textOf } from './table-row.ts';
import { groundsOf, undecidedInWords } from './undecided.ts';

/** How likely a class must be at least not to be excluded. */
const level = 0.05;

/** Classes that these exponents can't tell from that of the row, by name. */
export const tiesOf = (row: Row): string[] =>
  textOf(row, 'ties')
    .split(', ')
    .filter((id) => id !== '')
    .map(className);

const withTies = (row: Row, more: string): string => {
  const ties = tiesOf(row).join(', ');
  return `${className(textOf(row, 'class'))} (${more}${ties === '' ? '' : `, tied with ${ties}`})`;
};

const pOf = (row: Row): string => {
  const p = numberOf(row, 'p_value');
  return p === 0 ? 'p = 0 to double precision' : `p = ${p < 0.001 ? p.toExponential(0) : p.toPrecision(2)}`;
};

/** What the rows of the `universality` table of one set of exponents say, in the order of its rows. */
export interface ClassVerdict {
  /** Not excluded at the 5 % level. */
  readonly allowed: readonly Row[];
  /** Comparable ones, nearest first. */
  readonly comparable: readonly Row[];
  /** One number at least isn't known: no answer, whatever it is. */
  readonly incomparable: readonly Row[];
}

export function classVerdict(rows: readonly Row[]): ClassVerdict {
  const comparable = rows.filter((row) => row.comparable === true);
  return {
    allowed: comparable.filter((row) => numberOf(row, 'p_value') >= level),
    comparable,
    incomparable: rows.filter((row) => row.comparable !== true),
  };
}

/**
 * What the comparison with classes allowed for: each exponent of any class, and mean field's where it is larger and mean field isn't excluded, else 0. Undefined
 * without classes.
 */
export function allowedErrors(rows: readonly Row[]): { systematic: number; meanField: number } | undefined {
  const errorsOf = (some: readonly Row[]): number[] =>
    some.map((row) => numberOf(row, 'systematic_error')).filter(Number.isFinite);
  const all = errorsOf(rows);
  if (all.length === 0) return undefined;
  const systematic = Math.min(...all);
  const largest = Math.max(0, ...errorsOf(classVerdict(rows).allowed));
  return { systematic, meanField: largest > systematic ? largest : 0 };
}

/** Why classes are not decided, from what the exponents stand on that they are held against, or were extrapolated from; '' where they are. */
export function undecidedClasses(exponents: readonly Row[]): string {
  const all = exponents.map(groundsOf);
  const marks = (symbol: 'τ' | 'α'): string =>
    [...new Set(all.flatMap((one) => (one.marks[symbol] ?? '').split(', ')))].filter((mark) => mark !== '').join(', ');
  return undecidedInWords({
    windowAccepted: all.every(({ windowAccepted }) => windowAccepted),
    better: all.flatMap(({ better }) => better),
    marks: { τ: marks('τ'), α: marks('α') },
  });
}

/** The classes that are not excluded, or `none` with the nearest ones; ties are said. */
export function classesInWords(rows: readonly Row[], most = 3): string {
  const { allowed, comparable } = classVerdict(rows);
  if (allowed.length > 0) return allowed.map((row) => withTies(row, pOf(row))).join('; ');
  const nearest = comparable
    .slice(0, most)
    .map((row) => withTies(row, `χ² = ${Number(numberOf(row, 'chi_square').toPrecision(3))}`));
  return `none; nearest ${nearest.join('; ')}`;
}

/** The classes that can't be compared, in words; '' where there are none. */
export function incomparableInWords(rows: readonly Row[]): string {
  const names = classVerdict(rows).incomparable.map((row) => className(textOf(row, 'class')));
  return names.length === 0 ? '' : `not comparable, not all three exponents being known: ${names.join(', ')}`;
}
