import { sizeColumn } from '../schema/size.ts';
import type { GroupedSample } from './grouped.ts';
import type { Reducer } from './reducer.ts';
import type { SizeOptions } from './size-option.ts';
import { together } from './together.ts';
import { type ValueHistogramState, valueHistogram } from './value-histogram.ts';

export interface HistogramState {
  readonly duration: ValueHistogramState;
  readonly size: ValueHistogramState;
}

export interface HistogramResult {
  /** Exact below 8192 layers. */
  readonly duration: GroupedSample;
  readonly size: GroupedSample;
  /** Avalanches counted. */
  readonly n: number;
  /** Avalanches with a size that is not finite; they are in `duration` only. */
  readonly nonFinite: number;
  /** Avalanches with a size that has no place on a logarithmic scale, ≤ 0 (or below 2.3e-308); they are in `duration` only. */
  readonly nonPositive: number;
}

export interface HistogramOptions extends SizeOptions {
  /** Whether sizes are integers (counts of events); default false. Durations always are. */
  readonly discreteSize?: boolean;
}

/** The distributions of duration and size of `avalanche` batches, for binning and fitting. Sizes are of the excess by default; censored rows
 * don't count by default. */
export function histogram(options: HistogramOptions = {}): Reducer<HistogramState, HistogramResult> {
  const both = together({
    duration: valueHistogram('duration', { ...options, discrete: true }),
    size: valueHistogram(sizeColumn[options.size ?? 'excess'], { ...options, discrete: options.discreteSize ?? false }),
  });
  return {
    name: 'histogram',
    init: both.init,
    step: both.step,
    merge: both.merge,
    finish(state) {
      const { duration, size } = both.finish(state);
      return {
        duration: duration.sample,
        size: size.sample,
        n: duration.n,
        nonFinite: size.nonFinite,
        nonPositive: size.nonPositive,
      };
    },
  };
}
