import { ParameterError } from '../error.ts';

/** How strengths and thresholds are held: float32 (`single`), as engines make them, or float64, as recordings come. */
export type Precision = 'single' | 'double';

/** Strengths in either precision. */
export type Strengths = Float32Array | Float64Array;

export const strengthsOf = (precision: Precision, length: number): Strengths =>
  precision === 'single' ? new Float32Array(length) : new Float64Array(length);

/**
 * A threshold θ: one strength for all layers, or one a layer with index l (entry 0 unused, length depth + 1). A layer is part of
 * an avalanche where s_l ≥ θ_l; both in float32 for the signals of engines, which compare like this. The excess s_l − θ_l is over the threshold
 * so rounded, and never negative.
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
 * A threshold rounded to float32, as detector and engines use it; as it is in double precision.
 * @param depth last layer L; Infinity where it isn't known, then the threshold must be constant
 * @throws ParameterError for a constant that is not finite, a NaN, or a wrong number of layers
 */
export function roundThreshold(threshold: Threshold, depth: number, precision: 'single'): number | Float32Array;
export function roundThreshold(threshold: Threshold, depth: number, precision: Precision): number | Strengths;
export function roundThreshold(threshold: Threshold, depth: number, precision: Precision): number | Strengths {
  if (typeof threshold === 'number') {
    if (!Number.isFinite(threshold)) throw new ParameterError(`threshold must be a finite number, got ${threshold}`);
    return precision === 'single' ? Math.fround(threshold) : threshold;
  }
  if (threshold.length !== depth + 1) {
    throw new ParameterError(
      `a threshold per layer needs depth + 1 = ${depth + 1} values (index 0 unused), got ${threshold.length}`,
    );
  }
  const layers = strengthsOf(precision, depth + 1);
  layers.set(threshold);
  const bad = layers.findIndex((value, layer) => layer > 0 && Number.isNaN(value));
  if (bad >= 0) throw new ParameterError(`the threshold of layer ${bad} must be a number, got NaN`);
  return layers;
}

/** A threshold as a loop over rows reads it: θ of each layer, or null and one constant for all of them. */
export const floorsOf = (threshold: number | Strengths): { floors: Strengths | null; constant: number } =>
  typeof threshold === 'number' ? { floors: null, constant: threshold } : { floors: threshold, constant: 0 };

/**
 * What an engine's `floor` option has to be for this threshold: a perturbation may be retired after its first layer below the
 * threshold under the first-passage rule, never under the excursion rule (null).
 * @throws ParameterError as `roundThreshold`
 */
export function floorOf(
  threshold: Threshold,
  depth: number,
  rule: Rule = 'first-passage',
): number | Float32Array | null {
  const rounded = roundThreshold(threshold, depth, 'single');
  return rule === 'excursions' ? null : rounded;
}
