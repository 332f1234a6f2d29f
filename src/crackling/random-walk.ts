import { attempt } from '../error.ts';
import { fitBounded } from '../fit/fit-power-law.ts';
import { jackknife } from '../fit/jackknife.ts';
import { fitScaling } from '../fit/scaling-fit.ts';
import { criticalPoint } from '../network/critical-point.ts';
import { withMore } from '../pipeline.ts';
import { type GroupedSample, wholeNumbers } from '../reduce/grouped.ts';
import type { RandomWalkRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import type { Statistics } from './reducer.ts';
import type { Analysed } from './tables.ts';

/** Durations least ≤ D ≤ most. */
export interface Window {
  readonly least: number;
  readonly most: number;
}

/**
 * The law of durations of a walk with symmetric, continuous, independent steps that starts at the threshold: it first falls below at
 * step n = D + 1 with probability C(2n, n)/((2n − 1)·4ⁿ) whatever the steps (Sparre Andersen, Math. Scand. 2, 195 (1954)). Tends to D^(−3/2),
 * from below: at D = 10 the local exponent is still 0.1 short of 3/2.
 */
export function firstReturnLaw(most: number): GroupedSample {
  const count = new Float64Array(most);
  let probability = 0.5;
  for (let n = 1; n <= most; n++) {
    probability *= (2 * n - 1) / (2 * n + 2);
    count[n - 1] = probability;
  }
  return wholeNumbers(count);
}

/** α that a fit finds on {@link firstReturnLaw} in a window. */
export function firstReturnExponent({ least, most }: Window): number {
  return fitBounded(firstReturnLaw(most), least, most).exponent;
}

const orNaN = (measure: () => number): number => attempt(measure) ?? Number.NaN;

const gammaOf = ({ scaling }: Statistics, window: Window): number => fitScaling(scaling, window).gamma;

/** An ensemble with its row of the `random_walk` table. */
export interface Walked extends Analysed {
  readonly walk: RandomWalkRow;
}

/** Makes the row of an ensemble, where that wasn't done ahead. */
export const withWalk = (one: Analysed, window: Window): Walked =>
  'walk' in one ? (one as Walked) : withMore(one, { walk: randomWalkRow(one, window) });

/** Row of the `random_walk` table: α and γ in a window of durations 1 ≪ D ≪ N, and γ beyond N layers, beside the theory. */
function randomWalkRow({ ensemble, result }: Analysed, window: Window): RandomWalkRow {
  const { width, depth } = ensemble;
  const point = criticalPoint(ensemble.activation);
  const theory = firstReturnExponent(window);
  const { estimate, standardError } = jackknife(result.all, result.leaveOneOut, (part: Statistics) => ({
    alpha: orNaN(() => fitBounded(part.histogram.duration, window.least, window.most).exponent),
    gamma: orNaN(() => gammaOf(part, window)),
    beyond: orNaN(() => gammaOf(part, { least: width, most: depth - 1 })),
  }));
  return {
    ensemble: ensemble.index,
    activation: ensemble.activation,
    width,
    weight_variance: ensemble.weightVariance,
    critical_variance: point.weightVariance,
    correction: point.correction,
    step_variance: point.stepVariance / width,
    trap: orNull(point.trap),
    duration_min: window.least,
    duration_max: window.most,
    alpha: orNull(estimate.alpha),
    alpha_error: orNull(standardError.alpha),
    alpha_theory: theory,
    alpha_deviation: orNull((estimate.alpha - theory) / standardError.alpha),
    gamma: orNull(estimate.gamma),
    gamma_error: orNull(standardError.gamma),
    gamma_beyond: orNull(estimate.beyond),
    gamma_beyond_error: orNull(standardError.beyond),
  };
}
