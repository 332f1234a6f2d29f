import type { Measured } from '../fit/crackling-relation.ts';
import { withError } from './concise.ts';

export type RelationVerdict =
  | 'holds'
  | 'holds approximately'
  | 'is in tension with the data'
  | 'does not hold'
  | "can't be tested";

/** Every verdict, from the best to none. */
export const relationVerdicts: readonly RelationVerdict[] = [
  'holds',
  'holds approximately',
  'is in tension with the data',
  'does not hold',
  "can't be tested",
];

/** Standard errors from which a relation is in tension with the data, and from which it doesn't hold. */
const tension = 2;
const broken = 3;

/** Measured γ beside (α − 1)/(τ − 1). */
export interface RelationTest {
  readonly gamma: Measured;
  readonly predicted: Measured;
  /** γ − γ predicted, its error with the covariance of the three exponents. */
  readonly mismatch: Measured;
  /** Systematic error of each of the two γ, from fit window and finite size. */
  readonly systematic: number;
  /** Why the exponents decide nothing, in words; '' where they do. */
  readonly undecided: string;
}

/** Standard error of the mismatch with the systematic error of both γ. */
const totalError = ({ mismatch, systematic }: Pick<RelationTest, 'mismatch' | 'systematic'>): number =>
  Math.hypot(mismatch.standardError, Math.SQRT2 * systematic);

/**
 * Whether the crackling relation holds. With many avalanches statistical errors are smaller than what fit window and finite size do to
 * exponents, even where the relation is exact: so it holds within statistical errors, or approximately within the total ones, and is held
 * against the latter beyond.
 */
export function relationVerdict(test: Omit<RelationTest, 'gamma' | 'predicted'>): RelationVerdict {
  const { estimate, standardError } = test.mismatch;
  const statistical = Math.abs(estimate) / standardError;
  if (!Number.isFinite(statistical) || test.undecided !== '') return "can't be tested";
  if (statistical < tension) return 'holds';
  const total = Math.abs(estimate) / totalError(test);
  if (total < tension) return 'holds approximately';
  return total < broken ? 'is in tension with the data' : 'does not hold';
}

const digits = (x: number): string => (x >= 10 ? x.toFixed(0) : x.toFixed(1));

/** The verdict as a sentence without its full stop, in the words that terminal, page and JSON share. */
export function relationInWords(test: RelationTest): { verdict: RelationVerdict; words: string } {
  const { gamma, predicted, mismatch, systematic, undecided } = test;
  const verdict = relationVerdict(test);
  const said = (why: string): { verdict: RelationVerdict; words: string } => ({
    verdict,
    words: `the crackling relation ${verdict}: ${why}`,
  });
  const shown = ({ estimate, standardError }: Measured): string => withError(estimate, standardError);
  const statistical = Math.abs(mismatch.estimate) / mismatch.standardError;
  if (!Number.isFinite(statistical)) return said("one of the exponents, or its error, doesn't exist");
  const values = `γ = ${shown(gamma)} and (α − 1)/(τ − 1) = ${shown(predicted)}`;
  if (undecided !== '') return said(`${undecided} (${values})`);
  const apart = Math.abs(mismatch.estimate);
  const percent = (100 * apart) / Math.abs(gamma.estimate);
  const differ = `${values} differ by ${Number(apart.toPrecision(2))}, ${Number(percent.toPrecision(2))} %`;
  const allowance = `fit window and finite size may account for (${systematic} on each)`;
  const errors = `${digits(statistical)} statistical standard errors`;
  if (verdict === 'holds') return said(`${differ}: ${errors}`);
  if (verdict === 'holds approximately') return said(`${differ}: ${errors}, but within what ${allowance}`);
  const total = digits(apart / totalError(test));
  return said(`${differ}: ${errors}, and ${total} standard errors with what ${allowance}`);
}
