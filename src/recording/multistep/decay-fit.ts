import { minimize } from '../../numeric/minimize.ts';
import { power } from '../../numeric/power.ts';

/** A law that r_k is fitted with, k = 1 … K. */
export type Decay = 'exponential' | 'exponential-offset';

/** The decay of multistep coefficients. */
export interface DecayFit {
  readonly decay: Decay;
  /** Branching ratio m of r_k = b·m^k (+ c). */
  readonly ratio: number;
  /** b; below 1 under subsampling or with noise. */
  readonly amplitude: number;
  /** c, 0 where the law has none. */
  readonly offset: number;
  /** Lags fitted, 1 … lags. */
  readonly lags: number;
  readonly residual: number;
}

/** Autocorrelation time −1/ln m, in steps. */
export const timeOf = (ratio: number): number => -1 / Math.log(ratio);

/** m of an autocorrelation time in steps. */
export const ratioOf = (time: number): number => Math.exp(-1 / time);

/** Sums over the lags fitted that don't depend on m. */
interface LagSums {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

interface Linear {
  readonly b: number;
  readonly c: number;
  /** Of r as it is corrected for the share v. */
  readonly residual: number;
  readonly v: number;
}

/**
 * What taking off a mean over T rows does: with v = var(mean)/var(A) = (1 + 2 Σ_j (1 − j/T) r_j)/T every measured r_k is (r_k − v)/(1 − v)
 * (to first order in v; Marriott & Pope, Biometrika 41, 390 (1954)).
 */
function shareOfMean(b: number, m: number, inverseLength: number): number {
  if (inverseLength === 0) return 0;
  const T = 1 / inverseLength;
  // Σ_{j=1}^{T−1} (1 − j/T) m^j in closed form.
  const sum = m / (1 - m) - (m * (1 - power(m, T))) / (T * (1 - m) ** 2);
  return Math.min(0.9, inverseLength * (1 + 2 * b * sum));
}

/** b ≥ 0 and c of least squares at a given m, for r·(1 − v) + v with the share v that b and m explain. */
function atRatio(
  r: Float64Array,
  { n, sum, squares }: LagSums,
  lags: number,
  m: number,
  decay: Decay,
  inverseLength: number,
): Linear {
  const withOffset = decay === 'exponential-offset';
  let [sp, spp, srp] = [0, 0, 0];
  for (let k = 0, power = m; k < lags; k++, power *= m) {
    sp += power;
    spp += power * power;
    srp += r[k]! * power;
  }
  const determinant = n * spp - sp * sp;
  let [b, c, v] = [0, 0, 0];
  let [s, sq, sx] = [sum, squares, srp];
  for (let round = 0; ; round++) {
    b = withOffset ? (determinant > 1e-12 * n * spp ? (n * sx - sp * s) / determinant : 0) : sx / spp;
    if (b < 0) b = 0;
    c = withOffset ? (s - b * sp) / n : 0;
    const next = shareOfMean(Math.min(b, 1.5), m, inverseLength);
    if (round === 6 || Math.abs(next - v) < 1e-9) break;
    v = next;
    const left = 1 - v;
    s = left * sum + v * n;
    sx = left * srp + v * sp;
    sq = left * left * squares + 2 * v * left * sum + v * v * n;
  }
  const residual = sq - 2 * b * sx - 2 * c * s + b * b * spp + 2 * b * c * sp + n * c * c;
  return { b, c, residual: Math.max(residual, 0), v };
}

const points = 48;

/** The longest autocorrelation time that is looked for: the rows that a mean was taken off, where the lags don't reach further. */
export const longestTime = (lags: number, inverseLength: number): number =>
  Math.max(30 * lags, inverseLength > 0 ? 1 / inverseLength : 0);

function fitLags(r: Float64Array, lags: number, decay: Decay, inverseLength: number): DecayFit {
  let [sum, squares] = [0, 0];
  for (let k = 0; k < lags; k++) {
    sum += r[k]!;
    squares += r[k]! ** 2;
  }
  const measured = { n: lags, sum, squares };
  const cost = (logTime: number): number => {
    const { residual, v } = atRatio(r, measured, lags, Math.exp(-Math.exp(-logTime)), decay, inverseLength);
    // The residual of what was measured, not of what it is corrected to.
    return residual / (1 - v) ** 2;
  };
  const low = Math.log(0.15);
  const high = Math.log(longestTime(lags, inverseLength));
  const step = (high - low) / (points - 1);
  let best = 0;
  let least = Infinity;
  for (let i = 0; i < points; i++) {
    const value = cost(low + i * step);
    if (value < least) [best, least] = [i, value];
  }
  const from = low + Math.max(best - 1, 0) * step;
  const to = low + Math.min(best + 1, points - 1) * step;
  const { x } = minimize(cost, from, to, 1e-6);
  const ratio = Math.exp(-Math.exp(-x));
  const { b, c, residual } = atRatio(r, measured, lags, ratio, decay, inverseLength);
  return { decay, ratio, amplitude: b, offset: c, lags, residual };
}

/** Lags that a fit takes at least. */
const fewest = 10;

/**
 * Fits r_k by least squares, over five autocorrelation times (found from the fit itself) and at least ten lags: further lags only add noise. The mean that
 * was taken off is allowed for.
 * @param reach autocorrelation times fitted over; Infinity for every lag
 * @param r r_1 … r_K, all finite
 * @param inverseLength mean of 1/T over the trials that a mean was taken off each, 1/Σ T for one mean; 0 for none
 */
export function fitDecay(r: Float64Array, decay: Decay, inverseLength = 0, reach = 5): DecayFit {
  let fit = fitLags(r, r.length, decay, inverseLength);
  for (let round = 0; round < 4; round++) {
    const lags = Math.min(r.length, Math.max(fewest, Math.ceil(reach * timeOf(fit.ratio))));
    if (lags === fit.lags) break;
    fit = fitLags(r, lags, decay, inverseLength);
  }
  return fit;
}
