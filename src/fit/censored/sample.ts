import { ParameterError } from '../../error.ts';
import type { GroupedSample } from '../../reduce/grouped.ts';
import type { CountedSample } from '../counted.ts';
import { isCounted, isGrouped, type OrderedSample, orderSample, type Sample } from '../ordered-sample.ts';

/**
 * Values some of which are known by a lower bound alone (right-censored): what was under way when last seen at x has a value X ≥ x. What ends the watching must
 * not know of the value beyond that, as a depth that is the same for all, or the end of a recording: durations of avalanches are cut off so, sizes aren't.
 */
export interface CensoredSample {
  /** Values that are known whole. */
  readonly values: ArrayLike<number> | CountedSample;
  /** Lower bounds of the others. */
  readonly bounds: ArrayLike<number> | CountedSample;
}

export function isCensored(sample: Sample | CensoredSample): sample is CensoredSample {
  return 'bounds' in sample;
}

/** Bounds in their order, each with how many lie at or above it, and a closing 0. */
export interface Bounds {
  readonly position: Float64Array;
  readonly countFrom: Float64Array;
}

/** A censored sample in its order. */
export interface CensoredOrder {
  readonly values: OrderedSample;
  readonly bounds: Bounds;
}

/**
 * Orders a censored sample. Values and bounds that aren't positive and finite are left out: the first are counted, the second say nothing.
 * @throws ParameterError where no value is left that is known whole, or where one of discrete ones isn't an integer
 */
export function orderCensored({ values, bounds }: CensoredSample, discrete = false): CensoredOrder {
  const lower = orderBounds(bounds, discrete);
  if (isCounted(values) ? values.value.length === 0 : values.length === 0) {
    throw new ParameterError(
      `a power-law fit needs values that are known whole: all ${lower.countFrom[0]!} are lower bounds`,
    );
  }
  return { values: orderSample(values, discrete), bounds: lower };
}

const none: Bounds = { position: new Float64Array(0), countFrom: new Float64Array(1) };

/** Bounds as they are, or as groups of integers: a wide group counts at its mean of ln x. */
export function orderBounds(bounds: Sample, discrete: boolean): Bounds {
  if (isGrouped(bounds)) return orderBounds(meansOf(bounds), true);
  const some = isCounted(bounds)
    ? bounds.value.some((x, i) => x > 0 && x < Infinity && bounds.count[i]! > 0)
    : Array.prototype.some.call(bounds, (x: number) => x > 0 && x < Infinity);
  return some ? orderSample(bounds, discrete) : none;
}

const meansOf = ({ count, sumLog }: GroupedSample): CountedSample => ({
  value: count.map((c, i) => (c > 0 ? Math.round(Math.exp(sumLog[i]! / c)) : 0)),
  count,
});
