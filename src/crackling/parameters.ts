import { scalingKinds, scalingWeightKinds } from '../fit/scaling-fit.ts';
import { type WindowRule, windowRules } from '../fit/window/rule.ts';
import { auto, choice, flag, integer, positive, real, type ValuesOf } from '../parameter.ts';

export type { WindowRule };

/** What universality classes are compared with, beside statistical errors. */
export const systematic = real(
  'systematic error of each exponent, from windows and finite size, that universality classes are compared with',
  0.05,
  0,
);

/** Parameters of the analysis of avalanches. */
export const cracklingParameters = {
  size: choice(
    'size of an avalanche, in all that follows from it: N·Σ(s − θ), the excess over the threshold, or N·Σ s, the signal from zero',
    'excess',
    ['excess', 'signal'],
  ),
  window: choice(
    'how cutoffs of fits are found that are auto, of durations and, by the mean sizes that go with them, of sizes: the range in which networks scale (scaling), the widest window that a power law passes (widest), or each by its Kolmogorov–Smirnov distance (smallest-ks); given: all that is not cut off',
    'scaling',
    [...windowRules],
  ),
  scalingMin: integer('shortest duration of the range scaling', 20),
  scalingEnd: positive('longest duration of the range scaling in units of the width N', 1),
  durationMin: auto(integer('smallest duration in fits (auto: by window)', 1)),
  durationMax: auto(integer('largest duration in fits (auto: by window)', 1)),
  sizeMin: auto(positive('smallest size in fits (auto: by window)', 1)),
  sizeMax: auto(positive('largest size in fits (auto: by window)', 1)),
  scalingCount: integer(
    'avalanches a point of the scaling fit stands for; rarer durations join their neighbours',
    10,
    2,
  ),
  scalingOf: choice('what γ is fitted to against ln D: ln⟨S⟩ (ln-mean) or ⟨ln S⟩ (mean-ln)', 'ln-mean', [
    ...scalingKinds,
  ]),
  scalingWeights: choice(
    'weights of that fit: inverse variances of what is fitted (own), or n/var(ln S) for either (log)',
    'own',
    [...scalingWeightKinds],
  ),
  collapseMin: auto(integer('smallest duration in the shape collapse (auto: as in fits)', 10)),
  collapseMax: auto(integer('largest duration in the shape collapse (auto: as in fits)', 1)),
  collapseRatio: real(
    'durations in the collapse are grouped from collapse-min on by this ratio, 1: each for itself',
    1.1,
    1,
    10,
  ),
  profilePoints: integer('points of the grid that avalanche shapes are interpolated on', 50, 4, 1000),
  profileCount: integer('avalanches a group of durations needs to take part in the collapse', 50),
  binCount: integer('avalanches a histogram bin takes at least', 100),
  blocks: integer('blocks of networks, halves of which errors come from', 32, 2),
  systematic,
  alternatives: flag('also compare with exponential, lognormal, stretched exponential and truncated power law', true),
};

export type CracklingValues = ValuesOf<typeof cracklingParameters>;
