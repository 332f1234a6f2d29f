import type { ActivationFunction } from './activation-function.ts';
import type { CurvePoint } from './curves.ts';
import { type MeanFieldPoint, meanFieldPoint } from './point.ts';

/** The mean-field quantities on the grid of all pairs, one row of constant σb² after the other. */
export function meanFieldSweep(
  activation: ActivationFunction,
  weightVariances: readonly number[],
  biasVariances: readonly number[],
): MeanFieldPoint[] {
  return biasVariances.flatMap((bias) => weightVariances.map((weight) => meanFieldPoint(activation, weight, bias)));
}

/** A point as a row of the `meanfield` table. */
export function meanFieldRow(point: MeanFieldPoint) {
  return {
    activation: point.activation,
    weight_variance: point.weightVariance,
    bias_variance: point.biasVariance,
    q_star: point.qStar,
    q_escape: point.qEscape,
    s_star: point.sStar,
    q_map_slope: point.qMapSlope,
    chi_weight_variance: point.chiWeightVariance,
    chi_weight_deviation: point.chiWeightDeviation,
    chi_bias_variance: point.chiBiasVariance,
    chi_1: point.chi1,
    c_star: point.cStar,
    xi_q: point.xiQ,
    xi_c: point.xiC,
  };
}

/** A point of a curve as a row of the `phase_curve` table. */
export function phaseCurveRow(point: CurvePoint) {
  return {
    activation: point.activation,
    curve: point.curve,
    bias_variance: point.biasVariance,
    weight_variance: point.weightVariance,
    q_star: point.qStar,
    s_star: Math.sqrt(point.qStar),
    value: point.value,
  };
}
