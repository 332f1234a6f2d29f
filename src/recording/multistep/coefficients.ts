import { addSums, emptySums, type PairSums } from './pair-sums.ts';

/**
 * What is taken off before products are summed. `trial-separated`: each trial's own means, r_k the average of the trials' slopes; `stationary-mean`: one mean
 * for all trials, so that differences of rate between them count as memory (both: Wilting & Priesemann, Nat. Commun. 9, 2325 (2018), Methods; Spitzner
 * et al., PLoS ONE 16, e0249447 (2021)). `within-trials`: each trial's own means too, but r_k is the ratio of sums over trials, which short trials
 * bias far less than the average of ratios.
 */
export type MeanRule = 'within-trials' | 'trial-separated' | 'stationary-mean';

function slopesOf({ n, x, y, xx, xy }: PairSums): Float64Array {
  return n.map((count, k) => {
    const spread = xx[k]! - (x[k]! * x[k]!) / count;
    return spread > 1e-12 * xx[k]! ? (xy[k]! - (x[k]! * y[k]!) / count) / spread : Number.NaN;
  });
}

/** Slopes r_1 … r_K of A(t+k) against A(t) for trials given by their sums; NaN for lags that no trial reaches. */
export function coefficients(trials: readonly PairSums[], rule: MeanRule): Float64Array {
  const lags = trials[0]!.n.length;
  if (rule === 'stationary-mean') return slopesOf(trials.reduce(addSums, emptySums(lags)));
  if (rule === 'within-trials') return slopesOf(trials.map(centred).reduce(addSums, emptySums(lags)));
  return meanSlopes(trials.map(slopesOf));
}

/** Sums about each trial's own means, which add. */
export function centred({ n, x, y, xx, xy }: PairSums): PairSums {
  const zeros = new Float64Array(n.length);
  const about = (sum: Float64Array, a: Float64Array, b: Float64Array): Float64Array =>
    sum.map((value, k) => (n[k]! > 0 ? value - (a[k]! * b[k]!) / n[k]! : 0));
  return { n: n.slice(), x: zeros, y: zeros.slice(), xx: about(xx, x, x), xy: about(xy, x, y) };
}

/** The average of the slopes that are defined, lag by lag. */
export function meanSlopes(each: readonly Float64Array[]): Float64Array {
  const lags = each[0]!.length;
  const mean = new Float64Array(lags);
  for (let k = 0; k < lags; k++) {
    let count = 0;
    for (const slopes of each) {
      const slope = slopes[k]!;
      if (Number.isNaN(slope)) continue;
      mean[k]! += slope;
      count++;
    }
    mean[k]! /= count;
  }
  return mean;
}

/** The slopes of each trial for itself. */
export const trialSlopes = (trials: readonly PairSums[]): Float64Array[] => trials.map(slopesOf);
