import { ParameterError } from '../error.ts';
import { weightedBasis } from '../numeric/weighted-basis.ts';

/**
 * How an exponent approaches its value at infinite width: `line`, y∞ + b/N, or `root`, y∞ + a/√N + b/N. Where a fit's durations begin at the
 * same D for all widths, what it finds depends on D/N, and ln s spreads by √(D/2N) over D layers: corrections then go in powers of 1/√N.
 */
export type Approach = 'line' | 'root';

/** An exponent extrapolated to infinite width. */
export interface Extrapolation {
  /** The exponent at 1/N → 0. */
  readonly limit: number;
  /** From the errors of the exponents. */
  readonly standardError: number;
  /** The error above times √(χ²/ν) where that exceeds 1: allows for what the form leaves out. */
  readonly scaledError: number;
  /** Coefficient b of 1/N. */
  readonly slope: number;
  readonly slopeError: number;
  /** Coefficient a of 1/√N; NaN for a line, as is its error. */
  readonly root: number;
  readonly rootError: number;
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
}

const least: Readonly<Record<Approach, number>> = { line: 2, root: 4 };

/**
 * Exponent(N) carried to infinite width by least squares weighted by the errors, against 1/N or in powers of 1/√N. χ² says whether a form
 * can be right: compare both.
 * @throws ParameterError where too few different widths have a finite exponent with a positive error: 2 for a line, 4 with the root, which
 * three would always fit
 */
export function extrapolateWidth(
  width: ArrayLike<number>,
  exponent: ArrayLike<number>,
  standardError: ArrayLike<number>,
  approach: Approach = 'line',
): Extrapolation {
  const inverse = Float64Array.from({ length: width.length }, (_, i) => 1 / width[i]!);
  const weight = Float64Array.from(inverse, (_, i) => {
    const variance = standardError[i]! ** 2;
    return variance > 0 && Number.isFinite(exponent[i]! / variance) ? 1 / variance : 0;
  });
  const usable = new Set(inverse.filter((_, i) => weight[i]! > 0)).size;
  const columns = [inverse.map(() => 1), inverse, ...(approach === 'root' ? [inverse.map(Math.sqrt)] : [])];
  const fit = usable < least[approach] ? undefined : weightedBasis(columns, exponent, weight);
  if (fit === undefined) {
    const form = approach === 'line' ? '1/N' : 'powers of 1/√N';
    throw new ParameterError(
      `an extrapolation in ${form} needs at least ${least[approach]} widths with errors, got ${usable}`,
    );
  }
  const { coefficients, errors, chiSquare, degreesOfFreedom } = fit;
  const excess = degreesOfFreedom > 0 ? Math.sqrt(Math.max(1, chiSquare / degreesOfFreedom)) : 1;
  return {
    limit: coefficients[0]!,
    standardError: errors[0]!,
    scaledError: errors[0]! * excess,
    slope: coefficients[1]!,
    slopeError: errors[1]!,
    root: coefficients[2] ?? Number.NaN,
    rootError: errors[2] ?? Number.NaN,
    chiSquare,
    degreesOfFreedom,
  };
}
