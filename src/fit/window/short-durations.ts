import { findRoot } from '../../numeric/find-root.ts';
import { powerSum } from '../../numeric/zeta.ts';

/** Durations up to which the law is summed term by term; its series beyond is right to 1e-7. */
const exactTo = 256;
/** P(D = n) → n^(−3/2) (1 + a/n + b/n²)/2√π, from the series of C(2n, n)/4ⁿ. */
const series = [1, -9 / 8, 145 / 128] as const;

/**
 * By how much the exponent of durations that is fitted between two cutoffs is off its limit because durations are whole numbers of steps: |α − 3/2| of
 * the exact law of a random walk with steps of any continuous symmetric law, P(D = n) = u(n) − u(n + 1) with u(n) = C(2n, n)/4ⁿ (Sparre Andersen, Math.
 * Scand. 1, 263 (1953)), fitted by the power law of integers over the same window to infinitely many values. It is 0.18 from 1 to 317, 0.10 from 2 to
 * 631, 0.04 from 10 to 130 and 0.02 from 20 to 256.
 * @param min at least 1
 * @param max Infinity for no upper cutoff
 */
export function shortDurationError({ min, max }: { readonly min: number; readonly max: number }): number {
  const least = Math.max(1, Math.ceil(min));
  const most = Math.floor(Math.max(max, least));
  if (most < least + 1) return Number.NaN;
  let mass = 0;
  let log = 0;
  const add = (p: number, meanLog: number): void => {
    mass += p;
    log += p * meanLog;
  };
  let survival = 1;
  for (let n = 1; n <= Math.min(most, exactTo); n++) {
    survival *= (2 * n - 1) / (2 * n);
    if (n >= least) add(survival / (2 * n + 2), Math.log(n));
  }
  const beyond = Math.max(least, exactTo + 1);
  if (most > exactTo) {
    series.forEach((coefficient, k) => {
      const sum = powerSum(1.5 + k, beyond, most);
      add((coefficient * Math.exp(sum.log)) / (2 * Math.sqrt(Math.PI)), sum.meanLog);
    });
  }
  const mean = log / mass;
  const lowest = most === Infinity ? 1 + 1e-6 : -20;
  return Math.abs(findRoot((a) => powerSum(a, least, most).meanLog - mean, lowest, 20) - 1.5);
}
