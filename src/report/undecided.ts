import { shownLaws } from '../fit/verdict.ts';
import { type Marks, marksOf, thinInWords } from './footing-summary.ts';
import { type Row, textOf } from './table-row.ts';

/** What exponents must stand on for a verdict on the crackling relation, or on universality classes. */
export interface Grounds {
  /** Whether the windows pass the test of goodness of fit, where their rule tests any. */
  readonly windowAccepted: boolean;
  /** Laws that fit sizes, then durations, clearly better than the power law (`clearlyBetter`). */
  readonly better: readonly string[];
  readonly marks: Marks;
}

const lawsOf = (row: Row, exponent: string): string[] =>
  textOf(row, `${exponent}_refuted_by`)
    .split(', ')
    .filter((law) => law !== '');

/** The grounds of a row of the `exponents` table; tables of before these columns leave them open. */
export const groundsOf = (row: Row): Grounds => ({
  windowAccepted: row.window_accepted !== false,
  better: [...lawsOf(row, 'tau'), ...lawsOf(row, 'alpha')],
  marks: marksOf(row),
});

/** Why relation and classes aren't decided, from what the exponents stand on; '' where they are. */
export function undecidedInWords({ windowAccepted, better, marks }: Grounds): string {
  if (!windowAccepted) return 'no fit window passes the goodness-of-fit test';
  if (better.length > 0) return `${shownLaws[better[0]!] ?? better[0]} fits clearly better than a power law`;
  return thinInWords(marks);
}
