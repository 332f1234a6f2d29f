import { solvePositive } from './positive-solve.ts';

/** Coefficients of y = Σ_k c_k·f_k of weighted least squares, weights 1/variance. */
export interface WeightedBasis {
  readonly coefficients: readonly number[];
  /** From the weights, taken as 1/variance. */
  readonly errors: readonly number[];
  /** Σ weight·residual². */
  readonly chiSquare: number;
  /** Points − coefficients. */
  readonly degreesOfFreedom: number;
}

/**
 * Weighted least squares in a few functions, by normal equations in columns of unit norm.
 * @param columns f_k at the points, one array a function
 * @returns undefined where the points of positive weight don't determine the coefficients
 */
export function weightedBasis(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  weight: ArrayLike<number>,
): WeightedBasis | undefined {
  const used = Array.from({ length: y.length }, (_, i) => i).filter((i) => weight[i]! > 0);
  if (used.length < columns.length) return undefined;
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    used.reduce((sum, i) => sum + weight[i]! * a[i]! * b[i]!, 0);
  const norms = columns.map((column) => Math.sqrt(dot(column, column)));
  const matrix = columns.map((a, j) => columns.map((b, k) => dot(a, b) / (norms[j]! * norms[k]!)));
  const solution = solvePositive(
    matrix,
    columns.map((column, k) => dot(column, y) / norms[k]!),
  );
  if (solution === undefined || !solution.every(Number.isFinite)) return undefined;
  const coefficients = solution.map((value, k) => value / norms[k]!);
  const errors = columns.map((_, k) => {
    const unit = columns.map((__, j) => (j === k ? 1 : 0));
    return Math.sqrt(solvePositive(matrix, unit)![k]!) / norms[k]!;
  });
  const residual = (i: number): number => y[i]! - columns.reduce((sum, f, k) => sum + coefficients[k]! * f[i]!, 0);
  return {
    coefficients,
    errors,
    chiSquare: used.reduce((sum, i) => sum + weight[i]! * residual(i) ** 2, 0),
    degreesOfFreedom: used.length - columns.length,
  };
}
