/** The straight line y = intercept + slope·x of weighted least squares, weights 1/variance. */
export interface WeightedLine {
  readonly slope: number;
  readonly intercept: number;
  /** From the weights, taken as 1/variance. */
  readonly slopeError: number;
  readonly interceptError: number;
  /** Covariance of slope and intercept. */
  readonly covariance: number;
  /** Σ weight·residual². */
  readonly chiSquare: number;
  /** Points − 2. */
  readonly degreesOfFreedom: number;
  /** Weighted share of the variance of y that the line explains; NaN where y doesn't vary. */
  readonly rSquared: number;
}

/**
 * Weighted least squares about the weighted means, so that nothing cancels.
 * @returns NaN throughout where fewer than two different x have a positive weight
 */
export function weightedLine(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weight: ArrayLike<number> = new Float64Array(x.length).fill(1),
): WeightedLine {
  let total = 0;
  let meanX = 0;
  let meanY = 0;
  let points = 0;
  for (let i = 0; i < x.length; i++) {
    const w = weight[i]!;
    if (!(w > 0)) continue;
    points++;
    total += w;
    meanX += (w / total) * (x[i]! - meanX);
    meanY += (w / total) * (y[i]! - meanY);
  }
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let i = 0; i < x.length; i++) {
    const w = weight[i]!;
    if (!(w > 0)) continue;
    const dx = x[i]! - meanX;
    const dy = y[i]! - meanY;
    sxx += w * dx * dx;
    sxy += w * dx * dy;
    syy += w * dy * dy;
  }
  const slope = sxx > 0 ? sxy / sxx : Number.NaN;
  const intercept = meanY - slope * meanX;
  let chiSquare = 0;
  for (let i = 0; i < x.length; i++) {
    if (weight[i]! > 0) chiSquare += weight[i]! * (y[i]! - meanY - slope * (x[i]! - meanX)) ** 2;
  }
  return {
    slope,
    intercept,
    slopeError: 1 / Math.sqrt(sxx),
    interceptError: Math.sqrt(1 / total + (meanX * meanX) / sxx),
    covariance: -meanX / sxx,
    chiSquare: sxx > 0 ? chiSquare : Number.NaN,
    degreesOfFreedom: points - 2,
    rSquared: syy > 0 ? 1 - chiSquare / syy : Number.NaN,
  };
}
