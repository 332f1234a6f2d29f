import { isExpected } from '../error.ts';
import { type CollapseFit, type CollapseOptions, fitCollapse } from '../fit/collapse-fit.ts';
import { type CracklingRelation, cracklingRelation, type Measured } from '../fit/crackling-relation.ts';
import { type FitReport, fitBounded, fitPowerLaw } from '../fit/fit-power-law.ts';
import { type Jackknife, jackknife, selected } from '../fit/jackknife.ts';
import { fitScaling, type ScalingOptions, type SizesByDuration } from '../fit/scaling-fit.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { GroupedSample } from '../reduce/grouped.ts';
import type { ScalingResult } from '../reduce/scaling.ts';
import { groupedSizes } from './grouped-sizes.ts';
import type { CracklingValues } from './parameters.ts';
import type { BlockedStatistics, Statistics } from './reducer.ts';

/** The exponents that are measured on an ensemble, by name. */
const exponentNames = ['tau', 'alpha', 'gammaScaling', 'gammaCollapse'] as const;
export type ExponentName = (typeof exponentNames)[number];

/** The exponents of the crackling relation, and of universality classes. */
export const relationNames = ['tau', 'alpha', 'gammaScaling'] as const;

/** What the crackling analysis finds on one ensemble. Parts that the data don't allow are undefined, exponents then NaN. */
export interface Exponents {
  readonly size: FitReport | undefined;
  readonly duration: FitReport | undefined;
  readonly collapse: CollapseFit | undefined;
  readonly jackknife: Jackknife<ExponentName>;
  readonly relation: CracklingRelation;
  /** Branching ratio, see the reducer `branching`; NaN where it wasn't measured. */
  readonly branching: Measured;
}

/** Undefined where the data don't allow what was asked: too few avalanches, durations all alike. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (isExpected(error)) return undefined;
    throw error;
  }
}

/** Both cutoffs of a fit; max may be Infinity. */
export interface Cutoffs {
  readonly min: number;
  readonly max: number;
}

function fitDistribution(
  sample: GroupedSample,
  min: number | null,
  max: number | null,
  alternatives: boolean,
): FitReport | undefined {
  return attempt(() => fitPowerLaw(sample, { xmin: min ?? 'auto', xmax: max ?? 'auto', alternatives }));
}

export const cutoffsOf = (fit: FitReport | undefined): Cutoffs => ({
  min: fit?.xmin ?? Number.NaN,
  max: fit?.xmax ?? Infinity,
});

function collapseOptions(values: CracklingValues, durations: Cutoffs) {
  return {
    least: values.collapseMin,
    most: values.collapseMax ?? durations.max,
    ratio: values.collapseRatio,
    leastCount: values.profileCount,
  };
}

/**
 * Measures τ, α and γ (from mean sizes against durations, and from the shape collapse), all of the size that was reduced, and holds the
 * crackling relation against them. Cutoffs are those
 * given, or found once on all data; errors are delete-one-block jackknife errors over networks at those cutoffs.
 * Durations beyond the depth can't be seen: the duration fit is bounded by depth − 1 at most.
 */
export function measureExponents(ensemble: Ensemble, blocked: BlockedStatistics, values: CracklingValues): Exponents {
  const { histogram } = blocked.all;
  const longest = ensemble.depth - 1;
  let duration = fitDistribution(histogram.duration, values.durationMin, values.durationMax, values.alternatives);
  if (duration !== undefined && (duration.xmax ?? Infinity) > longest) {
    duration = fitDistribution(histogram.duration, duration.xmin, longest, values.alternatives);
  }
  const size = fitDistribution(histogram.size, values.sizeMin, values.sizeMax, values.alternatives);
  const durations = cutoffsOf(duration);
  return {
    size,
    duration,
    ...exponentsAt(blocked, cutoffsOf(size), durations, {
      shape: collapseOptions(values, durations),
      scaling: { of: values.scalingOf, weights: values.scalingWeights },
      sizesOf: (scaling) => groupedSizes(scaling, { least: durations.min, most: durations.max }, values.scalingCount),
    }),
  };
}

/**
 * Exponents at cutoffs that are known, with their jackknife errors, and the crackling relation between them.
 * @param how.sizesOf groups what γ is fitted to
 */
export function exponentsAt(
  blocked: BlockedStatistics,
  sizes: Cutoffs,
  durations: Cutoffs,
  how: {
    readonly shape: CollapseOptions;
    readonly scaling: Omit<ScalingOptions, 'least' | 'most'>;
    readonly sizesOf: (scaling: ScalingResult) => SizesByDuration;
  },
): Pick<Exponents, 'collapse' | 'jackknife' | 'relation' | 'branching'> {
  const { shape, sizesOf } = how;
  const range = { ...how.scaling, least: durations.min, most: durations.max };
  const measure = (part: Statistics): Record<ExponentName | 'branching', number> => ({
    tau: attempt(() => fitBounded(part.histogram.size, sizes.min, sizes.max).exponent) ?? Number.NaN,
    alpha: attempt(() => fitBounded(part.histogram.duration, durations.min, durations.max).exponent) ?? Number.NaN,
    gammaScaling: attempt(() => fitScaling(sizesOf(part.scaling), range).gamma) ?? Number.NaN,
    gammaCollapse: attempt(() => fitCollapse(part.collapse, shape).gamma) ?? Number.NaN,
    branching: part.branching.ratio,
  });
  const errors = jackknife(blocked.all, blocked.leaveOneOut, measure);
  const measured = (name: ExponentName | 'branching'): Measured => ({
    estimate: errors.estimate[name],
    standardError: errors.standardError[name],
  });
  const { covariance } = selected(errors, relationNames);
  return {
    collapse: attempt(() => fitCollapse(blocked.all.collapse, shape)),
    jackknife: selected(errors, exponentNames),
    relation: cracklingRelation(measured('tau'), measured('alpha'), measured('gammaScaling'), covariance),
    branching: measured('branching'),
  };
}

/** Quick estimates for a progress line: exponents at the given cutoffs, or from ten upward, without errors. */
export function quickExponents(statistics: Statistics, values: CracklingValues): Record<string, number> {
  const { histogram, scaling } = statistics;
  const shortest = values.durationMin ?? 10;
  const longest = values.durationMax ?? scaling.duration.at(-1) ?? Number.NaN;
  const from = scaling.duration.findIndex((d) => d >= shortest);
  const smallest = values.sizeMin ?? scaling.meanSize[from] ?? Number.NaN;
  const largest = values.sizeMax ?? scaling.meanSize.at(-1) ?? Number.NaN;
  return {
    τ: attempt(() => fitBounded(histogram.size, smallest, largest).exponent) ?? Number.NaN,
    α: attempt(() => fitBounded(histogram.duration, shortest, Math.round(longest)).exponent) ?? Number.NaN,
    γ: attempt(() => fitScaling(scaling, { of: values.scalingOf, least: shortest, most: longest }).gamma) ?? Number.NaN,
  };
}
