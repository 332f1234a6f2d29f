import { SchemaError } from '../error.ts';
import { power } from '../numeric/power.ts';
import { column, type NumericColumn } from '../schema/batch.ts';
import { type CensoredOption, skipped } from './censored.ts';
import type { Reducer } from './reducer.ts';

/** Count, mean and Σ (x − mean)^k, k = 2 … 4. */
export interface MomentsState {
  count: number;
  mean: number;
  second: number;
  third: number;
  fourth: number;
  minimum: number;
  maximum: number;
  nonFinite: number;
}

/** Moments of a column. */
export interface MomentsResult {
  readonly count: number;
  /** NaN where count is 0, as minimum and maximum are. */
  readonly mean: number;
  /** Unbiased; NaN where count is below 2. */
  readonly variance: number;
  /** m3 / m2^(3/2) with central moments m_k = Σ (x − mean)^k / n. */
  readonly skewness: number;
  /** m4 / m2² − 3: 0 for a Gaussian. */
  readonly excessKurtosis: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly nonFinite: number;
}

/** Pébay's formulas for two sets of moments (Sandia report SAND2008-6212, eqs 1.5 and 2.1 at p = 3, 4). */
function mergeMoments(a: MomentsState, b: MomentsState): void {
  a.nonFinite += b.nonFinite;
  if (b.count === 0) return;
  if (a.count === 0) {
    const { nonFinite } = a;
    Object.assign(a, b, { nonFinite });
    return;
  }
  const [na, nb] = [a.count, b.count];
  const n = na + nb;
  const d = b.mean - a.mean;
  a.fourth +=
    b.fourth +
    power(d, 4) * na * nb * ((na * na - na * nb + nb * nb) / power(n, 3)) +
    (6 * d * d * (na * na * b.second + nb * nb * a.second)) / (n * n) +
    (4 * d * (na * b.third - nb * a.third)) / n;
  a.third += b.third + (power(d, 3) * na * nb * (na - nb)) / (n * n) + (3 * d * (na * b.second - nb * a.second)) / n;
  a.second += b.second + (d * d * na * nb) / n;
  a.mean += (d * nb) / n;
  a.count = n;
  a.minimum = Math.min(a.minimum, b.minimum);
  a.maximum = Math.max(a.maximum, b.maximum);
}

/**
 * Moments of one numeric column. Censored rows don't count by default, where the batch says which are.
 * @throws SchemaError (step) for a column of 64-bit integers
 */
export function moments(name: string, options: CensoredOption = {}): Reducer<MomentsState, MomentsResult> {
  return {
    name: `moments(${name})`,
    init: () => ({
      count: 0,
      mean: 0,
      second: 0,
      third: 0,
      fourth: 0,
      minimum: Infinity,
      maximum: -Infinity,
      nonFinite: 0,
    }),
    step(state, batch) {
      const values = column<NumericColumn>(batch, name);
      if (values instanceof BigInt64Array) throw new SchemaError(`column '${name}' is int64; moments need numbers`);
      const skip = skipped(batch, options);
      let { count, mean, second, third, fourth, minimum, maximum } = state;
      for (let i = 0; i < values.length; i++) {
        if (skip !== null && skip[i] !== 0) continue;
        const x = values[i]!;
        if (x - x !== 0) {
          state.nonFinite++;
          continue;
        }
        const before = count++;
        const d = x - mean;
        const part = d / count;
        const term = d * part * before;
        mean += part;
        fourth += part * (part * (term * (count * count - 3 * count + 3) + 6 * second) - 4 * third);
        third += part * (term * (count - 2) - 3 * second);
        second += term;
        if (x < minimum) minimum = x;
        if (x > maximum) maximum = x;
      }
      Object.assign(state, { count, mean, second, third, fourth, minimum, maximum });
      return state;
    },
    merge(into, other) {
      mergeMoments(into, other);
      return into;
    },
    finish({ count, mean, second, third, fourth, minimum, maximum, nonFinite }) {
      const none = count === 0;
      const m2 = second / count;
      return {
        count,
        mean: none ? Number.NaN : mean,
        variance: count < 2 ? Number.NaN : second / (count - 1),
        skewness: third / count / power(m2, 1.5),
        excessKurtosis: fourth / count / (m2 * m2) - 3,
        minimum: none ? Number.NaN : minimum,
        maximum: none ? Number.NaN : maximum,
        nonFinite,
      };
    },
  };
}
