import { power } from '../../numeric/power.ts';
import { indexAtLeast, type OrderedSample } from '../ordered-sample.ts';

/** Positions that a distribution is held against a law at: per decade at most. */
const perDecade = 32;

/**
 * Some positions of a sample, at most 32 a decade, with how many values lie at or above each: enough to see every departure that is
 * wider than 7 %, and few enough for hundreds of windows.
 */
export interface Edges {
  readonly at: Float64Array;
  readonly logAt: Float64Array;
  readonly countFrom: Float64Array;
}

export function edgesOf({ position, logPosition, countFrom }: OrderedSample): Edges {
  const m = position.length;
  const chosen: number[] = [];
  const first = Math.floor((logPosition[0]! / Math.LN10) * perDecade);
  const last = Math.ceil((logPosition[m - 1]! / Math.LN10) * perDecade);
  for (let k = first; k <= last; k++) {
    const j = indexAtLeast(position, power(10, k / perDecade));
    if (j < m && j !== chosen.at(-1)) chosen.push(j);
  }
  const pick = (from: Float64Array): Float64Array => Float64Array.from(chosen, (j) => from[j]!);
  return { at: pick(position), logAt: pick(logPosition), countFrom: pick(countFrom) };
}
