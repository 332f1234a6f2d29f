import { ParameterError } from '../error.ts';
import type { Threshold } from './parameters.ts';
import type { Piece } from './pieces.ts';

export const missingThreshold = (whose: string): ParameterError =>
  new ParameterError(
    `threshold ${whose === '' ? '' : `${whose} `}must be given: a number, median, mean, quantile:q, or standard deviations as in -3sd${whose === '' ? '' : ' (channels of whole numbers from 0 on may count events without one)'}`,
  );

/** Values that are finite. */
function finiteValues(pieces: readonly Piece[]): Float64Array {
  const values = new Float64Array(pieces.reduce((sum, { signal }) => sum + signal.length, 0));
  let n = 0;
  for (const { signal } of pieces) for (const x of signal) if (x - x === 0) values[n++] = x;
  return values.subarray(0, n);
}

/** The share q of values below it, linear between neighbours. */
function quantile(values: Float64Array, q: number): number {
  const sorted = values.sort();
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const [a, b] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!];
  return a + (at - low) * (b - a);
}

/** Mean and standard deviation, of values of any magnitude: in parts of the largest. */
function moments(values: Float64Array): { mean: number; deviation: number } {
  let largest = 0;
  for (const x of values) largest = Math.max(largest, Math.abs(x));
  if (largest === 0) return { mean: 0, deviation: 0 };
  let mean = 0;
  for (const x of values) mean += x / largest / values.length;
  let squares = 0;
  for (const x of values) squares += (x / largest - mean) ** 2;
  return { mean: mean * largest, deviation: Math.sqrt(squares / values.length) * largest };
}

/**
 * A threshold as a number: given, or found in a trace.
 * @throws ParameterError where the trace has no value to find it in
 */
export function thresholdIn(pieces: readonly Piece[], asked: Threshold): number {
  if (typeof asked === 'number') return asked;
  const values = finiteValues(pieces);
  if (values.length === 0) throw new ParameterError("threshold can't be found: the trace has no finite value");
  if (asked === 'mean') return moments(values).mean;
  if (asked === 'median') return quantile(values, 0.5);
  if ('quantile' in asked) return quantile(values, asked.quantile);
  const { mean, deviation } = moments(values);
  if (!(deviation > 0))
    throw new ParameterError(`threshold ${asked.sd}sd needs a trace that varies, got ${mean} alone`);
  return mean + asked.sd * deviation;
}
