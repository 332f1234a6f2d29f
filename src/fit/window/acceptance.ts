import { createStream } from '../../numeric/random.ts';
import { exponentOf } from '../power-law.ts';
import type { Tail } from '../tail.ts';
import { gapsOf } from './distance.ts';
import type { Edges } from './edges.ts';

/** When a power law is good enough for a window. */
export interface Acceptance {
  /** Least p-value of the goodness of fit; default 0.1. */
  readonly leastP?: number;
  /**
   * A window whose distance is at most this passes whatever its p-value: with enough values any law of nature fails any test, by
   * departures that are of no account. Default 0.005.
   */
  readonly negligible?: number;
}

/** A power law on one window, by the edges of the sample. */
export interface WindowFit {
  readonly tail: Tail;
  readonly exponent: number;
  readonly ks: number;
  /** Of the goodness of fit, in steps of 1/256; NaN where the distance wasn't to be tested. */
  readonly pValue: number;
  readonly accepted: boolean;
}

const draws = 255;
const mostBins = 160;
let table: Float64Array | undefined;

/** Standard normal numbers, the same ones for every window: p-values change smoothly from one to the next. */
function normals(): Float64Array {
  if (table === undefined) {
    const stream = createStream(0, 0x6b73);
    table = Float64Array.from({ length: draws * (mostBins + 1) }, () => stream.normal());
  }
  return table;
}

/**
 * The maximum-likelihood power law of a tail and whether it passes. Its p-value is calibrated for the exponent being fitted, for either kind
 * of values and any cutoffs: it comes from the law of the distance at these edges for many values, a Brownian bridge less its part along
 * the score (Durbin, Ann. Stat. 1, 279 (1973)), drawn 255 times. That is what a parametric bootstrap of the window tends to, at a
 * thousandth of its cost; with 50 values its critical distance is right to about 3 %.
 */
export function testWindow(edges: Edges, tail: Tail, acceptance: Acceptance = {}, start?: number): WindowFit {
  const { leastP = 0.1, negligible = 0.005 } = acceptance;
  const exponent = start === undefined || !tail.sample.discrete ? exponentOf(tail) : exponentOf(tail, start);
  const scale = Math.sqrt(tail.n) + 0.12;
  // Without a fitted exponent Kolmogorov's distance reaches 1.3/√n with probability 0.068; with it, less often.
  const hopeless = Math.max(negligible, 1.3 / scale);
  const gaps = gapsOf(edges, tail, exponent, leastP >= 0.07 ? hopeless : Infinity);
  const { ks } = gaps;
  if (ks <= negligible) return { tail, exponent, ks, pValue: Number.NaN, accepted: true };
  if (ks > hopeless && leastP >= 0.07) return { tail, exponent, ks, pValue: 0, accepted: false };
  const pValue = goodness(edges, gaps, tail, exponent, ks * scale);
  return { tail, exponent, ks, pValue, accepted: pValue >= leastP };
}

/** The share of drawn distances, in units of 1/√n, that are at least as large as the one that was reached. */
function goodness(
  edges: Edges,
  { from, to, below }: ReturnType<typeof gapsOf>,
  { xmin, xmax, sample: { discrete } }: Tail,
  exponent: number,
  reached: number,
): number {
  const stride = Math.ceil((to - from + 1) / mostBins);
  const mass: number[] = [];
  const score: number[] = [];
  let inner = 0;
  let [left, leftLog, leftAt] = [0, Math.log(xmin), xmin];
  for (let e = from; e <= to; e += stride) {
    const end = e === to || e + stride > to;
    const right = end ? 1 : below[e - from]!;
    const p = Math.max(right - left, 0);
    let mean: number;
    if (end && xmax === Infinity) {
      mean = leftLog + 1 / (exponent - 1);
      inner += p / (exponent - 1) ** 2;
    } else {
      // The last integer below an edge is one below it.
      const rightAt = end ? xmax + (discrete ? 1 : 0) : edges.at[e]!;
      const rightLog = discrete ? Math.log(Math.max(rightAt - 1, leftAt)) : Math.log(rightAt);
      mean = (leftLog + rightLog) / 2;
      inner += (p * (rightLog - leftLog) ** 2) / 12;
      [leftLog, leftAt] = [Math.log(rightAt), rightAt];
    }
    mass.push(p);
    score.push(mean);
    left = right;
    if (end) break;
  }
  const bins = mass.length;
  const centre = mass.reduce((sum, p, b) => sum + p * score[b]!, 0);
  const u = score.map((v) => v - centre);
  const information = mass.reduce((sum, p, b) => sum + p * u[b]! ** 2, inner);
  const root = mass.map(Math.sqrt);
  const z = normals();
  let beyond = 0;
  for (let r = 0; r < draws; r++) {
    const row = r * (mostBins + 1);
    let sum = 0;
    let along = Math.sqrt(inner) * z[row + mostBins]!;
    for (let b = 0; b < bins; b++) {
      const noise = root[b]! * z[row + b]!;
      sum += noise;
      along += noise * u[b]!;
    }
    const tilt = along / information;
    let level = 0;
    for (let b = 0; b < bins - 1; b++) {
      level += root[b]! * z[row + b]! - mass[b]! * (sum + tilt * u[b]!);
      if (level >= reached || -level >= reached) {
        beyond++;
        break;
      }
    }
  }
  return (1 + beyond) / (1 + draws);
}
