import { ParameterError } from '../error.ts';

/**
 * A threshold θ: one strength for all layers, or one a layer with index l (entry 0 unused, length depth + 1). A layer is part of
 * an avalanche where s_l ≥ θ_l, both in float32, which is how the engines compare.
 */
export type Threshold = number | ArrayLike<number>;

/** How a trace is cut into avalanches; see `createDetector`. */
export type Rule = 'first-passage' | 'excursions';

/**
 * A threshold relative to the drive: `factor` times the signal strength s0 at layer 0. Factor 1 is the rule of arXiv:2509.22649,
 * Methods.
 * @throws ParameterError for a factor that is not positive and finite
 */
export function relativeToDrive(ensemble: { readonly inputStrength: number }, factor = 1): number {
  if (!(factor > 0 && factor < Infinity)) {
    throw new ParameterError(`the threshold's factor must be a positive finite number, got ${factor}`);
  }
  return factor * ensemble.inputStrength;
}

/**
 * A threshold rounded to float32, as detector and engines use it.
 * @param depth last layer L; Infinity where it isn't known, then the threshold must be constant
 * @throws ParameterError for a constant that is not finite, a NaN, or a wrong number of layers
 */
export function roundThreshold(threshold: Threshold, depth: number): number | Float32Array {
  if (typeof threshold === 'number') {
    if (!Number.isFinite(threshold)) throw new ParameterError(`threshold must be a finite number, got ${threshold}`);
    return Math.fround(threshold);
  }
  if (threshold.length !== depth + 1) {
    throw new ParameterError(
      `a threshold per layer needs depth + 1 = ${depth + 1} values (index 0 unused), got ${threshold.length}`,
    );
  }
  const layers = Float32Array.from(threshold);
  const bad = layers.findIndex((value, layer) => layer > 0 && Number.isNaN(value));
  if (bad >= 0) throw new ParameterError(`the threshold of layer ${bad} must be a number, got NaN`);
  return layers;
}

/**
 * What an engine's `floor` option has to be for this threshold: a perturbation may be retired after its first layer below the
 * threshold under the first-passage rule, never under the excursion rule (null).
 * @throws ParameterError as {@link roundThreshold}
 */
export function floorOf(
  threshold: Threshold,
  depth: number,
  rule: Rule = 'first-passage',
): number | Float32Array | null {
  const rounded = roundThreshold(threshold, depth);
  return rule === 'excursions' ? null : rounded;
}
