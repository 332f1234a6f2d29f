import { gaussLegendre } from './quadrature.ts';

/** The exponent h(u) of a log-concave function with its first two derivatives. */
export interface LogConcave {
  h(u: number): number;
  slope(u: number): number;
  curvature(u: number): number;
  /** The length over which the curvature itself changes by a factor e: 1 for eᵘ, Infinity for a parabola. */
  readonly scale: number;
}

/**
 * ln ∫ e^{h(u)} du over [from, to] for a concave h; `to` may be Infinity. Gauss–Legendre panels march outwards from the
 * peak, each short enough that h changes by a few units, until what is left is below double precision: near 1e−14
 * relative.
 */
export function logConcaveIntegral(f: LogConcave, from: number, to: number): number {
  const peak = peakOf(f, from, to);
  const top = f.h(peak);
  return top + Math.log(march(f, peak, to, top, 1) + march(f, peak, from, top, -1));
}

function march(f: LogConcave, peak: number, end: number, top: number, direction: 1 | -1): number {
  const rule = gaussLegendre(16);
  let sum = 0;
  let u = peak;
  while (direction * (end - u) > 0) {
    const slope = Math.abs(f.slope(u));
    const curvature = Math.abs(f.curvature(u));
    let width = Math.min(6 / slope, 2.5 / Math.sqrt(curvature), 2 * f.scale, Math.abs(end - u));
    // h may bend within the panel: halve until the slope's change over it is mild.
    while (width * Math.abs(f.slope(u + direction * width) - f.slope(u)) > 8) width /= 2;
    let part = 0;
    for (let i = 0; i < 16; i++) {
      part += rule.weights[i]! * Math.exp(f.h(u + (direction * width * (rule.nodes[i]! + 1)) / 2) - top);
    }
    part *= width / 2;
    sum += part;
    if (part === 0 || u + direction * width === u) break;
    u += direction * width;
    // Past the peak a concave exponent falls at least as fast as its tangent: the rest is below e^h/|slope|.
    const rest = Math.exp(f.h(u) - top) / Math.abs(f.slope(u));
    if (rest < 1e-17 * sum) break;
  }
  return sum;
}

function peakOf(f: LogConcave, from: number, to: number): number {
  if (f.slope(from) <= 0) return from;
  let low = from;
  let high = to;
  if (to === Infinity) {
    let reach = 1;
    while (f.slope(from + reach) > 0) reach *= 2;
    high = from + reach;
  } else if (f.slope(to) >= 0) {
    return to;
  }
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (f.slope(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
