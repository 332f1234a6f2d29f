import { isExpected } from '../error.ts';
import { fitBounded } from '../fit/fit-power-law.ts';
import type { Process, ProcessParameters } from './control.ts';
import { durationSample } from './law/exact-law.ts';

/** Durations least ≤ D ≤ most. */
export interface ScalingWindow {
  readonly least: number;
  readonly most: number;
}

/** Shortest duration in a window, in layers, which are the length at which every process here is cut up. */
const LEAST = 20;
/** The same where no exact law says what corrections to scaling come to: they go as 1/D or slower, and must be small by themselves. */
const LEAST_WITHOUT_LAW = 64;
/** By how much the exponent of the exact law in the window may be off the one at infinite duration. */
const CLOSE = 0.05;
/** A window ends at this share of the cutoff: beyond, avalanches that the cutoff ends would be missing among the larger sizes. */
const SHARE = 1 / 8;

/**
 * The window in which a process is free of scale, to an eighth of its depth or own cutoff. It begins at 20 layers, or as often twice as many as it takes
 * for α of the exact law in the window to be within 0.05 of its limit; at 64 without an exact law. No look at data.
 */
export function scalingWindow(control: Process, parameters: ProcessParameters, depth: number): ScalingWindow {
  const law = control.law?.(parameters);
  const cutoff = Math.min(depth, control.cutoff(parameters));
  const first = law === undefined ? LEAST_WITHOUT_LAW : LEAST;
  const most = Math.max(first + 1, Math.floor(SHARE * cutoff));
  if (law === undefined || most > law.limits.duration) return { least: first, most };
  const sample = durationSample(law, most);
  const { alpha } = control.known(parameters);
  for (let least = first; 2 * least < most; least *= 2) {
    try {
      if (Math.abs(fitBounded(sample, least, most).exponent - alpha) <= CLOSE) return { least, most };
    } catch (error) {
      // Nothing left of the law out here.
      if (!isExpected(error)) throw error;
    }
  }
  return { least: first, most };
}
