import { attempt } from '../error.ts';
import type { Jackknife } from '../fit/jackknife.ts';
import { countAround, exponentsFrom, localSlopes, lowerCutoffs, slopeDurations } from '../fit/stability.ts';
import { cutTail } from '../fit/tail.ts';
import type { GroupedSample } from '../reduce/grouped.ts';
import type { StabilityRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import type { Exponents } from './exponents.ts';
import type { BlockedStatistics, Statistics } from './reducer.ts';
import type { Pointed } from './tables.ts';
import { ordered } from './windows.ts';

/** What is measured of a part of the data, and the rows that its estimates make. */
export interface Stability<P> {
  estimate(part: Statistics): Record<string, number>;
  /** @param measured delete-one-block jackknife of the estimates, as nothing is chosen here */
  rows(measured: Jackknife<string>): Pointed<P, StabilityRow>[];
}

/**
 * The `stability` table: τ and α against the lower cutoff of their fit, at the upper cutoff of the window, and the local slope γ(D). Nothing where
 * there is no window.
 */
export function stabilityOf<P>(
  point: P,
  { all }: Pick<BlockedStatistics, 'all'>,
  { windows }: Pick<Exponents, 'windows'>,
): Stability<P> {
  if (windows === undefined) return { estimate: () => ({}), rows: () => [] };
  const { sizes, durations } = windows;
  const at = {
    tau: lowerCutoffs(ordered(all.histogram.size), sizes.max),
    alpha: lowerCutoffs(ordered(all.histogram.duration), durations.max),
    gamma_scaling: slopeDurations(all.scaling),
  };
  const { size, duration } = all.histogram;
  const counts = {
    tau: at.tau.map((xmin) => cutTail(ordered(size), xmin, sizes.max).n),
    alpha: at.alpha.map((xmin) => cutTail(ordered(duration), xmin, durations.max).n),
    gamma_scaling: at.gamma_scaling.map((d) => countAround(all.scaling, d)),
  };
  return {
    estimate(part) {
      const found = {
        tau: exponentsOf(part.histogram.size, at.tau, sizes.max),
        alpha: exponentsOf(part.histogram.duration, at.alpha, durations.max),
        gamma_scaling: localSlopes(at.gamma_scaling, part.scaling),
      };
      return Object.fromEntries(
        Object.entries(found).flatMap(([name, values]) => values.map((value, i) => [`${name} ${i}`, value])),
      );
    },
    rows: ({ estimate, standardError }) =>
      (['tau', 'alpha', 'gamma_scaling'] as const).flatMap((exponent) =>
        at[exponent].flatMap((cut, i) => {
          const value = estimate[`${exponent} ${i}`]!;
          if (!Number.isFinite(value)) return [];
          return [
            {
              ...point,
              exponent,
              cutoff: cut,
              count: counts[exponent][i]!,
              estimate: value,
              standard_error: orNull(standardError[`${exponent} ${i}`]),
            },
          ];
        }),
      ),
  };
}

/** NaN where there are no values, as where all avalanches are of the block that is left out. */
const exponentsOf = (sample: GroupedSample, cutoffs: readonly number[], max: number): readonly number[] =>
  attempt(() => exponentsFrom(ordered(sample), cutoffs, max)) ?? cutoffs.map(() => Number.NaN);
