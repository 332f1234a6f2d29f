import { indexAtLeast, type OrderedSample } from '../ordered-sample.ts';
import { cutTail, type Tail, tailBetween } from '../tail.ts';

/** Positions that a distribution is held against a law at: per decade at most. */
const finePerDecade = 32;

/**
 * Some positions of a sample, at most 32 a decade, with how many values lie at or above each: enough to see every departure that is
 * wider than 7 %, and few enough for hundreds of windows.
 */
export interface Edges {
  readonly sample: OrderedSample;
  readonly at: Float64Array;
  readonly logAt: Float64Array;
  readonly countFrom: Float64Array;
}

export function edgesOf(sample: OrderedSample): Edges {
  const { position, logPosition, countFrom } = sample;
  const m = position.length;
  const chosen: number[] = [];
  const first = Math.floor((logPosition[0]! / Math.LN10) * finePerDecade);
  const last = Math.ceil((logPosition[m - 1]! / Math.LN10) * finePerDecade);
  for (let k = first; k <= last; k++) {
    const j = indexAtLeast(position, 10 ** (k / finePerDecade));
    if (j < m && j !== chosen.at(-1)) chosen.push(j);
  }
  const pick = (from: Float64Array): Float64Array => Float64Array.from(chosen, (j) => from[j]!);
  return { sample, at: pick(position), logAt: pick(logPosition), countFrom: pick(countFrom) };
}

/** Tails between the points of an absolute logarithmic grid, which other samples of the same law share. */
export interface Ladder {
  /** Number of cutoffs; cutoff k is near 10^(k/perDecade). */
  readonly length: number;
  /** Between cutoffs i and j; up to the largest value, without an upper cutoff, where j is left out. */
  between(i: number, j?: number): Tail;
  /** ln of cutoff k. */
  readonly log: Float64Array;
}

/**
 * @param perDecade cutoffs a decade
 * @param most the largest value that can be seen: cutoffs beyond are left out, it is one itself
 */
export function ladderOf(sample: OrderedSample, perDecade: number, most = Infinity): Ladder {
  const { position, logPosition } = sample;
  const m = position.length;
  const first = Math.floor((logPosition[0]! / Math.LN10) * perDecade);
  const last = Math.ceil((logPosition[m - 1]! / Math.LN10) * perDecade);
  const top = Math.min(most, position[m - 1]!);
  const cuts: number[] = [];
  for (let k = first; k <= last; k++) {
    const exact = 10 ** (k / perDecade);
    const cut = sample.discrete ? Math.ceil(exact - 1e-9) : exact;
    if (cut >= top || cut === cuts.at(-1) || cut <= 0) continue;
    cuts.push(cut);
  }
  if (most < Infinity) cuts.push(top);
  // Both ends of every cut once: a cut inside an occupied group moves to an edge of it.
  const lower = cuts.map((cut) => cutTail(sample, cut));
  const upper = cuts.map((cut) => upperEnd(sample, cut));
  return {
    length: cuts.length,
    log: Float64Array.from(cuts, Math.log),
    between(i, j) {
      const { first: from, xmin } = lower[i]!;
      if (j === undefined) return tailBetween(sample, from, m, xmin, Infinity);
      const { last: to, xmax } = upper[j]!;
      return tailBetween(sample, from, Math.max(to, from), xmin, xmax);
    },
  };
}

function upperEnd(sample: OrderedSample, xmax: number): { last: number; xmax: number } {
  const { position } = sample;
  if (xmax <= position[0]!) return { last: 0, xmax };
  const tail = cutTail(sample, Math.min(position[0]!, xmax / 2), xmax);
  return { last: tail.last, xmax: tail.xmax };
}
