import type { Halves } from '../reduce/halves.ts';
import { handedBack } from '../reduce/handed-back.ts';
import type { Jackknife } from './jackknife.ts';

/** An estimate that stands on something found in the same data, such as the exponent of a window that a rule chose. */
export interface TwoSteps<Result, Found, K extends string> {
  /** Finds what the estimate stands on. */
  find(result: Result): Found;
  /** Estimates on what was found, here or elsewhere; NaN where the data don't allow it. */
  estimate(result: Result, found: Found): Record<K, number>;
  /** Told of each half that nobody reads any more. */
  spent?(result: Result): void;
}

/** What the halves of a pair come to: dᵣ of each estimate without its sign's meaning, and by how much finding anew changed it on average. */
export type PairRow = readonly { readonly difference: number; readonly moved: number }[];

/** The rows of {@link errorsOfPairs}, one a pair of halves; each is of its pair alone. @param found what was found in all data */
export function pairsOfHalves<Result, Found, K extends string>(
  found: Found,
  halves: Iterable<Halves<Result>>,
  blocks: number,
  { find, estimate, spent }: TwoSteps<Result, Found, K>,
): PairRow[] {
  const row = ({ one, other, blocks: [m, rest] }: Halves<Result>): PairRow => {
    const held = [estimate(one, found), estimate(other, found)] as const;
    const anew = [estimate(one, find(one)), estimate(other, find(other))] as const;
    const weight = (2 * m * rest) / (blocks * blocks);
    return (Object.keys(held[0]) as K[]).map((name) => {
      const [a, b] = [held[0][name], held[1][name]];
      const [c, d] = [anew[0][name] - a, anew[1][name] - b];
      return { difference: weight * (a - b + c - d), moved: (c + d) / 2 };
    });
  };
  return handedBack(halves, row, ({ one, other }) => {
    spent?.(one);
    spent?.(other);
  });
}

/**
 * Errors from balanced half-samples of blocks, for estimates that are found together with what they stand on. Either half of a pair is a
 * sample of half the size, disjoint from the other: their difference holds all that a new sample would change, jumps of a window too, where
 * leaving out one block of many changes too little to see them (a delete-one jackknife is inconsistent for estimates that aren't smooth;
 * halves are a delete-d jackknife with d/n fixed: Shao & Wu, Ann. Stat. 17, 1176 (1989)).
 *
 * Covariance n/(M(n − 1)) Σ dᵣdᵣᵀ + bbᵀ over the M − 1 pairs, dᵣ = 2·m·m′/n² (fᵣ + wᵣ), m and m′ blocks in the halves. fᵣ is what the
 * estimates of the halves differ by on what was found in all data: for a mean that alone is the delete-one jackknife, to the last digit.
 * wᵣ is what finding anew adds, and b by how much estimates of halves change on average when they find anew: where the whole sample is the
 * odd one out, its error says so.
 * An estimate that more than a quarter of the pairs don't allow has no error.
 * @param found what was found in all data
 * @param whole estimates of all data
 * @param pairs the rows of all pairs, in their order
 */
export function errorsOfPairs<Found, K extends string>(
  found: Found,
  whole: Record<K, number>,
  pairs: readonly PairRow[],
  blocks: number,
): Jackknife<K> & { readonly found: Found } {
  const names = Object.keys(whole) as K[];
  const sound = names.map((_, k) => pairs.filter((pair) => Number.isFinite(pair[k]!.difference)));
  const moved = names.map((_, k) => mean(sound[k]!.map((pair) => pair[k]!.moved)));
  const factor = (blocks * pairs.length) / ((pairs.length + 1) * (blocks - 1));
  const covariance = names.map((_, i) =>
    names.map((__, j) => {
      const both = sound[i]!.filter((pair) => Number.isFinite(pair[j]!.difference));
      if (blocks < 2 || both.length === 0 || both.length < 0.75 * pairs.length) return Number.NaN;
      return factor * mean(both.map((pair) => pair[i]!.difference * pair[j]!.difference)) + moved[i]! * moved[j]!;
    }),
  );
  const standardError = Object.fromEntries(names.map((name, i) => [name, Math.sqrt(covariance[i]![i]!)]));
  return { names, estimate: whole, standardError: standardError as Record<K, number>, covariance, blocks, found };
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
