import { sizeColumn } from '../schema/size.ts';
import type { GroupedSample } from './grouped.ts';
import type { Reducer } from './reducer.ts';
import type { SizeOptions } from './size-option.ts';
import { together } from './together.ts';
import { type ValueHistogramResult, type ValueHistogramState, valueHistogram } from './value-histogram.ts';

/** State of the reducer `histogram`. */
export interface HistogramState {
  readonly duration: ValueHistogramState;
  readonly size: ValueHistogramState;
  readonly censored: ValueHistogramState;
}

/** Distributions of duration and size. */
export interface HistogramResult {
  /** Exact below 8192 layers. */
  readonly duration: GroupedSample;
  readonly size: GroupedSample;
  /** Durations at which censored avalanches were last seen, whether they count or not. */
  readonly censoredDuration: GroupedSample;
  /** Number of those. */
  readonly censored: number;
  /** Avalanches counted. */
  readonly n: number;
  /** Avalanches with a size that is not finite; they are in `duration` only. */
  readonly nonFinite: number;
  /** Avalanches with a size that has no place on a logarithmic scale, ≤ 0 (or below 2.3e-308); they are in `duration` only. */
  readonly nonPositive: number;
}

/** Which sizes are counted, and how. */
export interface HistogramOptions extends SizeOptions {
  /** Whether sizes are integers (counts of events); default false. Durations always are. */
  readonly discreteSize?: boolean;
}

/** What a value histogram comes to, of which only the sample is known. */
const sampled = (sample: GroupedSample): ValueHistogramResult => ({ sample, n: 0, nonFinite: 0, nonPositive: 0 });

/** The distributions of duration and size of `avalanche` batches, for binning and fitting. Sizes are of the excess by default; censored rows
 * don't count by default. */
export function histogram(options: HistogramOptions = {}): Reducer<HistogramState, HistogramResult> {
  const parts = together({
    duration: valueHistogram('duration', { ...options, discrete: true }),
    size: valueHistogram(sizeColumn[options.size ?? 'excess'], { ...options, discrete: options.discreteSize ?? false }),
    censored: valueHistogram('duration', { censored: 'only', discrete: true }),
  });
  return {
    name: 'histogram',
    init: parts.init,
    step: parts.step,
    merge: parts.merge,
    release: (state, take) => parts.release?.(state, take),
    finish(state, spare) {
      const { duration, size, censored } = parts.finish(
        state,
        spare && {
          duration: sampled(spare.duration),
          size: sampled(spare.size),
          censored: sampled(spare.censoredDuration),
        },
      );
      return {
        duration: duration.sample,
        size: size.sample,
        censoredDuration: censored.sample,
        censored: censored.n,
        n: duration.n,
        nonFinite: size.nonFinite,
        nonPositive: size.nonPositive,
      };
    },
  };
}
