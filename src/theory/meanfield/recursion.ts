import { ParameterError } from '../../error.ts';
import { power } from '../../numeric/power.ts';
import type { ActivationFunction } from './activation-function.ts';
import { hermiteSeries } from './hermite-series.ts';
import { type Moments, momentsOf } from './moments.ts';
import { pairMean } from './paired-quadrature.ts';
import { checkVariance } from './point.ts';
import { straightPairMoment } from './straight-pairs.ts';

/** σw² and σb². */
export interface Variances {
  readonly weightVariance: number;
  readonly biasVariance: number;
}

function check({ weightVariance, biasVariance }: Variances): void {
  checkVariance('weight-variance', weightVariance);
  checkVariance('bias-variance', biasVariance);
}

const second = (moments: Moments, q: number): number =>
  q === 0 ? moments.activation.phi(0) ** 2 : Number.isFinite(q) ? moments.second(q) : q;

/**
 * Signal energy layer by layer, q_l = σw² V(q_{l−1}) + σb².
 * @param q0 signal energy of the input, ≥ 0
 * @returns q_0 … q_layers, of length layers + 1
 */
export function lengthRecursion(
  activation: ActivationFunction,
  variances: Variances,
  q0: number,
  layers: number,
): Float64Array {
  check(variances);
  if (!(Number.isFinite(q0) && q0 >= 0))
    throw new ParameterError(`input energy must be a finite number of at least 0, got ${q0}`);
  const moments = momentsOf(activation);
  const energies = new Float64Array(layers + 1);
  energies[0] = q0;
  for (let l = 1; l <= layers; l++) {
    energies[l] = variances.weightVariance * second(moments, energies[l - 1]!) + variances.biasVariance;
  }
  return energies;
}

/** Two inputs of the same network: their energies and their correlation c = q_ab/√(q_aa q_bb). */
export interface InputPair {
  readonly energies: readonly [number, number];
  readonly correlation: number;
}

/** The two inputs followed through the layers; every array has length layers + 1, the input first. */
export interface PairRecursion {
  readonly energies: readonly [Float64Array, Float64Array];
  /** NaN from where a signal has vanished (below 2.2e-308, the smallest normal number) or is no longer finite. */
  readonly correlations: Float64Array;
}

const smallestNormal = 2 ** -1022;

/** √(qa qb), whose product may under- or overflow. Exact for equal energies: identical inputs stay identical. */
const geometricMean = (qa: number, qb: number): number => (qa === qb ? qa : Math.sqrt(qa) * Math.sqrt(qb));

/** Correlation of two inputs layer by layer, q_ab ← σw² ∫∫ φ(u₁) φ(u₂) + σb², with the energies of both. */
export function correlationRecursion(
  activation: ActivationFunction,
  variances: Variances,
  pair: InputPair,
  layers: number,
): PairRecursion {
  const moments = momentsOf(activation);
  const energies = [
    lengthRecursion(activation, variances, pair.energies[0], layers),
    lengthRecursion(activation, variances, pair.energies[1], layers),
  ] as const;
  const correlations = new Float64Array(layers + 1);
  correlations[0] = pair.correlation;
  for (let l = 1; l <= layers; l++) {
    const before = correlations[l - 1]!;
    const overlap = Number.isNaN(before)
      ? before
      : pairMoment(moments, energies[0][l - 1]!, energies[1][l - 1]!, before);
    const shared = variances.weightVariance * overlap + variances.biasVariance;
    const scale = geometricMean(energies[0][l]!, energies[1][l]!);
    const c = scale >= smallestNormal && scale < Number.POSITIVE_INFINITY ? shared / scale : Number.NaN;
    correlations[l] = Math.abs(c) > 1 ? Math.sign(c) : c;
  }
  return { energies, correlations };
}

/** ∫Dz₁ Dz₂ φ(u₁) φ(u₂) for Gaussian inputs of energies qa, qb and correlation c. */
export function pairMoment(moments: Moments, qa: number, qb: number, c: number): number {
  const { activation, shape } = moments;
  if (c === 1 && qa === qb) return second(moments, qa);
  const scale = geometricMean(qa, qb);
  if (shape.slopes !== undefined) {
    // φ(x) = mean·x + fold·|x|, and ∫∫ |u₁ u₂| = (2/π) (√(1 − c²) + c arcsin c) (Cho & Saul, NIPS 2009).
    const mean = (shape.slopes[1] + shape.slopes[0]) / 2;
    const fold = (shape.slopes[1] - shape.slopes[0]) / 2;
    return scale * (mean ** 2 * c + fold ** 2 * (2 / Math.PI) * (Math.sqrt(1 - c * c) + c * Math.asin(c)));
  }
  const far = straightPairMoment(moments, qa, qb, c);
  if (far !== undefined) return far;
  if (qa > 0 && qb > 0 && moments.smooth) {
    for (const order of qa < 0.1 && qb < 0.1 ? [24] : [64, 512]) {
      const a = hermiteSeries(moments, qa, order).slice();
      const b = qa === qb ? a : hermiteSeries(moments, qb, order);
      let sum = 0;
      let restA = moments.second(qa) / qa;
      let restB = moments.second(qb) / qb;
      for (let n = 0, share = 1; n <= order; n++, share *= c) {
        sum += a[n]! * b[n]! * share;
        restA -= a[n]! ** 2;
        restB -= b[n]! ** 2;
      }
      const lost = Math.sqrt(Math.max(restA, 0) * Math.max(restB, 0)) * power(Math.abs(c), order + 1);
      if (lost <= 1e-14 * Math.abs(sum)) return scale * sum;
    }
  }
  return pairMean(moments.kinks, qa, qb, c, (u1, u2) => activation.phi(u1) * activation.phi(u2));
}
