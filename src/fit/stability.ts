import { attempt } from '../error.ts';
import { power } from '../numeric/power.ts';
import type { OrderedSample } from './ordered-sample.ts';
import { exponentOf } from './power-law.ts';
import { fitScaling, type SizesByDuration } from './scaling-fit.ts';
import { cutTail, requireSpread } from './tail.ts';

/** Cutoffs a decade. */
const perDecade = 8;
/** Fewest values of a fit, and smallest ratio of its cutoffs. */
const leastValues = 100;
const leastRatio = 3;

/**
 * The lower cutoffs that an exponent is followed over: eight a decade from the smallest value on, as long as 100 values lie between them and
 * the upper cutoff, and the window holds half a decade.
 */
export function lowerCutoffs(sample: OrderedSample, xmax: number): number[] {
  const { position } = sample;
  const largest = Math.min(xmax, position.at(-1)!);
  const first = Math.ceil(Math.log10(position[0]!) * perDecade - 1e-9);
  const cutoffs: number[] = [];
  for (let k = first; power(10, k / perDecade) * leastRatio <= largest; k++) {
    const exact = power(10, k / perDecade);
    const cut = sample.discrete ? Math.max(1, Math.round(exact)) : exact;
    if (cut === cutoffs.at(-1) || cutTail(sample, cut, xmax).n < leastValues) continue;
    cutoffs.push(cut);
  }
  return cutoffs;
}

/** The maximum-likelihood exponent above each cutoff; NaN where there is none. */
export function exponentsFrom(sample: OrderedSample, cutoffs: readonly number[], xmax: number): number[] {
  const above = (xmin: number) => (): number => {
    const tail = cutTail(sample, xmin, xmax);
    requireSpread(tail);
    return exponentOf(tail);
  };
  return cutoffs.map((xmin) => attempt(above(xmin)) ?? Number.NaN);
}

/** A local slope is that of the line through durations from D/r to D·r. */
const reach = 1.6;

/** Avalanches of durations around one. */
export const countAround = ({ duration, count }: SizesByDuration, d: number): number =>
  duration.reduce((sum, at, i) => (at >= d / reach && at <= d * reach ? sum + count[i]! : sum), 0);

/** Durations, eight a decade, with 100 avalanches at least around each. */
export function slopeDurations(sizes: SizesByDuration): number[] {
  const longest = sizes.duration.at(-1) ?? 0;
  const durations: number[] = [];
  for (let k = 2; power(10, k / perDecade) <= longest; k++) {
    const d = power(10, k / perDecade);
    if (countAround(sizes, d) >= leastValues) durations.push(d);
  }
  return durations;
}

/** The local slope of ln⟨S⟩ against ln D at each duration; NaN where there is none. */
export function localSlopes(durations: readonly number[], sizes: SizesByDuration): number[] {
  return durations.map(
    (d) => attempt(() => fitScaling(sizes, { least: d / reach, most: d * reach }).gamma) ?? Number.NaN,
  );
}
