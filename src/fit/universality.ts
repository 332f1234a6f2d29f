import { ParameterError } from '../error.ts';
import { chiSquareSurvival } from '../numeric/log-probability.ts';
import { solvePositive } from '../numeric/positive-solve.ts';
import { type UniversalityClass, universalityClasses } from '../theory/universality.ts';

const EXPONENTS = ['tau', 'alpha', 'gamma'] as const;
export type Exponents = Readonly<Record<(typeof EXPONENTS)[number], number>>;

export interface ClassDistance {
  readonly class: UniversalityClass;
  /** δᵀC⁻¹δ over the exponents that the class is known by, δ = measured − class; NaN where none is. */
  readonly chiSquare: number;
  /** Number of those exponents. */
  readonly degreesOfFreedom: number;
  /** Probability of a distance at least so large if the class were the true one. */
  readonly pValue: number;
  /** Other classes that differ from it by at most the tolerance in every exponent that both are known by. */
  readonly ties: readonly string[];
}

export interface UniversalityOptions {
  /** Classes closer than this in every exponent count as tied; default 0.03. */
  readonly tolerance?: number;
  readonly classes?: readonly UniversalityClass[];
}

/**
 * The joint distance of measured exponents to every class, nearest p-value first: a list to be read, not a winner.
 * Classes with fewer known exponents have fewer degrees of freedom, so compare p-values, not distances. The classes' own
 * digits count as exact; a covariance from B jackknife blocks makes χ² too large by about (B − 1)/(B − k) for k
 * exponents (Hotelling's T²).
 * @param covariance of (τ, α, γ), 3 × 3, for instance from the jackknife
 * @throws ParameterError where the covariance isn't positive definite
 */
export function compareUniversality(
  measured: Exponents,
  covariance: readonly (readonly number[])[],
  options: UniversalityOptions = {},
): ClassDistance[] {
  const { tolerance = 0.03, classes = universalityClasses } = options;
  const distances = classes.map((candidate) => {
    const known = EXPONENTS.map((_, i) => i).filter((i) => candidate[EXPONENTS[i]!] !== null);
    const delta = known.map((i) => measured[EXPONENTS[i]!] - candidate[EXPONENTS[i]!]!);
    const solved = solvePositive(
      known.map((i) => known.map((j) => covariance[i]![j]!)),
      delta,
    );
    if (solved === undefined) {
      throw new ParameterError('the covariance of (tau, alpha, gamma) must be positive definite, got one that is not');
    }
    const chiSquare = known.length === 0 ? Number.NaN : delta.reduce((sum, d, i) => sum + d * solved[i]!, 0);
    return {
      class: candidate,
      chiSquare,
      degreesOfFreedom: known.length,
      pValue: known.length === 0 ? Number.NaN : chiSquareSurvival(chiSquare, known.length),
      ties: classes.filter((other) => other !== candidate && tied(candidate, other, tolerance)).map(({ id }) => id),
    };
  });
  // Underflowed p-values are ordered by distance.
  const rank = (d: ClassDistance): number => (Number.isNaN(d.pValue) ? -1 : d.pValue);
  return distances.sort((a, b) => rank(b) - rank(a) || a.chiSquare - b.chiSquare);
}

function tied(a: UniversalityClass, b: UniversalityClass, tolerance: number): boolean {
  const both = EXPONENTS.filter((name) => a[name] !== null && b[name] !== null);
  return both.length > 0 && both.every((name) => Math.abs(a[name]! - b[name]!) <= tolerance + 1e-12);
}
