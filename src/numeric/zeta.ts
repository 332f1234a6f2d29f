import { truncatedExponential } from './truncated-exponential.ts';

/** B₂ⱼ/(2j)! for j = 1 … 8. */
const BERNOULLI = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
];

/**
 * ln Σ k^{−a} over k = from … to, and mean and variance of ln k under weights k^{−a} (the log-sum's first two
 * derivatives).
 */
export interface PowerSum {
  readonly log: number;
  /** Mean of ln(k/from): `meanLog` − ln from, without the cancellation far out. */
  readonly meanExcess: number;
  readonly meanLog: number;
  readonly varianceLog: number;
}

/** From here on the Euler–Maclaurin remainder after eight terms is below double precision. */
function smoothFrom(a: number, from: number, to: number): number {
  return Math.min(Math.max(from, Math.ceil(14 + Math.abs(a))), to);
}

/** Where a rising sum has its first term that isn't lost in the last one's rounding. */
function firstOf(a: number, from: number, to: number): number {
  return a < 0 && to < Infinity ? Math.max(from, Math.floor(to * Math.exp(50 / a))) : from;
}

/** ln(k/scale), with its digits also where the two are large neighbours. */
const logRatio = (k: number, scale: number): number => Math.log1p((k - scale) / scale);

/**
 * ln Σ_{k=from}^{to} k^{−a}: for to = Infinity the Hurwitz zeta function ln ζ(a, from), for finite `to` the difference
 * ζ(a, from) − ζ(a, to + 1) without cancellation and for any real a. Direct terms, then Euler–Maclaurin (DLMF 25.11.5,
 * 2.10.1).
 * @param from integer ≥ 1
 * @param to integer ≥ from, or Infinity, which needs a > 1
 */
export function logPowerSum(a: number, from: number, to = Infinity): number {
  const scale = a >= 0 || to === Infinity ? from : to;
  const first = firstOf(a, from, to);
  const start = smoothFrom(a, first, to);
  let sum = 0;
  for (let k = first; k < start; k++) {
    const term = Math.exp(-a * logRatio(k, scale));
    sum += term;
    if (a > 0 && term < 1e-20 * sum) return Math.log(sum) - a * Math.log(scale);
  }
  const atStart = Math.exp(-a * logRatio(start, scale));
  if (start === to) return Math.log(sum + atStart) - a * Math.log(scale);
  const width = to === Infinity ? Infinity : logRatio(to, start);
  const rate = a - 1;
  // Over huge ranges with a < 1 the log keeps the integral finite where its parts would not be.
  sum +=
    width === Infinity
      ? (start * atStart) / rate
      : Math.exp(truncatedExponential(rate, width).logNormaliser + Math.log(start) - a * logRatio(start, scale));
  sum += atStart * (0.5 + edgeTerms(a, start));
  if (to !== Infinity) sum += Math.exp(-a * logRatio(to, scale)) * (0.5 - edgeTerms(a, to));
  return Math.log(sum) - a * Math.log(scale);
}

/** Σⱼ B₂ⱼ/(2j)! (a)₂ⱼ₋₁ x^{1−2j}. */
function edgeTerms(a: number, x: number): number {
  let rising = a / x;
  let sum = 0;
  for (let j = 1; j <= 8; j++) {
    const term = BERNOULLI[j - 1]! * rising;
    sum += term;
    if (Math.abs(term) < 1e-18) break;
    rising *= ((a + 2 * j - 1) * (a + 2 * j)) / (x * x);
  }
  return sum;
}

/** As {@link logPowerSum}, with the mean and variance of ln k: what a Newton step for the exponent needs. */
export function powerSum(a: number, from: number, to = Infinity): PowerSum {
  const scale = a >= 0 || to === Infinity ? from : to;
  const first = firstOf(a, from, to);
  const start = smoothFrom(a, first, to);
  const moments: [number, number, number] = [0, 0, 0];
  const add = (weight: number, v: number): void => {
    moments[0] += weight;
    moments[1] += weight * v;
    moments[2] += weight * v * v;
  };
  let lost = false;
  for (let k = first; k < start && !lost; k++) {
    const weight = Math.exp(-a * logRatio(k, scale));
    add(weight, logRatio(k, from));
    lost = a > 0 && weight < 1e-20 * moments[0];
  }
  const vStart = logRatio(start, from);
  const atStart = Math.exp(-a * logRatio(start, scale));
  if (start === to) {
    add(atStart, vStart);
  } else if (!lost) {
    const integral = truncatedExponential(a - 1, to === Infinity ? Infinity : logRatio(to, start));
    const weight = Math.exp(integral.logNormaliser + Math.log(start) - a * logRatio(start, scale));
    const mean = vStart + integral.mean;
    moments[0] += weight;
    moments[1] += weight * mean;
    moments[2] += weight * (mean * mean + integral.variance);
    addEdge(moments, a, start, atStart, vStart, 1);
    if (to !== Infinity) addEdge(moments, a, to, Math.exp(-a * logRatio(to, scale)), logRatio(to, from), -1);
  }
  const meanExcess = moments[1] / moments[0];
  return {
    log: Math.log(moments[0]) - a * Math.log(scale),
    meanExcess,
    meanLog: Math.log(from) + meanExcess,
    varianceLog: Math.max(moments[2] / moments[0] - meanExcess * meanExcess, 0),
  };
}

/** Half the edge value and the Euler–Maclaurin derivatives, each differentiated twice with respect to −a. */
function addEdge(
  moments: [number, number, number],
  a: number,
  x: number,
  weight: number,
  v: number,
  sign: number,
): void {
  let p = a / x;
  let p1 = 1 / x;
  let p2 = 0;
  let c0 = 0.5;
  let c1 = 0.5 * v;
  let c2 = 0.5 * v * v;
  for (let j = 1; j <= 8; j++) {
    const b = sign * BERNOULLI[j - 1]!;
    c0 += b * p;
    c1 += b * (p * v - p1);
    c2 += b * (p * v * v - 2 * p1 * v + p2);
    for (const factor of [a + 2 * j - 1, a + 2 * j]) {
      p2 = (p2 * factor + 2 * p1) / x;
      p1 = (p1 * factor + p) / x;
      p = (p * factor) / x;
    }
  }
  moments[0] += weight * c0;
  moments[1] += weight * c1;
  moments[2] += weight * c2;
}
