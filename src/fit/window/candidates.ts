import { power } from '../../numeric/power.ts';
import type { OrderedSample } from '../ordered-sample.ts';
import { cutTail, leastSpread, type Tail, tailBetween } from '../tail.ts';

/** Which windows a rule chooses among. */
export interface WindowOptions {
  /** Lower cutoff, or `auto` (default): the points of a logarithmic grid. */
  readonly xmin?: number | 'auto';
  /** Upper cutoff, null: none, or `auto` (default): the points of that grid, and none. */
  readonly xmax?: number | 'auto' | null;
  /** Points of the grid a decade; default 10. The grid is absolute, so that samples of one law share it. */
  readonly perDecade?: number;
  /** The largest value that can be seen: no cutoff lies beyond it, and windows that reach it end there. */
  readonly most?: number;
  /** Smallest xmax/xmin, of the largest value where there is no xmax; default 10. */
  readonly leastRatio?: number;
  /** Fewest values between the cutoffs; default 50. */
  readonly leastTail?: number;
}

interface Window {
  readonly width: number;
  readonly tail: Tail;
}

/** The windows to choose among that are wide and full enough, widest in ln x first; of equally wide ones the lowest first. */
export function candidateWindows(sample: OrderedSample, options: WindowOptions = {}): Tail[] {
  const { xmin = 'auto', xmax = 'auto', most = Infinity, leastRatio = 10, leastTail = 50 } = options;
  const m = sample.position.length;
  const grid = gridOf(sample, options);
  const lower = (xmin === 'auto' ? grid : [xmin]).map((cut) => cutTail(sample, cut));
  // Both ends of every cut once: a cut inside an occupied group moves to an edge of it.
  const upper = (xmax === 'auto' ? grid : xmax === null ? [] : [xmax]).map((cut) => upperEnd(sample, cut));
  if (most < Infinity && (xmax === 'auto' || xmax === null)) upper.push(upperEnd(sample, most));
  else if (xmax === 'auto' || xmax === null) upper.push({ last: m, xmax: Infinity });
  const largest = sample.upper?.[m - 1] ?? sample.position[m - 1]!;
  const least = Math.log(leastRatio) - 1e-9;
  const windows: Window[] = [];
  for (const { first, xmin: from } of lower) {
    for (const { last, xmax: to } of upper) {
      const width = Math.log(Math.min(to, largest) / from);
      if (!(width >= least) || last - first < 2) continue;
      const tail = tailBetween(sample, first, last, from, to);
      if (tail.n >= leastTail && tail.meanExcess > leastSpread) windows.push({ width, tail });
    }
  }
  return widestFirst(windows).map(({ tail }) => tail);
}

/** Widths that rounding, to integers too, makes unequal by less than this are the same. */
const alike = 0.5e-4;

/** In groups of widths like the widest of each: "alike" for itself is no order, as a may be like b, and b like c, but not a like c. */
function widestFirst(windows: Window[]): Window[] {
  windows.sort((a, b) => b.width - a.width);
  const group = new Map<Window, number>();
  let widest = Infinity;
  for (const window of windows) {
    if (!(widest - window.width < alike)) widest = window.width;
    group.set(window, widest);
  }
  return windows.sort((a, b) => group.get(b)! - group.get(a)! || a.tail.xmin - b.tail.xmin);
}

function gridOf(sample: OrderedSample, { perDecade = 10, most = Infinity }: WindowOptions): number[] {
  const { logPosition, position } = sample;
  const m = position.length;
  const decade = (j: number): number => (logPosition[j]! / Math.LN10) * perDecade;
  const top = Math.min(most, position[m - 1]!);
  const cuts: number[] = [];
  for (let k = Math.floor(decade(0)); k <= Math.ceil(decade(m - 1)); k++) {
    const exact = power(10, k / perDecade);
    const cut = sample.discrete ? Math.ceil(exact - 1e-9) : exact;
    if (cut > 0 && cut < top && cut !== cuts.at(-1)) cuts.push(cut);
  }
  return cuts;
}

function upperEnd(sample: OrderedSample, xmax: number): { last: number; xmax: number } {
  const lowest = sample.position[0]!;
  return xmax > lowest ? cutTail(sample, lowest, xmax) : { last: 0, xmax };
}
