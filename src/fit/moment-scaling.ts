import { ParameterError } from '../error.ts';
import { weightedLine } from '../numeric/weighted-line.ts';
import type { GroupedSample } from '../reduce/grouped.ts';

/** Orders q of the moments ⟨x^q⟩: well above τ − 1, where the lower cutoff isn't felt. */
export const momentOrders: readonly number[] = [1, 1.5, 2, 2.5, 3, 3.5, 4];

/**
 * ln⟨x^q⟩ of a grouped sample, each group at its mean ln x: wrong by q²·2^−16/24 of ⟨x^q⟩ at most. Sums are taken relative to the largest
 * term, so that no order overflows.
 */
export function logMoment(sample: GroupedSample, order: number): number {
  const { count, sumLog } = sample;
  let largest = -Infinity;
  let n = 0;
  for (let i = 0; i < count.length; i++) {
    if (!(count[i]! > 0)) continue;
    n += count[i]!;
    largest = Math.max(largest, (order * sumLog[i]!) / count[i]!);
  }
  let sum = 0;
  for (let i = 0; i < count.length; i++) {
    if (count[i]! > 0) sum += count[i]! * Math.exp((order * sumLog[i]!) / count[i]! - largest);
  }
  return n > 0 ? largest + Math.log(sum / n) : Number.NaN;
}

/** ln⟨x^q⟩ of one width, by order, with their covariance. */
export interface WidthMoments {
  readonly width: number;
  readonly logMoments: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

/** How moments grow with the width: σ(q) of ⟨x^q⟩ ~ N^σ(q). */
export interface MomentScaling {
  readonly order: number;
  readonly sigma: number;
  /** From the errors of the moments, times √(χ²/ν) where that exceeds 1. */
  readonly sigmaError: number;
  /** Of the points about the line in ln N, with their errors. */
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
}

export interface CutoffExponent {
  readonly moments: readonly MomentScaling[];
  /** D of the cutoff x_c ~ N^D: the slope of σ(q). */
  readonly cutoff: number;
  /** From the errors of the moments, times √(χ²/ν), mean over the orders, where that exceeds 1; so is the other. */
  readonly cutoffError: number;
  /** The exponent of x^−τ from where σ(q) = D·(q + 1 − τ) vanishes; right where the lower cutoff does not move with N. */
  readonly exponent: number;
  readonly exponentError: number;
}

/** Weights of the slope of a plain line: slope = Σ weight·y. */
function slopeWeights(x: readonly number[]): number[] {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const spread = x.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return x.map((value) => (value - mean) / spread);
}

/** √(χ²/ν) where that exceeds 1. */
const excess = (chiSquarePerFreedom: number): number =>
  chiSquarePerFreedom > 1 && Number.isFinite(chiSquarePerFreedom) ? Math.sqrt(chiSquarePerFreedom) : 1;

const bilinear = (a: readonly number[], m: readonly (readonly number[])[], b: readonly number[]): number =>
  a.reduce((sum, ai, i) => sum + b.reduce((inner, bj, j) => inner + ai * bj * m[i]![j]!, 0), 0);

/**
 * Cutoff exponent by moment scaling: of P(x; N) = x^−τ·f(x/N^D) the moments grow as N^(D·(q+1−τ)) (Chessa, Stanley, Vespignani & Zapperi, Phys. Rev. E 59,
 * R12 (1999), doi:10.1103/PhysRevE.59.R12). Plain least squares in ln N, then in q: both are linear in the ln⟨x^q⟩, of which the widths are independent
 * and the orders are not, so that errors follow from the covariances. Where moments scatter about their lines by more than these say, errors are
 * scaled by it: each width has a correction δ of its own that a scan has found, and moments follow its error by several of theirs.
 * @throws ParameterError for fewer than 3 different widths
 */
export function cutoffExponent(widths: readonly WidthMoments[], orders = momentOrders): CutoffExponent {
  const logs = widths.map(({ width }) => Math.log(width));
  if (new Set(logs).size < 3) {
    throw new ParameterError(`moment scaling needs at least 3 different widths, got ${new Set(logs).size}`);
  }
  const c = slopeWeights(logs);
  const b = slopeWeights([...orders]);
  const meanOrder = orders.reduce((sum, q) => sum + q, 0) / orders.length;
  const plain = orders.map(() => 1 / orders.length);
  const moments = orders.map((order, k) => {
    const y = widths.map(({ logMoments }) => logMoments[k]!);
    const variance = widths.map(({ covariance }) => covariance[k]![k]!);
    const line = weightedLine(
      logs,
      y,
      variance.map((v) => 1 / v),
    );
    return {
      order,
      sigma: c.reduce((sum, weight, i) => sum + weight * y[i]!, 0),
      sigmaError:
        Math.sqrt(c.reduce((sum, weight, i) => sum + weight * weight * variance[i]!, 0)) *
        excess(line.chiSquare / line.degreesOfFreedom),
      chiSquare: line.chiSquare,
      degreesOfFreedom: line.degreesOfFreedom,
    };
  });
  const over = (weights: readonly number[]): number => weights.reduce((sum, w, k) => sum + w * moments[k]!.sigma, 0);
  const covarianceOf = (one: readonly number[], other: readonly number[]): number =>
    widths.reduce((sum, { covariance }, i) => sum + c[i]! ** 2 * bilinear(one, covariance, other), 0);
  const cutoff = over(b);
  const mean = over(plain);
  const scale = excess(moments.reduce((sum, one) => sum + one.chiSquare / one.degreesOfFreedom, 0) / moments.length);
  // σ(q) = mean + D·(q − q̄) vanishes at q = τ − 1.
  const gap = mean / cutoff;
  const gradient = plain.map((p, k) => (p - gap * b[k]!) / cutoff);
  return {
    moments,
    cutoff,
    cutoffError: scale * Math.sqrt(covarianceOf(b, b)),
    exponent: meanOrder + 1 - gap,
    exponentError: scale * Math.sqrt(covarianceOf(gradient, gradient)),
  };
}
