import { findRoot } from '../../numeric/find-root.ts';
import { power } from '../../numeric/power.ts';
import type { ActivationFunction } from './activation-function.ts';
import { fixedPoint } from './fixed-point.ts';
import { type Moments, momentsOf } from './moments.ts';
import { checkVariance } from './point.ts';

/** Curves of the phase diagram. */
export type CurveName = 'edge-of-chaos' | 'widom-weight-variance' | 'widom-weight-deviation';

/** Where a curve of the phase diagram crosses a line of constant σb². */
export interface CurvePoint {
  readonly curve: CurveName;
  readonly activation: string;
  readonly biasVariance: number;
  readonly weightVariance: number;
  /** q* there. */
  readonly qStar: number;
  /** χ₁ = 1 on the edge of chaos, the susceptibility's maximum on a Widom-like line. */
  readonly value: number;
}

/** Energies looked at, from where signals are hardly more than their bias to where every saturating φ is a step. */
function* ladder(first: number, last: number, ratio: number): Generator<number> {
  for (let q = first; q < last; q *= ratio) yield q;
}

/**
 * The edge of chaos at a given σb²: χ₁ = 1. Along it σw² = 1/∫Dz φ'² and σb² = q (∫Dz φ'² − V/q)/∫Dz φ'² are functions of q*,
 * so that one root is left to find.
 * @returns undefined where there is none
 * @throws ParameterError for a variance that is negative or not finite
 */
export function edgeOfChaos(activation: ActivationFunction, biasVariance: number): CurvePoint | undefined {
  checkVariance('bias-variance', biasVariance);
  const moments = momentsOf(activation);
  const { shape } = moments;
  const point = (weightVariance: number, qStar: number): CurvePoint => ({
    curve: 'edge-of-chaos',
    activation: activation.name,
    biasVariance,
    weightVariance,
    qStar,
    value: 1,
  });
  if (shape.slopes !== undefined) {
    return shape.gain > 0 ? point(1 / shape.gain, biasVariance > 0 ? Infinity : Number.NaN) : undefined;
  }
  if (shape.silent && biasVariance === 0) {
    const critical = shape.gain > 0 && fixedPoint(moments, 1 / shape.gain, 0) === 0;
    return critical ? point(1 / shape.gain, 0) : undefined;
  }
  const excess = (q: number): number => (q * moments.spread(q)) / moments.gradient(q) - biasVariance;
  let low = biasVariance > 0 ? biasVariance : 1e-6;
  const bias = Math.max(1, biasVariance);
  const highest = 1e4 * bias * (moments.saturating ? 1 : bias);
  for (const high of ladder(2 * low, highest, 2)) {
    // φ that overflows there, as ln(1 + exp x) written so does.
    if (Number.isNaN(excess(high))) return undefined;
    if (excess(low) < 0 !== excess(high) < 0) {
      const q = findRoot(excess, low, high);
      const weightVariance = 1 / moments.gradient(q);
      if (isReached(moments, weightVariance, biasVariance, q)) return point(weightVariance, q);
    }
    low = high;
  }
  return undefined;
}

/** True where q is the fixed point that a small signal grows to. */
function isReached(moments: Moments, weightVariance: number, biasVariance: number, q: number): boolean {
  return moments.saturating || Math.abs(fixedPoint(moments, weightVariance, biasVariance) / q - 1) < 1e-6;
}

/**
 * The Widom-like line at a given σb²: the σw² at which the weight susceptibility is largest (arXiv:2509.22649).
 * At fixed σb², σw² = (q − σb²)/V(q) is a function of q*, so that the maximum is a root of d ln χ/d ln q, known in closed form
 * from V, V' and V''.
 * @param derivative which susceptibility: ∂s/∂σw² or ∂s/∂σw
 * @returns the highest interior maximum; undefined where the susceptibility has none
 * @throws ParameterError for a variance that is negative or not finite
 */
export function widomLine(
  activation: ActivationFunction,
  biasVariance: number,
  derivative: 'weight-variance' | 'weight-deviation' = 'weight-variance',
): CurvePoint | undefined {
  checkVariance('bias-variance', biasVariance);
  const moments = momentsOf(activation);
  const { shape } = moments;
  if (shape.slopes !== undefined) return undefined;
  const named = { curve: `widom-${derivative}` as CurveName, activation: activation.name, biasVariance };
  if (shape.silent && biasVariance === 0) {
    const weightVariance = 1 / shape.gain;
    const critical = shape.gain > 0 && fixedPoint(moments, weightVariance, 0) === 0;
    return critical ? { ...named, weightVariance, qStar: 0, value: Infinity } : undefined;
  }
  const deviation = derivative === 'weight-deviation';
  const weight = (q: number): number => (q - biasVariance) / moments.second(q);
  const slack = (q: number): number => weight(q) * moments.bend(q) + biasVariance / q;

  /** d ln χ/d ln q along the line of constant σb²; NaN where the fixed point is unstable. */
  function slope(q: number): number {
    const short = slack(q);
    if (!(short > 0)) return Number.NaN;
    const gain = moments.second(q) / q;
    const amplitude = 2 - (2 * moments.bend(q)) / gain + (q * weight(q) * moments.curvature(q)) / short - 0.5;
    return deviation ? amplitude + (q * short) / (2 * (q - biasVariance)) : amplitude;
  }
  const height = (q: number): number =>
    (moments.second(q) / (2 * Math.sqrt(q) * slack(q))) * (deviation ? 2 * Math.sqrt(weight(q)) : 1);

  let best: CurvePoint | undefined;
  let low = Number.NaN;
  let atLow = Number.NaN;
  for (const above of ladder(biasVariance > 0 ? 1e-3 * biasVariance : 1e-8, moments.saturating ? 1e8 : 1e4, 1.3)) {
    const high = biasVariance + above;
    const atHigh = slope(high);
    if (atLow > 0 && atHigh <= 0) {
      const q = findRoot(slope, low, high);
      const point = { ...named, weightVariance: weight(q), qStar: q, value: height(q) };
      const higher = best === undefined || point.value > best.value;
      if (higher && isReached(moments, point.weightVariance, biasVariance, q)) best = point;
    }
    low = high;
    atLow = atHigh;
  }
  return best;
}

/** Every curve at every σb², as far as it exists, curve by curve. */
export function phaseCurves(activation: ActivationFunction, biasVariances: readonly number[]): CurvePoint[] {
  const curves = [
    (bias: number) => edgeOfChaos(activation, bias),
    (bias: number) => widomLine(activation, bias, 'weight-variance'),
    (bias: number) => widomLine(activation, bias, 'weight-deviation'),
  ];
  return curves.flatMap((curve) => biasVariances.map(curve).filter((point) => point !== undefined));
}

/** Bias variances at which curves are smooth when drawn: even steps, and ever smaller ones towards 0, where the curves are flat in σb². */
export function curveBiasVariances(from: number, to: number): number[] {
  const even = Array.from({ length: 101 }, (_, i) => from + ((to - from) * i) / 100);
  const ladder = Array.from({ length: 60 }, (_, i) => to * power(10, -i / 10));
  return [...new Set([...even, ...ladder])].filter((value) => value >= from).sort((a, b) => a - b);
}
