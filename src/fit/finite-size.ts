import { ParameterError } from '../error.ts';
import { type WeightedLine, weightedLine } from '../numeric/weighted-line.ts';

export interface Extrapolation {
  /** The exponent at 1/N → 0. */
  readonly limit: number;
  /** From the errors of the exponents. */
  readonly standardError: number;
  /** The error above times √(χ²/ν) where that exceeds 1: allows for curvature in 1/N. */
  readonly scaledError: number;
  /** The line against 1/N: slope, χ² and degrees of freedom. */
  readonly line: WeightedLine;
}

/**
 * Exponent(N) against 1/N, a line weighted by the errors, carried to infinite width.
 * @throws ParameterError where fewer than 2 different widths have a finite exponent with a positive error
 */
export function extrapolateWidth(
  width: ArrayLike<number>,
  exponent: ArrayLike<number>,
  standardError: ArrayLike<number>,
): Extrapolation {
  const inverse = Float64Array.from({ length: width.length }, (_, i) => 1 / width[i]!);
  const weight = Float64Array.from(inverse, (_, i) => {
    const variance = standardError[i]! ** 2;
    return variance > 0 && Number.isFinite(exponent[i]! / variance) ? 1 / variance : 0;
  });
  const line = weightedLine(inverse, exponent, weight);
  if (!Number.isFinite(line.slope)) {
    const usable = new Set(inverse.filter((_, i) => weight[i]! > 0)).size;
    throw new ParameterError(`an extrapolation in 1/N needs at least 2 widths with errors, got ${usable}`);
  }
  const excess = line.degreesOfFreedom > 0 ? Math.sqrt(Math.max(1, line.chiSquare / line.degreesOfFreedom)) : 1;
  return {
    limit: line.intercept,
    standardError: line.interceptError,
    scaledError: line.interceptError * excess,
    line,
  };
}
