/**
 * Solves Ax = b for a symmetric positive definite A (rows) by Cholesky factors.
 * @returns undefined where A isn't positive definite to rounding
 */
export function solvePositive(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined {
  const n = right.length;
  const factor: number[][] = [];
  for (let i = 0; i < n; i++) {
    const row: number[] = [];
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * (j === i ? row[k]! : factor[j]![k]!);
      if (j < i) {
        row.push(sum / factor[j]![j]!);
      } else {
        if (!(sum > 1e-14 * matrix[i]![i]!)) return undefined;
        row.push(Math.sqrt(sum));
      }
    }
    factor.push(row);
  }
  const x = [...right];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= factor[i]![k]! * x[k]!;
    x[i]! /= factor[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= factor[k]![i]! * x[k]!;
    x[i]! /= factor[i]![i]!;
  }
  return x;
}
