import type { Measured } from '../fit/crackling-relation.ts';
import { withError } from './concise.ts';

export type RelationVerdict =
  | 'holds'
  | 'holds approximately'
  | 'is in tension with the data'
  | 'does not hold'
  | 'is left open'
  | "can't be tested";

/** Every verdict, from the best to none. */
export const relationVerdicts: readonly RelationVerdict[] = [
  'holds',
  'holds approximately',
  'is in tension with the data',
  'does not hold',
  'is left open',
  "can't be tested",
];

/** Standard errors from which a relation is in tension with the data, and from which it doesn't hold. */
const tension = 2;
const broken = 3;

/** Standard errors that τ must be away from 1: nearer, (α − 1)/(τ − 1) has a pole within its errors, which first order doesn't see. */
const clearOfPole = 3;

/** The largest error of the mismatch, as a share of γ, with which agreement says something: by default. */
export const relationResolution = 0.1;

/** Measured γ beside (α − 1)/(τ − 1). */
export interface RelationTest {
  readonly tau: Measured;
  readonly gamma: Measured;
  readonly predicted: Measured;
  /** γ − γ predicted, its error with the covariance of the three exponents. */
  readonly mismatch: Measured;
  /** Systematic error of each of the two γ, from fit window and finite size. */
  readonly systematic: number;
  /**
   * By how much γ of critical branching itself exceeds its prediction over these durations, where mean field isn't excluded: by about as much as its α is off
   * its limit (0.14 for 0.16 from 6 to 400 generations). Less than what `systematic` gives: nothing more is allowed.
   */
  readonly meanField?: number;
  /** Largest standard error of the mismatch, as a share of γ, with which the relation can be said to hold. */
  readonly resolution: number;
  /** Why the exponents decide nothing, in words; '' where they do. */
  readonly undecided: string;
}

/** What fit window and finite size may set the two γ apart by: more than any class needs only where less is contradicted. */
function allowanceOf({ mismatch, systematic, meanField = 0 }: RelationTest): {
  of: 'both' | 'mean field';
  error: number;
} {
  const error = Math.SQRT2 * systematic;
  const contradicted = mismatch.estimate >= tension * Math.hypot(mismatch.standardError, error);
  return contradicted && meanField > error ? { of: 'mean field', error: meanField } : { of: 'both', error };
}

/** Standard error of the mismatch with what is allowed for. */
const totalError = (test: RelationTest): number => Math.hypot(test.mismatch.standardError, allowanceOf(test).error);

const atPole = ({ tau }: Pick<RelationTest, 'tau'>): boolean =>
  !(Math.abs(tau.estimate - 1) >= clearOfPole * tau.standardError);

/**
 * Whether the crackling relation holds. With many avalanches statistical errors are smaller than what fit window and finite size do to
 * exponents, even where the relation is exact: so it holds within statistical errors, or approximately within the total ones, and is held
 * against the latter beyond. With few avalanches any two γ agree: agreement counts only where a difference of twice the resolution would have
 * been seen, and nothing counts where τ isn't clear of 1. The relation is contradicted only where every class that the exponents may be of contradicts it:
 * beyond what a walk accounts for, what critical branching does is allowed where mean field isn't excluded.
 */
export function relationVerdict(test: RelationTest): RelationVerdict {
  const { mismatch, gamma, predicted, resolution, undecided } = test;
  const statistical = Math.abs(mismatch.estimate) / mismatch.standardError;
  if (!Number.isFinite(statistical) || undecided !== '') return "can't be tested";
  if (atPole(test)) return 'is left open';
  const total = Math.abs(mismatch.estimate) / totalError(test);
  if (statistical < tension || total < tension) {
    const error = statistical < tension ? mismatch.standardError : totalError(test);
    if (!(error <= resolution * Math.abs(gamma.estimate) && predicted.estimate > 0)) return 'is left open';
    return statistical < tension ? 'holds' : 'holds approximately';
  }
  return total < broken ? 'is in tension with the data' : 'does not hold';
}

const round = (x: number): number => Number(x.toPrecision(2));
const digits = (x: number): string => (x >= 10 ? x.toFixed(0) : x.toFixed(1));

/** The verdict as a sentence without its full stop, in the words that terminal, page and JSON share. */
export function relationInWords(test: RelationTest): { verdict: RelationVerdict; words: string } {
  const { tau, gamma, predicted, mismatch, systematic, meanField = 0, undecided } = test;
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
  const allowance =
    allowanceOf(test).of === 'both'
      ? `fit window and finite size may account for (${round(systematic)} on each)`
      : `critical branching itself is off by over such durations (${round(meanField)}), mean field not being excluded`;
  if (verdict === 'is left open') {
    if (atPole(test)) return said(`τ = ${shown(tau)} isn't clear of 1, where (α − 1)/(τ − 1) has a pole (${values})`);
    const within = (error: number): string => `${values}, whose difference is known to ±${round(error)} only`;
    if (statistical < tension) return said(within(mismatch.standardError));
    return said(`${within(totalError(test))}, with what ${allowance}`);
  }
  const apart = Math.abs(mismatch.estimate);
  const percent = (100 * apart) / Math.abs(gamma.estimate);
  const differ = `${values} differ by ${Number(apart.toPrecision(2))}, ${Number(percent.toPrecision(2))} %`;
  const errors = `${digits(statistical)} statistical standard errors`;
  if (verdict === 'holds') return said(`${differ}: ${errors}`);
  if (verdict === 'holds approximately') return said(`${differ}: ${errors}, but within what ${allowance}`);
  const total = digits(apart / totalError(test));
  return said(`${differ}: ${errors}, and ${total} standard errors with what ${allowance}`);
}
