import { weightedLine } from './weighted-line.ts';

/** The curve y = exp(intercept + slope·x). */
export interface LogLinear {
  readonly slope: number;
  /** ln y at x = 0. */
  readonly intercept: number;
}

const mostSteps = 1000;
const nowhere: LogLinear = { slope: Number.NaN, intercept: Number.NaN };

/**
 * The curve ŷ = exp(intercept + slope·x) with Σ w·(y/ŷ − 1) = Σ w·(y/ŷ − 1)·x = 0: quasi-likelihood where the standard deviation of y is
 * proportional to its mean (Wedderburn, Biometrika 61, 439 (1974), doi:10.1093/biomet/61.3.439), gamma regression with a logarithmic link. The
 * equations are linear in y: where its mean is such a curve they hold on average, whatever the noise and however few values are in a mean.
 *
 * By the first equation the second says that the mean of x with weights w·y·exp(−slope·x) is that with weights w, x̄. It falls as the slope
 * grows, so one slope solves it; and the rate at which it falls changes by a factor of e at most while the slope changes by 1/(range of x), so
 * that a step of Newton's of no more than that leaves 0.72 of the residual at most, and longer ones are cut to that.
 * @param weight positive
 * @param y finite, at least 0
 * @returns NaN where the x of positive y aren't on both sides of x̄
 */
export function logLinear(x: Float64Array, y: Float64Array, weight: Float64Array): LogLinear {
  let total = 0;
  let centre = 0;
  for (let i = 0; i < x.length; i++) {
    total += weight[i]!;
    centre += (weight[i]! / total) * (x[i]! - centre);
  }
  const off = new Float64Array(x.length);
  const logY = new Float64Array(x.length);
  const share = new Float64Array(x.length);
  let n = 0;
  let least = 0;
  let most = 0;
  for (let i = 0; i < x.length; i++) {
    if (!(y[i]! > 0)) continue;
    off[n] = x[i]! - centre;
    logY[n] = Math.log(y[i]!);
    share[n] = weight[i]! / total;
    if (off[n]! < least) least = off[n]!;
    if (off[n]! > most) most = off[n]!;
    n++;
  }
  if (!(least < 0 && most > 0)) return nowhere;
  let { slope } = weightedLine(off, logY, share);
  const reach = 1 / (most - least);
  for (let step = 0; step < mostSteps; step++) {
    let highest = -Infinity;
    for (let i = 0; i < n; i++) {
      const height = logY[i]! - slope * off[i]!;
      if (height > highest) highest = height;
    }
    let sum = 0;
    let first = 0;
    let second = 0;
    for (let i = 0; i < n; i++) {
      const p = share[i]! * Math.exp(logY[i]! - slope * off[i]! - highest);
      sum += p;
      first += p * off[i]!;
      second += p * off[i]! * off[i]!;
    }
    const residual = first / sum;
    const change = Math.min(reach, Math.max(-reach, residual / (second / sum - residual * residual)));
    if (Math.abs(change) <= 1e-13 * Math.max(reach, Math.abs(slope))) {
      return { slope, intercept: highest + Math.log(sum) - slope * centre };
    }
    slope += change;
  }
  return nowhere;
}
