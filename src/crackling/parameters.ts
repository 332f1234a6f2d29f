import { normaliseKinds } from '../fit/collapse-fit.ts';
import { rareKinds } from '../fit/rare.ts';
import { scalingKinds, scalingWeightKinds } from '../fit/scaling-fit.ts';
import { windowRules } from '../fit/window/rule.ts';
import {
  above,
  auto,
  choice,
  flag,
  idleWhere,
  integer,
  positive,
  real,
  upperCutoff,
  type ValuesOf,
} from '../parameter.ts';
import { relationResolution } from '../report/relation-verdict.ts';

/** Points of the scaling fit. */
export const scalingOf = choice('what γ is fitted to against ln D: ln⟨S⟩ (ln-mean) or ⟨ln S⟩ (mean-ln)', 'ln-mean', [
  ...scalingKinds,
]);
/** Weights of the scaling fit. */
export const scalingWeights = choice(
  'weights of that fit: every avalanche as much as any other (own), or a duration by n/var(ln S) (log)',
  'own',
  [...scalingWeightKinds],
);

/** What verdicts allow for beside statistical errors. */
export const systematic = real(
  'systematic error of each exponent, from windows and finite size, in the comparison with universality classes and, of each γ, in the verdict on the crackling relation',
  0.05,
  0,
);

/** With what error agreement still says something. */
export const resolution = positive(
  'the crackling relation is left open, not said to hold, where the error of γ − (α − 1)/(τ − 1) is more than this share of γ',
  relationResolution,
);

/** Of parameters of the window rule `scaling`. */
const unscaled = ({ window }: Readonly<Record<string, unknown>>): string | undefined =>
  window === 'widest' || window === 'smallest-ks' || window === 'given'
    ? `with window ${window}: it is of window scaling`
    : undefined;

/** Parameters of the analysis of avalanches. */
export const cracklingParameters = {
  size: choice(
    'size of an avalanche, in all that follows from it: N·Σ(s − θ), the excess over the threshold, or N·Σ s, the signal from zero',
    'excess',
    ['excess', 'signal'],
  ),
  window: choice(
    'how cutoffs of fits are found that are auto, of durations and, by the mean sizes that go with them, of sizes: the range in which networks scale (scaling), the widest window that a power law passes (widest), or each by its Kolmogorov–Smirnov distance (smallest-ks); given: all that can be seen, where no cutoff says otherwise; auto: scaling where the range is known, of feed-forward networks by their width and of processes by their law, else widest',
    'auto',
    ['auto', ...windowRules],
  ),
  scalingMin: idleWhere(integer('shortest duration of the range scaling', 20), unscaled),
  scalingEnd: idleWhere(positive('longest duration of the range scaling in units of the width N', 1), unscaled),
  durationMin: auto(integer('smallest duration in fits (auto: by window)', 1)),
  durationMax: above(upperCutoff(integer('largest duration in fits (auto: by window)', 1)), 'durationMin'),
  sizeMin: auto(positive('smallest size in fits (auto: by window)', 1)),
  sizeMax: above(
    upperCutoff(positive('upper end of sizes in fits, which are below it (auto: by window)', 1)),
    'sizeMin',
  ),
  censored: choice(
    'avalanches still under way at the last layer: left out of the distributions, or counted as they are',
    'skip',
    ['skip', 'count'],
  ),
  durationEstimate: choice(
    'α by exact maximum likelihood, or (table exponents alone) by the closed form 1 + n/Σ ln(D/(Dmin − 1/2)) without a largest duration',
    'exact',
    ['exact', 'closed-form'],
  ),
  scalingCount: idleWhere(
    integer(
      'with scaling-weights log: avalanches a point of the scaling fit stands for, fewer where there are too few for twenty points; with scaling-rare leave-out: avalanches a duration takes at least',
      100,
      2,
    ),
    ({ scalingWeights: weights, scalingRare: rare }) =>
      weights === 'own' && rare !== 'leave-out'
        ? 'with scaling-weights own: every duration counts then, however few avalanches it has'
        : undefined,
  ),
  scalingRare: choice(
    'what becomes of durations with fewer: they join their neighbours, or are left out (whatever the weights)',
    'join',
    [...rareKinds],
  ),
  scalingSizeMin: real('smallest size of avalanches in the scaling fit', 0, 0),
  scalingOf,
  scalingWeights,
  collapseMin: auto(
    integer('smallest duration in the shape collapse (auto: as in fits, but 10 where that leaves a decade)', 10),
  ),
  collapseMax: above(
    upperCutoff(integer('largest duration in the shape collapse (auto: as in fits)', 1)),
    'collapseMin',
  ),
  collapseError: choice(
    'deviations of shapes relative to the mean shape at each point, or to its square over all points',
    'pointwise',
    [...normaliseKinds],
  ),
  collapseRatio: real(
    'durations in the collapse are grouped from collapse-min on by this ratio, 1: each for itself',
    1.1,
    1,
    10,
  ),
  profilePoints: integer('points of the grid that avalanche shapes are interpolated on', 50, 4, 1000),
  profileCount: integer('avalanches a group of durations in the collapse takes at least', 50),
  collapseRare: choice('what becomes of groups with fewer: they join their neighbours, or are left out', 'join', [
    ...rareKinds,
  ]),
  binCount: integer('avalanches a histogram bin takes at least', 100),
  blocks: integer('blocks of networks, halves of which errors come from', 32, 2),
  systematic,
  resolution,
  alternatives: flag('also compare with exponential, lognormal, stretched exponential and truncated power law', true),
};

/** How avalanches are cut out of a signal, beside the threshold. */
export const detectionParameters = {
  lastLayer: choice('the last layer at or above the threshold belongs to an avalanche (counted), or not', 'counted', [
    'counted',
    'left-out',
  ]),
};

/** Values of {@link cracklingParameters}. */
export type CracklingValues = ValuesOf<typeof cracklingParameters>;

/** The same without the range of networks: of any system whose range of scaling is known otherwise. */
export type AnalysisValues = Omit<CracklingValues, 'scalingMin' | 'scalingEnd'>;
