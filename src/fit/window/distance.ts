import type { Tail } from '../tail.ts';
import type { Edges } from './edges.ts';

/**
 * The part of a power law below each edge between the cutoffs of a tail, and of the values. Edges are those of the sample strictly inside.
 */
export interface Gaps {
  /** Index of the first edge above xmin, and of the first one beyond the tail. */
  readonly from: number;
  readonly to: number;
  /** P(X < edge) under the law on [xmin, xmax]: as many as there are edges inside. */
  readonly below: Float64Array;
  /** Largest |P(X < edge) − share of values below it|. */
  readonly ks: number;
}

/** ∫ or Σ of (x/xmin)^−exponent up to x, but for a constant: differences are masses. */
function massUpTo(discrete: boolean, exponent: number, xmin: number): (x: number, logX: number) => number {
  const rate = exponent - 1;
  const origin = Math.log(xmin);
  if (!discrete) {
    if (Math.abs(rate) < 1e-9) return (_, logX) => logX - origin;
    return (_, logX) => -Math.expm1(-rate * (logX - origin)) / rate;
  }
  // Σ over integers below x, by Euler–Maclaurin from the far side; direct terms where that needs larger x.
  const smooth = Math.ceil(8 + Math.abs(exponent) / 2);
  const far = (x: number, logX: number): number => {
    const scaled = Math.exp(-exponent * (logX - origin));
    const integral =
      Math.abs(rate) < 1e-9 ? xmin * (logX - origin) : (-xmin * Math.expm1(-rate * (logX - origin))) / rate;
    const curvature = exponent / (12 * x);
    return integral - scaled * (0.5 + curvature * (1 - ((exponent + 1) * (exponent + 2)) / (60 * x * x)));
  };
  if (xmin >= smooth) return far;
  const near = new Float64Array(smooth - xmin + 1);
  near[smooth - xmin] = far(smooth, Math.log(smooth));
  for (let k = smooth - 1; k >= xmin; k--) {
    near[k - xmin] = near[k - xmin + 1]! - Math.exp(-exponent * (Math.log(k) - origin));
  }
  return (x, logX) => (x < smooth ? near[x - xmin]! : far(x, logX));
}

const scratch = { size: 0, below: new Float64Array(0) };

/**
 * The Kolmogorov–Smirnov distance at the edges inside a tail.
 * @param limit gives up early, with some gap above it
 * @returns a view that the next call overwrites
 */
export function gapsOf(edges: Edges, tail: Tail, exponent: number, limit = Infinity): Gaps {
  const { sample, n, xmin, xmax } = tail;
  const { at, logAt, countFrom } = edges;
  const { discrete } = sample;
  let from = firstAbove(at, xmin);
  const to = xmax === Infinity ? at.length : firstAbove(at, discrete ? xmax : xmax * (1 - 1e-15));
  if (from > to) from = to;
  if (scratch.below.length < to - from) scratch.below = new Float64Array(2 * (to - from) + 64);
  const below = scratch.below.subarray(0, to - from);
  const mass = massUpTo(discrete, exponent, xmin);
  const start = discrete ? mass(xmin, Math.log(xmin)) : 0;
  const end = discrete ? xmax + 1 : xmax;
  const whole = (end === Infinity ? endless(discrete, exponent, xmin) : mass(end, Math.log(end))) - start;
  const total = sample.countFrom[tail.first]!;
  let ks = 0;
  const visit = (e: number): void => {
    const share = (mass(at[e]!, logAt[e]!) - start) / whole;
    below[e - from] = share;
    const gap = Math.abs(share - (total - countFrom[e]!) / n);
    if (gap > ks) ks = gap;
  };
  // Coarsely first: most windows that fail do so everywhere.
  for (let e = from + 3; e < to; e += 8) {
    visit(e);
    if (ks > limit) return { from, to, below, ks };
  }
  for (let e = from; e < to; e++) {
    if ((e - from) % 8 !== 3) visit(e);
    if (ks > limit) break;
  }
  return { from, to, below, ks };
}

/** The mass up to infinity, of an exponent above 1. */
function endless(discrete: boolean, exponent: number, xmin: number): number {
  const integral = 1 / (exponent - 1);
  return discrete ? xmin * integral : integral;
}

function firstAbove(at: Float64Array, x: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
