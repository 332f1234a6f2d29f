import { handedBack } from '../reduce/handed-back.ts';
import type { Measured } from './crackling-relation.ts';

/** Estimates with delete-one-block jackknife errors. Keys are the estimates' own names. */
export interface Jackknife<K extends string> {
  readonly names: readonly K[];
  readonly estimate: Readonly<Record<K, number>>;
  /** NaN where there are fewer than 2 blocks, or where an estimate doesn't exist without some block. */
  readonly standardError: Readonly<Record<K, number>>;
  /** Rows and columns in the order of `names`. */
  readonly covariance: readonly (readonly number[])[];
  readonly blocks: number;
}

/** One of the estimates with its error. */
export const measuredOf = <K extends string>(
  { estimate, standardError }: Pick<Jackknife<K>, 'estimate' | 'standardError'>,
  name: K,
): Measured => ({ estimate: estimate[name], standardError: standardError[name] });

/**
 * Delete-one-block jackknife (Efron, Ann. Stat. 7, 1 (1979)): covariance (n − 1)/n Σᵢ (θ₍ᵢ₎ − θ̄)(θ₍ᵢ₎ − θ̄)ᵀ over the n
 * estimates that leave a block out. Blocks must be independent: whole networks, not avalanches. Use 20 blocks or more.
 * @param estimate what is wanted of a result, by name; may be nonlinear (a likelihood's maximum, a ratio of exponents)
 * @param spent told of each result without a block that nobody reads any more
 */
export function jackknife<Result, K extends string>(
  all: Result,
  leaveOneOut: Iterable<Result>,
  estimate: (result: Result) => Record<K, number>,
  spent?: (result: Result) => void,
): Jackknife<K> {
  return jackknives(all, leaveOneOut, { estimate }, spent).estimate;
}

/** {@link jackknife} of several sets of estimates, in one walk over what leaves a block out. */
export function jackknives<Result, Sets extends Record<string, (result: Result) => Record<string, number>>>(
  all: Result,
  leaveOneOut: Iterable<Result>,
  sets: Sets,
  spent?: (result: Result) => void,
): { readonly [S in keyof Sets]: Jackknife<keyof ReturnType<Sets[S]> & string> } {
  const wholes = Object.entries(sets).map(([set, estimate]) => ({ set, estimate, whole: estimate(all) }));
  const rows = handedBack(
    leaveOneOut,
    (result) =>
      wholes.map(({ estimate, whole }) => {
        const values = estimate(result);
        return Object.keys(whole).map((name) => values[name]!);
      }),
    spent,
  );
  return Object.fromEntries(
    wholes.map(({ set, whole }, s) => [
      set,
      fromRows(
        whole,
        rows.map((row) => row[s]!),
      ),
    ]),
  ) as { readonly [S in keyof Sets]: Jackknife<keyof ReturnType<Sets[S]> & string> };
}

/** @param rows the estimates without each block, in the order of their names */
function fromRows<K extends string>(whole: Record<K, number>, rows: readonly (readonly number[])[]): Jackknife<K> {
  const names = Object.keys(whole) as K[];
  const n = rows.length;
  const means = names.map((_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / n);
  const covariance = names.map((_, i) =>
    names.map((_, j) => {
      if (n < 2) return Number.NaN;
      let sum = 0;
      for (const row of rows) sum += (row[i]! - means[i]!) * (row[j]! - means[j]!);
      return ((n - 1) / n) * sum;
    }),
  );
  const standardError = Object.fromEntries(names.map((name, i) => [name, Math.sqrt(covariance[i]![i]!)]));
  return {
    names,
    estimate: whole,
    standardError: standardError as Record<K, number>,
    covariance,
    blocks: n,
  };
}

/** The part of a jackknife that is about some of its estimates, in the order named. */
export function selected<K extends string, Some extends K>(
  from: Jackknife<K>,
  names: readonly Some[],
): Jackknife<Some> {
  const at = names.map((name) => from.names.indexOf(name));
  const picked = (record: Readonly<Record<K, number>>) =>
    Object.fromEntries(names.map((name) => [name, record[name]])) as Record<Some, number>;
  return {
    names,
    estimate: picked(from.estimate),
    standardError: picked(from.standardError),
    covariance: at.map((i) => at.map((j) => from.covariance[i]![j]!)),
    blocks: from.blocks,
  };
}
