import { ParameterError } from '../error.ts';
import { chiSquareSurvival } from '../numeric/log-probability.ts';
import { solvePositive } from '../numeric/positive-solve.ts';
import { type UniversalityClass, universalityClasses } from '../theory/universality.ts';

/**
 * Systematic error of an exponent, from fit window and finite size, where none is stated: by about so much exponents of networks of 1000
 * neurons differ from their limits.
 */
export const systematicError = 0.05;

const EXPONENTS = ['tau', 'alpha', 'gamma'] as const;

/** The three exponents that classes are compared by. */
export type ExponentValues = Readonly<Record<(typeof EXPONENTS)[number], number>>;

/** How far measured exponents are from those of a universality class. */
export interface ClassDistance {
  readonly class: UniversalityClass;
  /** All three exponents of the class are known. Others are listed, never compared: one number that fits is no evidence. */
  readonly comparable: boolean;
  /** δᵀC⁻¹δ over the three exponents, δ = measured − class; NaN where the class isn't comparable, as are the next two. */
  readonly chiSquare: number;
  /** Probability of a distance at least so large if the class were the true one. */
  readonly pValue: number;
  /** Largest |δ|. */
  readonly largestDifference: number;
  /** The systematic error of each exponent that was allowed for. */
  readonly systematic: number;
  /** Other comparable classes that differ from it by at most the tolerance in every exponent. */
  readonly ties: readonly string[];
}

/** How classes are compared. */
export interface UniversalityOptions {
  /**
   * Systematic error of each measured exponent, independent of each other, added to the covariance: what windows and finite size leave, and
   * the statistical errors don't include. Default {@link systematicError}. A function gives it class by class.
   */
  readonly systematic?: number | ((one: UniversalityClass) => number);
  /** Classes closer than this in every exponent count as tied; default 0.03. */
  readonly tolerance?: number;
  readonly classes?: readonly UniversalityClass[];
}

/**
 * The joint distance of measured exponents to every class: classes known by all three exponents by rising χ², then the others. A list to be
 * read, with its ties, not a winner. The classes' own digits count as exact; a covariance from B blocks makes χ² too large by about
 * (B − 1)/(B − 3) (Hotelling's T²).
 * @param covariance of (τ, α, γ), 3 × 3, statistical
 * @throws ParameterError where an error isn't known (NaN), or the covariance with its systematic part isn't positive definite
 */
export function compareUniversality(
  measured: ExponentValues,
  covariance: readonly (readonly number[])[],
  options: UniversalityOptions = {},
): ClassDistance[] {
  const { systematic = systematicError, tolerance = 0.03, classes = universalityClasses } = options;
  if (covariance.some((row) => row.some(Number.isNaN)))
    throw new ParameterError('errors of tau, alpha and gamma are not all known');
  const distances = classes.map((candidate): ClassDistance => {
    const own = typeof systematic === 'number' ? systematic : systematic(candidate);
    if (!(own >= 0 && own < Infinity))
      throw new ParameterError(`systematic must be a number of at least 0, got ${own}`);
    const total = covariance.map((row, i) => row.map((value, j) => value + (i === j ? own ** 2 : 0)));
    const comparable = isComparable(candidate);
    const delta = EXPONENTS.map((name) => measured[name] - (candidate[name] ?? Number.NaN));
    const none = { class: candidate, comparable, systematic: own, ties: [] };
    if (!comparable) return { ...none, chiSquare: Number.NaN, pValue: Number.NaN, largestDifference: Number.NaN };
    const solved = solvePositive(total, delta);
    if (solved === undefined || solved.some(Number.isNaN)) {
      throw new ParameterError('the covariance of (tau, alpha, gamma) must be positive definite, got one that is not');
    }
    const chiSquare = delta.reduce((sum, d, i) => sum + d * solved[i]!, 0);
    return {
      ...none,
      chiSquare,
      pValue: chiSquareSurvival(chiSquare, 3),
      largestDifference: Math.max(...delta.map(Math.abs)),
      ties: classes.filter((other) => other !== candidate && tied(candidate, other, tolerance)).map(({ id }) => id),
    };
  });
  const rank = ({ comparable, chiSquare }: ClassDistance): number => (comparable ? chiSquare : Infinity);
  return distances.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

const isComparable = (candidate: UniversalityClass): boolean => EXPONENTS.every((name) => candidate[name] !== null);

function tied(a: UniversalityClass, b: UniversalityClass, tolerance: number): boolean {
  if (!isComparable(b)) return false;
  return EXPONENTS.every((name) => Math.abs(a[name]! - b[name]!) <= tolerance + 1e-12);
}
