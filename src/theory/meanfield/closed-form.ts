import { power } from '../../numeric/power.ts';
import { erf, erfc } from '../../numeric/special.ts';
import { clippedFixedPoint } from './clipped-map.ts';
import type { BasicMoments } from './moments.ts';
import type { Shape } from './shape.ts';
import { sineFixedPoint } from './sine-map.ts';

/** φ(x) = a x for x < 0, b x for x > 0: V = κ q, κ = (a² + b²)/2. */
export function homogeneousMoments({ gain }: Shape): BasicMoments {
  return {
    second: (q) => gain * q,
    gradient: () => gain,
    slope: () => gain,
    bend: () => 0,
    spread: () => 0,
    curvature: () => 0,
    smooth: false,
    kinks: [0],
  };
}

/** φ(x) = erf(√π x/2): V = (2/π) arcsin(a/(1 + a)), a = πq/2 (C. K. I. Williams, Neural Comput. 10, 1203 (1998)). */
const erfMoments: BasicMoments = (() => {
  const second = (q: number): number => (2 / Math.PI) * Math.atan2((Math.PI * q) / 2, Math.sqrt(1 + Math.PI * q));
  const gradient = (q: number): number => 1 / Math.sqrt(1 + Math.PI * q);
  const slope = (q: number): number => gradient(q) / (1 + (Math.PI * q) / 2);
  return {
    second,
    gradient,
    slope,
    bend: (q) => second(q) / q - slope(q),
    spread: (q) => gradient(q) - second(q) / q,
    curvature: (q) => -(Math.PI / 2) * slope(q) * (1 / (1 + (Math.PI * q) / 2) + 1 / (1 + Math.PI * q)),
    smooth: true,
    kinks: [],
  };
})();

/** φ = sin: V = (1 − e^(−2q))/2. */
const sinMoments: BasicMoments = {
  second: (q) => -Math.expm1(-2 * q) / 2,
  gradient: (q) => (1 + Math.exp(-2 * q)) / 2,
  slope: (q) => Math.exp(-2 * q),
  bend: (q) => -Math.expm1(-2 * q) / (2 * q) - Math.exp(-2 * q),
  spread: (q) => (1 + Math.exp(-2 * q)) / 2 + Math.expm1(-2 * q) / (2 * q),
  curvature: (q) => -2 * Math.exp(-2 * q),
  logSlope: (q) => -2 * q,
  chaotic: sineFixedPoint,
  smooth: true,
  kinks: [],
};

/** φ(x) = max(−1, min(1, x)), by the incomplete moments of a Gaussian cut at t = 1/√q. */
const hardTanhMoments: BasicMoments = (() => {
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  const within = (t: number): number => erf(t / Math.SQRT2);
  const beyond = (t: number): number => erfc(t / Math.SQRT2);
  const at = (f: (t: number) => number) => (q: number) => f(1 / Math.sqrt(q));
  // ∫ z² over |z| < t, by the series of the incomplete Γ(3/2) where the difference would cancel.
  const middle = (t: number): number => {
    if (t > 1) return within(t) - 2 * t * density(t);
    let [sum, term] = [0, 1];
    for (let n = 3; sum + term !== sum; n += 2) {
      sum += term;
      term *= (t * t) / (n + 2);
    }
    return (2 / 3) * power(t, 3) * density(t) * sum;
  };
  const slope = at(middle);
  return {
    second: (q) => q * slope(q) + beyond(1 / Math.sqrt(q)),
    gradient: at(within),
    slope,
    bend: at((t) => t * t * beyond(t)),
    spread: at((t) => t * (2 * density(t) - t * beyond(t))),
    curvature: at((t) => -power(t, 5) * density(t)),
    smooth: false,
    kinks: [-1, 1],
    plain: true,
    chaotic: clippedFixedPoint,
    gainLoss: at((t) => beyond(t) + t * (2 * density(t) - t * beyond(t))),
  };
})();

const named: Readonly<Record<string, BasicMoments>> = {
  erf: erfMoments,
  sin: sinMoments,
  'hard-tanh': hardTanhMoments,
};

/** Closed forms of the Gaussian moments by the canonical name of an activation, where they are known. */
export function closedMoments(name: string): BasicMoments | undefined {
  return Object.hasOwn(named, name) ? named[name] : undefined;
}
