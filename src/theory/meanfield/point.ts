import { ParameterError } from '../../error.ts';
import type { ActivationFunction } from './activation-function.ts';
import { type CorrelationFixedPoint, chaoticFixedPoint } from './correlation-map.ts';
import { escapeEnergy, fixedPoint, goesStraight } from './fixed-point.ts';
import { type Moments, momentsOf } from './moments.ts';

/**
 * Mean-field quantities at one point (arXiv:1611.01232; arXiv:2509.22649, Methods). Divergences are Infinity; what is not
 * defined at the point, or lost to rounding next to a divergence, is NaN. All numbers are dimensionless.
 */
export interface MeanFieldPoint {
  readonly activation: string;
  /** σw². */
  readonly weightVariance: number;
  /** σb². */
  readonly biasVariance: number;
  /** Signal energy q*: 0 in the absorbing phase, Infinity where the signal grows without bound. */
  readonly qStar: number;
  /** Energy beyond which signals don't come back to q*: an unstable fixed point; NaN where there is none. */
  readonly qEscape: number;
  /** Signal strength s* = √q*. */
  readonly sStar: number;
  /** Slope of the length map at q*, σw² V'(q*). */
  readonly qMapSlope: number;
  /** ∂s/∂σw²; the right derivative at a critical point. */
  readonly chiWeightVariance: number;
  /** ∂s/∂σw = 2σw ∂s/∂σw². */
  readonly chiWeightDeviation: number;
  /** ∂s/∂σb²; Infinity wherever q* = 0. */
  readonly chiBiasVariance: number;
  /** χ₁ = σw² ∫Dz φ'². Chaotic where above 1. */
  readonly chi1: number;
  /** Stable fixed point c* of the correlation of two inputs; NaN where q* = 0 or Infinity. */
  readonly cStar: number;
  /** Depth scale of the signal energy, −1/ln|slope|, in layers. */
  readonly xiQ: number;
  /** Depth scale of the correlation, −1/ln C'(c*), in layers; that of the linearised map where q* = 0. */
  readonly xiC: number;
}

/**
 * Everything the mean-field theory says about one point of the phase diagram.
 * @param weightVariance σw² ≥ 0
 * @param biasVariance σb² ≥ 0
 * @throws ParameterError for a variance that is negative or not finite
 */
export function meanFieldPoint(
  activation: ActivationFunction,
  weightVariance: number,
  biasVariance: number,
): MeanFieldPoint {
  checkVariance('weight-variance', weightVariance);
  checkVariance('bias-variance', biasVariance);
  const moments = momentsOf(activation);
  const q = fixedPoint(moments, weightVariance, biasVariance);
  const qEscape = escapeEnergy(moments, weightVariance, biasVariance, q);
  const here = { activation: activation.name, weightVariance, biasVariance, qStar: q, qEscape, sStar: Math.sqrt(q) };
  if (Number.isFinite(q) && q > 0) return { ...here, ...atSignal(moments, weightVariance, biasVariance, q) };
  return { ...here, ...(q === 0 ? silence(moments, weightVariance) : unbounded(moments, weightVariance)) };
}

/** @throws ParameterError where a variance is negative, not finite, or so large that products of it with energies overflow */
export function checkVariance(name: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new ParameterError(`${name} must be a finite number of at least 0, got ${value}`);
  }
  if (value > 1e100) throw new ParameterError(`${name} must be at most 1e100, got ${value}`);
}

type Response = Omit<MeanFieldPoint, 'activation' | 'weightVariance' | 'biasVariance' | 'qStar' | 'qEscape' | 'sStar'>;

/** −1/ln|1 − slack|, by ln(1 − slack) itself where next to nothing is left of it and it is known. Infinity at a marginal point, NaN beyond it on either side. */
const depthScale = (slack: number, log = Number.NaN): number => {
  if (slack > 0.99 && !Number.isNaN(log)) return -1 / log;
  if (slack === 0) return Infinity;
  return slack < 0 || slack > 2 ? Number.NaN : -1 / (slack < 1 ? Math.log1p(-slack) : Math.log(slack - 1));
};

function atSignal(moments: Moments, weightVariance: number, biasVariance: number, q: number): Response {
  // At q*, 1 = σw² V/q + σb²/q: it is put in here, so that no difference from 1 has to be taken.
  const source = biasVariance / q;
  const left = weightVariance * moments.bend(q) + source;
  // A stable fixed point has some: where there is none, it was lost to rounding, and what is divided by it with it.
  const slack = left > 0 ? left : Number.NaN;
  const surplus = weightVariance * moments.spread(q) - source;
  const chiBiasVariance = 1 / (2 * Math.sqrt(q) * slack);
  const chiWeightVariance = moments.second(q) * chiBiasVariance;
  // Far down on the tails of φ' all of 1 + surplus would be rounding.
  const flat = surplus < -0.99;
  const chi1 = flat ? weightVariance * moments.gradient(q) : 1 + surplus;
  // What is left of the slope where little of it is, is rounding too.
  const logSlope = slack > 0.99 ? Math.log(weightVariance) + moments.logSlope(q) : Number.NaN;
  const pair: CorrelationFixedPoint =
    surplus > 0
      ? chaoticFixedPoint(moments, weightVariance, biasVariance, q, surplus)
      : { correlation: 1, slack: -surplus };
  return {
    qMapSlope: Number.isNaN(logSlope) ? 1 - slack : Math.exp(logSlope),
    chiWeightVariance,
    chiWeightDeviation: 2 * Math.sqrt(weightVariance) * chiWeightVariance,
    chiBiasVariance,
    chi1,
    cStar: pair.correlation,
    xiQ: depthScale(slack, logSlope),
    xiC: flat ? -1 / Math.log(chi1) : depthScale(pair.slack, pair.logSlope),
  };
}

/** q* = 0: the absorbing phase and, at slope 1, its critical point. */
function silence(moments: Moments, weightVariance: number): Response {
  const slope = weightVariance * moments.shape.gain || 0;
  const chi = slope < 1 ? 0 : Infinity;
  return {
    qMapSlope: slope,
    chiWeightVariance: chi,
    chiWeightDeviation: chi,
    chiBiasVariance: Infinity,
    chi1: slope,
    cStar: Number.NaN,
    xiQ: depthScale(1 - slope),
    xiC: depthScale(1 - slope),
  };
}

/** No finite fixed point, or (relu at σw² = 2, σb² = 0) nothing but fixed points: slopes are those of a large signal. */
function unbounded(moments: Moments, weightVariance: number): Response {
  const far = 1e12;
  const straight = goesStraight(moments, far);
  const slope = weightVariance * (straight ? moments.shape.farGain : moments.slope(far));
  const chi1 = weightVariance * (straight ? moments.shape.farGain : moments.gradient(far));
  return {
    qMapSlope: slope,
    chiWeightVariance: Number.NaN,
    chiWeightDeviation: Number.NaN,
    chiBiasVariance: Number.NaN,
    chi1,
    cStar: Number.NaN,
    xiQ: depthScale(1 - slope),
    xiC: depthScale(1 - chi1),
  };
}
