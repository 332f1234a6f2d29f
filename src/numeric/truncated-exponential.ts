/** ln of the normaliser ∫₀ᵂ e^{−As} ds, and mean and variance of s under the density ∝ e^{−As} on [0, W]. */
export interface TruncatedExponential {
  readonly logNormaliser: number;
  readonly mean: number;
  readonly variance: number;
}

/**
 * The exponential law with rate A (any sign) on [0, W]; W = Infinity needs A > 0. In s = ln(x/xmin) this is the power
 * law with exponent 1 + A and cutoff xmin·eᵂ. With t = AW the mean is W(1/t − 1/(eᵗ − 1)); near t = 0 the Bernoulli
 * series takes over, so there is no cancellation at the log-uniform law A = 0.
 */
export function truncatedExponential(rate: number, width: number): TruncatedExponential {
  if (width === Infinity) return { logNormaliser: -Math.log(rate), mean: 1 / rate, variance: 1 / (rate * rate) };
  const t = rate * width;
  return {
    logNormaliser: Math.log(width) + logMeanExponential(t),
    mean: width * relativeMean(t),
    variance: width * width * relativeVariance(t),
  };
}

/** ln((1 − e^{−t})/t). */
function logMeanExponential(t: number): number {
  if (t === 0) return 0;
  const size = Math.abs(t);
  return Math.log(-Math.expm1(-size) / size) + (t < 0 ? size : 0);
}

function relativeMean(t: number): number {
  if (t < 0) return 1 - relativeMean(-t);
  if (t > 0.5) return 1 / t - 1 / Math.expm1(t);
  const u = t * t;
  return (
    0.5 -
    t * (1 / 12 - u * (1 / 720 - u * (1 / 30240 - u * (1 / 1209600 - u * (1 / 47900160 - (u * 691) / 1307674368000)))))
  );
}

function relativeVariance(t: number): number {
  const size = Math.abs(t);
  if (size > 0.5) {
    const half = 2 * Math.sinh(size / 2);
    return 1 / (size * size) - 1 / (half * half);
  }
  const u = t * t;
  return 1 / 12 - u * (1 / 240 - u * (1 / 6048 - u * (1 / 172800 - u * (1 / 5322240 - (u * 691) / 118879488000))));
}

/**
 * The rate A at which the mean on [0, W] is the given one: the maximum-likelihood exponent of a (bounded) power law is 1
 * + A.
 * @param mean strictly between 0 and W
 */
export function rateOfMean(mean: number, width: number): number {
  if (width === Infinity) return 1 / mean;
  const share = mean / width;
  if (share > 0.5) return -rateOfMean(width - mean, width);
  // The relative mean is below 1/t and below 1/2: both inverses bound t, and Newton is safe between 0 and 1/share.
  let low = 0;
  let high = 1 / share;
  // From far below, Newton's steps no more than double t.
  let t = share < 1e-25 ? high : Math.min(high, 12 * (0.5 - share) * (1 + (0.5 - share) * (0.5 - share) * 4));
  for (let round = 0; round < 100; round++) {
    const gap = relativeMean(t) - share;
    if (gap > 0) low = t;
    else high = t;
    let next = t + gap / relativeVariance(t);
    if (!(next >= low && next <= high)) next = (low + high) / 2;
    const step = Math.abs(next - t);
    t = next;
    if (step <= 1e-15 * Math.max(t, 1e-3)) break;
  }
  return t / width;
}
