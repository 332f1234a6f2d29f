import { attempt } from '../error.ts';
import { censoredExponent } from '../fit/censored/estimate.ts';
import { orderBounds } from '../fit/censored/sample.ts';
import { withBounds } from '../fit/censored/tail.ts';
import { type CollapseFit, type CollapseOptions, collapseGamma, fitCollapse } from '../fit/collapse-fit.ts';
import { type CracklingRelation, cracklingRelation, type Measured } from '../fit/crackling-relation.ts';
import { type FitReport, fitPowerLaw } from '../fit/fit-power-law.ts';
import { thinCollapse, thinFooting } from '../fit/footing.ts';
import { errorsOfPairs, type PairRow, pairsOfHalves, type TwoSteps } from '../fit/half-samples.ts';
import { type Jackknife, measuredOf, selected } from '../fit/jackknife.ts';
import { closedFormExponent, exponentOf } from '../fit/power-law.ts';
import type { RareDurations } from '../fit/rare.ts';
import type { ScalingFit, ScalingOptions } from '../fit/scaling-fit.ts';
import { cutTail, requireSpread } from '../fit/tail.ts';
import type { WindowRule } from '../fit/window/rule.ts';
import type { CollapseResult } from '../reduce/collapse.ts';
import type { GroupedSample } from '../reduce/grouped.ts';
import type { Share } from '../reduce/halves.ts';
import { branchingWithError } from './branching-error.ts';
import { fitSizes } from './grouped-sizes.ts';
import type { BlockedStatistics, Statistics } from './reducer.ts';
import { type Cutoffs, disordered, findWindows, ordered, type WindowChoice, type Windows } from './windows.ts';

/** The exponents that are measured on an ensemble, by name. */
const exponentNames = ['tau', 'alpha', 'gammaScaling', 'gammaCollapse'] as const;

/** An exponent that is measured on an ensemble. */
export type ExponentName = (typeof exponentNames)[number];

/** The exponents of the crackling relation, and of universality classes. */
export const relationNames = ['tau', 'alpha', 'gammaScaling'] as const;

/** What the crackling analysis finds on one ensemble. Parts that the data don't allow are undefined, exponents then NaN. */
export interface Exponents {
  /** The rule of the windows. */
  readonly rule: WindowRule;
  /** What the exponents are fitted on. */
  readonly windows: Windows | undefined;
  readonly size: FitReport | undefined;
  readonly duration: FitReport | undefined;
  readonly scaling: ScalingFit | undefined;
  readonly collapse: CollapseFit | undefined;
  /** Errors from halves of the blocks, every window found anew. */
  readonly jackknife: Jackknife<ExponentName>;
  readonly relation: CracklingRelation;
  /** What is thin about the footing of τ, of α (`thinFooting`) and of γ from the collapse (`thinCollapse`); undefined without a fit. */
  readonly footing: Readonly<Record<'tau' | 'alpha' | 'gammaCollapse', string | undefined>>;
  /** α with censored durations in the likelihood. */
  readonly alphaCensored: Measured;
  /** Branching ratio, see the reducer `branching`; NaN where it wasn't measured. Its error is NaN where `branchingWithError` doesn't trust it. */
  readonly branching: Measured;
  /** Growth rate of signal strength a layer, see the reducer `growth`; NaN where it wasn't measured, or steps don't multiply activity. */
  readonly growth: Measured;
}

/** How avalanches are measured. */
export interface Measuring {
  readonly window: WindowChoice;
  readonly scaling?: Omit<ScalingOptions, 'least' | 'most'>;
  /** Avalanches that a group of durations takes at least in the scaling fit with weights `log`. */
  readonly scalingCount: number;
  /** Durations with fewer join their neighbours (default), or are left out. */
  readonly scalingRare?: RareDurations;
  /** α by `closedFormExponent`. */
  readonly closedForm?: boolean;
  /** Durations of the collapse are those of the window where they aren't stated, but for the {@link shortestShape}. */
  readonly collapse: Omit<CollapseOptions, 'least' | 'most'> & {
    readonly least?: number | undefined;
    readonly most?: number | undefined;
  };
  readonly alternatives?: boolean;
  /** Whether steps multiply activity, as layers of networks do, see `branchingWithError`; a process's steps don't. */
  readonly multiplicative?: boolean;
}

type EstimateName = ExponentName | 'alphaCensored' | 'branching' | 'activity' | 'growth';

/** τ or α of a part on cutoffs. @throws ParameterError where too few avalanches lie between them */
export const exponentAt = (part: Statistics, observable: 'size' | 'duration', { min, max }: Cutoffs): number => {
  const tail = cutTail(ordered(part.histogram[observable]), min, max);
  requireSpread(tail);
  return exponentOf(tail);
};

const alphaAt = (part: Statistics, durations: Cutoffs, { closedForm = false }: Measuring): number =>
  closedForm
    ? closedFormExponent(cutTail(ordered(part.histogram.duration), durations.min))
    : exponentAt(part, 'duration', durations);

/** γ of a part over the durations of a window. @throws ParameterError where they don't allow it */
export const scalingAt = ({ scaling }: Statistics, { durations }: Windows, how: Measuring): ScalingFit =>
  fitSizes(scaling, { ...how.scaling, least: durations.min, most: durations.max }, how);

/**
 * The shortest duration of a collapse whose range isn't stated: no shape is followed below x = 1/D, so that of a window from one or two steps on only its end
 * would be left. From ten on, where that leaves a decade.
 */
const shortestShape = ({ min, max }: Cutoffs): number => Math.max(min, Math.min(10, max / 10));

/** @param share of all avalanches that a part holds: by their number durations take part in its collapse as in that of all */
const shapeOf = ({ collapse }: Measuring, { durations }: Windows, share = 1): CollapseOptions => ({
  ...collapse,
  ...(collapse.leastCount === undefined ? {} : { leastCount: collapse.leastCount * share }),
  least: collapse.least ?? shortestShape(durations),
  most: collapse.most ?? durations.max,
});

/** The γ of a collapse, made once for the same profiles and durations. */
function collapseOnce(): (profiles: CollapseResult, shape: CollapseOptions) => number {
  const known = new WeakMap<CollapseResult, Map<string, number>>();
  return (profiles, shape) => {
    const own = known.get(profiles) ?? new Map<string, number>();
    known.set(profiles, own);
    const key = `${shape.least} ${shape.most}`;
    const gamma = own.get(key) ?? attempt(() => collapseGamma(profiles, shape)) ?? Number.NaN;
    own.set(key, gamma);
    return gamma;
  };
}

/** What is measured on all avalanches, without its errors: plain data. */
export interface WholeExponents
  extends Omit<Exponents, 'jackknife' | 'relation' | 'alphaCensored' | 'branching' | 'growth'> {
  readonly estimate: Record<EstimateName, number>;
  readonly blocks: number;
  /** Valid avalanches. */
  readonly avalanches: number;
  readonly multiplicative: boolean;
}

/** Windows as the rule finds them, and exponents on them. */
function stepsOf({ all }: BlockedStatistics, how: Measuring): TwoSteps<Statistics, Windows | undefined, EstimateName> {
  const gammaOf = collapseOnce();
  return {
    find: (part) => attempt(() => findWindows(part, how.window)),
    spent: disordered,
    estimate(part, windows) {
      const branching = part.branching.ratio;
      const activity = part.branching.ancestors / part.histogram.n;
      const growth = how.multiplicative === true ? part.growth.rate : Number.NaN;
      if (windows === undefined) return { ...nothing, branching, activity, growth };
      const { sizes, durations } = windows;
      const { duration, censoredDuration } = part.histogram;
      const censored = () =>
        censoredExponent(
          withBounds(cutTail(ordered(duration), durations.min, durations.max), orderBounds(censoredDuration, true)),
        );
      return {
        tau: attempt(() => exponentAt(part, 'size', sizes)) ?? Number.NaN,
        alpha: attempt(() => alphaAt(part, durations, how)) ?? Number.NaN,
        gammaScaling: attempt(() => scalingAt(part, windows, how).gamma) ?? Number.NaN,
        gammaCollapse: gammaOf(part.collapse, shapeOf(how, windows, part.histogram.n / all.histogram.n)),
        alphaCensored: attempt(censored) ?? Number.NaN,
        branching,
        activity,
        growth,
      };
    },
  };
}

/** {@link measureAvalanches} without errors. */
export function measureWhole(blocked: BlockedStatistics, how: Measuring): WholeExponents {
  const { all, blocks } = blocked;
  const { find, estimate } = stepsOf(blocked, how);
  const windows = find(all);
  const report = (observable: 'size' | 'duration', { min, max }: Cutoffs): FitReport | undefined =>
    attempt(() =>
      fitPowerLaw(all.histogram[observable], {
        xmin: min,
        xmax: max === Infinity ? null : max,
        alternatives: how.alternatives ?? true,
      }),
    );
  const size = windows && report('size', windows.sizes);
  const duration = windows && report('duration', windows.durations);
  const footing = (fit: FitReport | undefined, sample: GroupedSample): string | undefined =>
    fit && thinFooting(fit, sample.upper.at(-1) ?? Number.NaN);
  const { histogram } = all;
  const collapse = windows && attempt(() => fitCollapse(all.collapse, shapeOf(how, windows)));
  return {
    rule: how.window.rule,
    windows,
    size,
    duration,
    footing: {
      tau: footing(size, histogram.size),
      alpha: footing(duration, histogram.duration),
      gammaCollapse: collapse && thinCollapse(collapse),
    },
    scaling: windows && attempt(() => scalingAt(all, windows, how)),
    collapse,
    estimate: estimate(all, windows),
    blocks,
    avalanches: histogram.n,
    multiplicative: how.multiplicative ?? false,
  };
}

/** What the errors of {@link measureAvalanches} are made of, or a share of it. @param windows those of all avalanches, where they are known */
export function measureHalves(
  blocked: BlockedStatistics,
  how: Measuring,
  { share, windows }: { readonly share?: Share; readonly windows?: Windows | undefined } = {},
): PairRow[] {
  const { all, blocks, halves } = blocked;
  const steps = stepsOf(blocked, how);
  // A walk that can't be shared out is the first share.
  const walk = share === undefined ? halves : (halves.share?.(share) ?? (share.index === 0 ? halves : []));
  return pairsOfHalves(windows ?? steps.find(all), walk, blocks, steps);
}

/** Exponents with the errors that all of {@link measureHalves} make. */
export function withErrors(
  { estimate, blocks, avalanches, multiplicative, ...whole }: WholeExponents,
  pairs: readonly PairRow[],
): Exponents {
  const errors = errorsOfPairs(whole.windows, estimate, pairs, blocks);
  const measured = (name: EstimateName): Measured => measuredOf(errors, name);
  const { covariance } = selected(errors, relationNames);
  return {
    ...whole,
    jackknife: selected(errors, exponentNames),
    relation: cracklingRelation(measured('tau'), measured('alpha'), measured('gammaScaling'), covariance),
    alphaCensored: measured('alphaCensored'),
    branching: multiplicative
      ? branchingWithError(measured('branching'), measured('activity'), avalanches)
      : measured('branching'),
    growth: measured('growth'),
  };
}

/**
 * Measures τ, α and γ (from mean sizes against durations, and from the shape collapse), all of the size that was reduced, on windows that a
 * rule finds, and tests the crackling relation on them. Errors include the choice of the windows: the rule chooses anew in every half of
 * the blocks.
 */
export function measureAvalanches(blocked: BlockedStatistics, how: Measuring): Exponents {
  const whole = measureWhole(blocked, how);
  return withErrors(whole, measureHalves(blocked, how, whole));
}

const nothing: Record<EstimateName, number> = {
  tau: Number.NaN,
  alpha: Number.NaN,
  gammaScaling: Number.NaN,
  gammaCollapse: Number.NaN,
  alphaCensored: Number.NaN,
  branching: Number.NaN,
  activity: Number.NaN,
  growth: Number.NaN,
};
