import { logConcaveIntegral } from './log-concave-integral.ts';
import { power } from './power.ts';
import { truncatedExponential } from './truncated-exponential.ts';
import { logPowerSum } from './zeta.ts';

/**
 * ln ∫ x^{−a} e^{−λx} dx from `from` to `to`: in closed form λ^{a−1}[Γ(1 − a, λ·from) − Γ(1 − a, λ·to)], for any real a,
 * also where the first argument of Γ is negative. Integrated on the logarithmic axis, where the integrand is
 * log-concave.
 * @param lambda ≥ 0; 0 with to = Infinity needs a > 1
 */
export function logPowerIntegral(a: number, lambda: number, from: number, to = Infinity): number {
  const z = lambda * from;
  const width = Math.log(to / from);
  const rate = a - 1;
  const f = {
    h: (u: number) => -rate * u - z * Math.expm1(u),
    slope: (u: number) => -rate - z * Math.exp(u),
    curvature: (u: number) => -z * Math.exp(u),
    scale: 1,
  };
  return logConcaveIntegral(f, 0, width) + (1 - a) * Math.log(from) - z;
}

/** B₂ⱼ/(2j)! for j = 1 … 6. */
const BERNOULLI = [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000];

/** Terms that are added one by one at most, up to the largest. */
const mostTerms = 1e5;

/**
 * ln Σ k^{−a} e^{−λk} over the integers from … to, for any real a: direct terms, then Euler–Maclaurin around
 * {@link logPowerIntegral}. λ = 0 is {@link logPowerSum}.
 */
export function logTemperedSum(a: number, lambda: number, from: number, to = Infinity): number {
  if (lambda === 0) return logPowerSum(a, from, to);
  // Among numbers that have no neighbours in doubles each term is the same share of the one before it.
  if (from > 2 ** 52) {
    const [count, one] = [to - from + 1, 1].map(
      (width) => truncatedExponential(lambda + a / from, width).logNormaliser,
    );
    return -a * Math.log(from) - lambda * from + count! - one!;
  }
  const peak = Math.max(from, Math.min(to, -a / lambda));
  const top = -a * Math.log(peak) - lambda * peak;
  if (peak - from > mostTerms) {
    const first = risenFrom(a, lambda, from, peak);
    if (first > from || lambda > 0.5) return logWidePeak(a, lambda, first, to);
  }
  // A steep exponential ends the sum before Euler–Maclaurin is worth its while.
  const smooth = lambda > 0.5 ? Infinity : Math.max(from, Math.ceil(20 + Math.abs(a)));
  const start = Math.min(smooth, to);
  let sum = 0;
  for (let k = from; k < start; k++) {
    const term = Math.exp(-a * Math.log(k) - lambda * k - top);
    sum += term;
    if (k > peak && term < 1e-18 * sum) return top + Math.log(sum);
  }
  const atStart = Math.exp(-a * Math.log(start) - lambda * start - top);
  if (start === to) return top + Math.log(sum + atStart);
  sum += Math.exp(logPowerIntegral(a, lambda, start, to) - top);
  sum += atStart * (0.5 + edgeTerms(a, lambda, start));
  if (to !== Infinity) sum += Math.exp(-a * Math.log(to) - lambda * to - top) * (0.5 - edgeTerms(a, lambda, to));
  return top + Math.log(sum);
}

/** The first integer from which on terms are more than e^−800 of the one at `peak`, up to which they grow. */
function risenFrom(a: number, lambda: number, from: number, peak: number): number {
  let [low, high] = [from, Math.floor(peak)];
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (-a * Math.log(middle / peak) - lambda * (middle - peak) > -800) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The sum where its terms change by little from each to the next, wherever they count. */
function logWidePeak(a: number, lambda: number, from: number, to: number): number {
  const whole = logPowerIntegral(a, lambda, from, to);
  const edge = (x: number, side: 1 | -1): number => {
    if (x === Infinity) return 0;
    const slope = side * (-a / x - lambda);
    return Math.exp(-a * Math.log(x) - lambda * x - whole) * (0.5 + slope / 12 - (slope * slope * slope) / 720);
  };
  return whole + Math.log1p(edge(from, -1) + edge(to, 1));
}

/** Σⱼ B₂ⱼ/(2j)! |f^{(2j−1)}(x)|/f(x) for f = x^{−a} e^{−λx}, the derivatives by Leibniz' rule. */
function edgeTerms(a: number, lambda: number, x: number): number {
  let sum = 0;
  for (let j = 1; j <= BERNOULLI.length; j++) {
    const order = 2 * j - 1;
    let derivative = 0;
    let coefficient = 1;
    for (let r = 0; r <= order; r++) {
      derivative += coefficient * power(lambda, order - r);
      coefficient *= ((order - r) * (a + r)) / ((r + 1) * x);
    }
    sum += BERNOULLI[j - 1]! * derivative;
  }
  return sum;
}
