import { attempt } from '../error.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { type Exponents, exponentAt, type Measuring, measureAvalanches, scalingAt } from './exponents.ts';
import type { AnalysisValues, CracklingValues } from './parameters.ts';
import type { BlockedStatistics, Statistics } from './reducer.ts';
import { type Cutoffs, findWindows, type WindowChoice, type Windows } from './windows.ts';

/** Whether N neurons a layer, and nothing else, bound the durations in which an ensemble scales: not where another model, a process or a recording gives its signals. */
const isFeedForward = ({ width, activation, model, process }: Ensemble): boolean =>
  width > 1 && activation !== 'none' && model === undefined && process === undefined;

/**
 * Durations in which networks of N neurons scale: from `scalingMin` to `scalingEnd`·N layers, where the trap begins. Networks too narrow for
 * that many layers have a third of that end to begin with. Undefined where the window is `auto` and the ensemble none of such networks: of
 * others it isn't known.
 */
export function scalingRange(
  ensemble: Ensemble,
  { scalingMin, scalingEnd, window }: Pick<CracklingValues, 'scalingMin' | 'scalingEnd' | 'window'>,
): Cutoffs | undefined {
  if (window === 'auto' && !isFeedForward(ensemble)) return undefined;
  const { width, depth } = ensemble;
  const max = Math.max(2, Math.min(Math.round(scalingEnd * width), depth - 1));
  return { min: Math.min(scalingMin, Math.max(1, Math.floor(max / 3))), max };
}

const cutoff = (max: number | 'none' | null): number | 'auto' | null => (max === 'none' ? null : (max ?? 'auto'));

/**
 * Which windows the parameters ask for.
 * @param scaling durations in which the system scales; undefined where they aren't known, and `auto` is the widest window
 */
function windowChoice(ensemble: Ensemble, values: AnalysisValues, scaling: Cutoffs | undefined): WindowChoice {
  const { window, durationMin, durationMax, sizeMin, sizeMax } = values;
  const known = scaling === undefined ? 'widest' : 'scaling';
  return {
    rule: window === 'auto' ? known : window,
    durations: { min: durationMin ?? 'auto', max: cutoff(durationMax) },
    sizes: { min: sizeMin ?? 'auto', max: cutoff(sizeMax) },
    ...(scaling === undefined ? {} : { scaling }),
    // Durations from the depth on can't be seen.
    longest: durationMax === 'none' ? Infinity : ensemble.depth - 1,
  };
}

/** How the parameters of a pipeline ask for it; `scaling` as for {@link windowChoice}. */
export function measuringOf(ensemble: Ensemble, values: AnalysisValues, scaling: Cutoffs | undefined): Measuring {
  return {
    window: windowChoice(ensemble, values, scaling),
    scaling: { of: values.scalingOf, weights: values.scalingWeights },
    scalingCount: values.scalingCount,
    scalingRare: values.scalingRare,
    closedForm: values.durationEstimate === 'closed-form',
    collapse: {
      least: values.collapseMin ?? undefined,
      most: values.collapseMax === 'none' ? Infinity : (values.collapseMax ?? undefined),
      normalise: values.collapseError,
      ratio: values.collapseRatio,
      leastCount: values.profileCount,
      rare: values.collapseRare,
    },
    alternatives: values.alternatives,
    multiplicative: ensemble.process === undefined,
  };
}

/** {@link measureAvalanches} as the parameters of a pipeline ask for it; `scaling` as for {@link windowChoice}. */
export const measureExponents = (
  ensemble: Ensemble,
  blocked: BlockedStatistics,
  values: AnalysisValues,
  scaling: Cutoffs | undefined,
): Exponents => measureAvalanches(blocked, measuringOf(ensemble, values, scaling));

/** Quick estimates for a progress line: exponents on the windows as they are so far, from ten layers upward where none is known. */
export function quickExponents(
  ensemble: Ensemble,
  statistics: Statistics,
  values: AnalysisValues,
  scaling: Cutoffs = { min: 10, max: Infinity },
): Record<string, number> {
  const choice: WindowChoice = { ...windowChoice(ensemble, values, scaling), rule: 'scaling' };
  const windows = attempt(() => findWindows(statistics, choice));
  const how = { window: choice, scaling: { of: values.scalingOf }, scalingCount: values.scalingCount, collapse: {} };
  const on = (measure: (found: Windows) => number): number =>
    (windows && attempt(() => measure(windows))) ?? Number.NaN;
  return {
    τ: on(({ sizes }) => exponentAt(statistics, 'size', sizes)),
    α: on(({ durations }) => exponentAt(statistics, 'duration', durations)),
    γ: on((found) => scalingAt(statistics, found, how).gamma),
  };
}
