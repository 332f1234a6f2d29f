/** The law of a layer's signal strength, one perturbation at a time: `propagation/effective/layer-law.ts`, bit for bit. */
import { isConstant, meanSquare } from './mean-square';
import { chiSquared, chiSquaredFixed, normal, setDegrees, uniform } from './stream';

export let width = 0, weightVariance: f64 = 0, biasVariance: f64 = 0;
let half = 0, signed = false, inputStrength: f64 = 0, firstSigns = 0, signs = 0;
let negative: usize = 0, signThreshold: usize = 0, signAlias: usize = 0;
/** The table of both signs, or of the positive one. */
export let positive: usize = 0;

/** (1/N)Σ h² of the layer that was drawn, and (1/N)Σ φ(h)². */
export let energy: f64 = 0, activity: f64 = 0;

/** Says where the tables are, and the law of the number of signs (so many entries). */
export function placeTables(
  positive_: usize, negative_: usize, signThreshold_: usize, signAlias_: usize, signs_: i32,
): void {
  positive = positive_;
  negative = negative_;
  signThreshold = signThreshold_;
  signAlias = signAlias_;
  signs = signs_;
}

/** @param half_ neurons that the tables are of, which are of both signs where it is 0 */
export function setLaw(
  width_: i32, half_: i32, firstSigns_: i32, weightVariance_: f64, biasVariance_: f64, inputStrength_: f64,
): void {
  width = width_;
  setDegrees(width_);
  half = half_;
  signed = half_ != 0;
  firstSigns = firstSigns_;
  weightVariance = weightVariance_;
  biasVariance = biasVariance_;
  inputStrength = inputStrength_;
}

/** Whether a layer is a χ² of the fixed degrees of freedom and a normal: after tables were written. */
export function isPlain(): bool {
  return !signed && width > 1 && !isConstant(positive);
}

/** Bin(N, 1/2) by its alias table. */
function positives(at: usize): i32 {
  const place = uniform(at) * <f64>signs;
  const column = <i32>place;
  const keep = uniform(at) < load<f64>(signThreshold + (<usize>column << 3));
  return firstSigns + (keep ? column : load<i32>(signAlias + (<usize>column << 2)));
}

/** Σ φ² over `n` neurons of one sign whose squares sum to `sum`. */
function part(at: usize, table: usize, n: i32, sum: f64): f64 {
  if (n == 0) return 0;
  if (isConstant(table)) return meanSquare(table, sum, 0);
  const neurons = <f64>n;
  return neurons * meanSquare(table, sum / neurons, normal(at) * Math.sqrt(<f64>half / neurons));
}

function signedActivity(at: usize, n: i32, plus: f64, minus: f64): f64 {
  const above = part(at, positive, n, plus);
  return (above + part(at, negative, width - n, minus)) / <f64>width;
}

@inline
function sphereActivity(at: usize, y: f64): f64 {
  return meanSquare(positive, y, isConstant(positive) ? 0 : normal(at));
}

/** A layer after one with `before` = (1/N)Σ φ(h)² into energy and activity, by the stream at `at`. */
@inline
export function draw(at: usize, before: f64): void {
  const v = weightVariance * before + biasVariance;
  if (!signed) {
    energy = (v * chiSquaredFixed(at)) / <f64>width;
    activity = sphereActivity(at, energy);
    return;
  }
  const n = positives(at);
  const plus = v * chiSquared(at, n);
  const minus = v * chiSquared(at, width - n);
  energy = (plus + minus) / <f64>width;
  activity = signedActivity(at, n, plus, minus);
}

/** (1/N)Σ φ(h)² of an input that is uniform on the sphere of the input strength. */
export function drive(at: usize): f64 {
  const q = inputStrength * inputStrength;
  if (!signed) return sphereActivity(at, q);
  const n = positives(at);
  const plus = chiSquared(at, n);
  const minus = chiSquared(at, width - n);
  const scale = (q * <f64>width) / (plus + minus);
  return signedActivity(at, n, scale * plus, scale * minus);
}
