import { freeNow } from '../../idle-memory.ts';
import { power } from '../../numeric/power.ts';
import { gaussLegendre } from '../../numeric/quadrature.ts';
import { order, type Panel, panelStart, project } from './panels.ts';

const nodes = order; // an imported binding is slow to read in a loop
const rule = gaussLegendre(nodes);
/** Panels of z = |h|/√y that carry weight: 2^{−40} ≤ z ≤ 2^{9/2}. */
const [first, last] = [-80, 8];
/** In place of a polynomial, where four are not there. */
const none = new Float64Array((last - first + 1) * nodes);

/** Of (1/n)Σ F(|h_i|) over n neurons that are uniform on the sphere Σ h² = n·y. */
export interface Moments {
  /** Mean; divided by y in the relative form. */
  readonly mean: number;
  /** Variance; divided by y² in the relative form. */
  readonly variance: number;
  /** Skewness, to leading order in 1/n. */
  readonly skewness: number;
}

/**
 * Conditional moments of a layer's mean square activation, given its mean square pre-activation y.
 *
 * With u = h/√(n·y) uniform on the unit sphere, u₁ has the density ∝ (1 − u²)^{(n−3)/2}. The variance needs the law of two coordinates,
 * ∝ (1 − u₁² − u₂²)^{(n−4)/2}; expanded in the polynomials p_k orthonormal under the first (Gegenbauer's), F = Σ a_k p_k, the
 * Funk–Hecke formula gives cov(F(u₁), F(u₂)) = Σ a_k² P_k(0), P_k normalised to P_k(1) = 1. Hence
 *   n · variance = Σ_{k≥1} a_k² [1 + (n−1) P_k(0)],
 * a sum of positive terms without the one for k = 2 (Σ h² is fixed), and with P_k(0) falling like n^{−k/2}: nothing cancels.
 * The third cumulant is that of independent residuals F − a₀ − a₂p₂, which is its leading order.
 */
export class SphereMoments {
  readonly #n: number;
  readonly #relative: boolean;
  readonly #function: (h: number) => number;
  readonly #noise: number;
  readonly #panels = new Map<number, Panel>();
  /** Recurrence coefficients of the p_k in z = √n·u: z p_k = β_{k+1} p_{k+1} + β_k p_{k−1}. */
  readonly #beta: Float64Array;
  /** (n−1)·P_k(0) for k = 4, 6, …; the rest is negligible. */
  readonly #coupling: Float64Array;
  readonly #measures = new Map<number, Measure>();
  /** Scratch, one number a node. */
  readonly #values = new Float64Array((last - first + 1) * nodes);

  /**
   * @param n neurons, n ≥ 3
   * @param f even function of h, by h > 0: φ² itself, or in the relative form φ(h)²/h²
   */
  constructor(n: number, f: (h: number) => number, relative: boolean) {
    this.#n = n;
    this.#function = f;
    this.#relative = relative;
    this.#noise = 1e-14 * Math.abs(f(1));
    const coupling: number[] = [];
    let value = 1;
    for (let k = 0; k < 64; k += 2) {
      value *= -(k + 1) / (n - 1 + k);
      if (k >= 2) coupling.push((n - 1) * value);
      if (Math.abs((n - 1) * value) < 1e-6) break;
    }
    this.#coupling = Float64Array.from(coupling);
    this.#beta = Float64Array.from({ length: 4 + 2 * coupling.length }, (_, k) =>
      k === 0 ? 0 : Math.sqrt((n * k * (k + n - 3)) / ((2 * k + n - 2) * (2 * k + n - 4))),
    );
    if (this.#beta.length > 1) this.#beta[1] = 1;
  }

  /**
   * The moments at y = 2^e·f; NaN where F overflows. Density and polynomials are kept by f, so a sweep should use few different ones.
   * @param f 1 ≤ f < 2
   */
  at(e: number, f: number): Moments {
    const measure = this.#measure(f);
    const { weight, square, p2, higher, end } = measure;
    // Below, F is F(0) or ∝ h², and adds nothing to the mean.
    const start = this.#relative ? Math.max(first, Math.min(-28, -20 - e)) : first;
    const from = (start - first) * nodes;
    const values = this.#values;
    let excess = 0;
    for (let q = start, at = from; q <= last; q++, at += nodes) {
      const panel = this.#panel(q + e);
      if (!panel.finite) return { mean: Number.NaN, variance: Number.NaN, skewness: Number.NaN };
      values.set(panel.values, at);
      if (panel.excess === null) continue;
      for (let i = 0; i < nodes; i++) excess += weight[at + i]! * square[at + i]! ** 2 * panel.excess[i]!;
    }
    let a0 = 0;
    let a2 = 0;
    for (let i = from; i < end; i++) {
      values[i]! *= square[i]!;
      const value = weight[i]! * values[i]!;
      a0 += value;
      a2 += value * p2[i]!;
    }
    // The residual is not small at z = 0: what lies below the first panel counts as if it were at its first node.
    const bottom = values[from]! - a0 - a2 * p2[from]!;
    const below = (measure.peak * panelStart(start)) / Math.sqrt(f);
    let sum = excess + below * bottom * bottom;
    let cubes = below * power(bottom, 3);
    for (let i = from; i < end; i++) {
      const residual = values[i]! - a0 - a2 * p2[i]!;
      values[i] = weight[i]! * residual;
      sum += values[i]! * residual;
      cubes += values[i]! * residual * residual;
    }
    // Four at once: a sum waits for its last addition, and four don't wait for each other.
    const coupling = this.#coupling;
    for (let k = 0; k < higher.length; k += 4) {
      const [p, q = none, r = none, s = none] = higher.slice(k, k + 4) as [Float64Array, ...Float64Array[]];
      let a = below * bottom * p[from]!;
      let b = below * bottom * q[from]!;
      let c = below * bottom * r[from]!;
      let d = below * bottom * s[from]!;
      for (let i = from; i < end; i++) {
        const value = values[i]!;
        a += value * p[i]!;
        b += value * q[i]!;
        c += value * r[i]!;
        d += value * s[i]!;
      }
      sum += coupling[k]! * a * a;
      if (q !== none) sum += coupling[k + 1]! * b * b;
      if (r !== none) sum += coupling[k + 2]! * c * c;
      if (s !== none) sum += coupling[k + 3]! * d * d;
    }
    if (!(sum > 1e-24 * a0 * a0)) return { mean: a0, variance: Math.max(0, sum) / this.#n, skewness: 0 };
    return { mean: a0, variance: sum / this.#n, skewness: cubes / (sum * Math.sqrt(sum * this.#n)) };
  }

  /** Frees what is kept by f, megabytes that a thread would otherwise begin with; nothing can be asked of it any more. */
  free(): void {
    freeNow(
      [...this.#measures.values()].flatMap(({ weight, square, p2, higher }) =>
        [weight, square, p2, ...higher].map(({ buffer }) => buffer),
      ),
    );
    this.#measures.clear();
  }

  #panel(p: number): Panel {
    let panel = this.#panels.get(p);
    if (panel === undefined) {
      panel = project(this.#function, p, this.#noise);
      this.#panels.set(p, panel);
    }
    return panel;
  }

  #measure(f: number): Measure {
    let measure = this.#measures.get(f);
    if (measure === undefined) {
      measure = this.#makeMeasure(f);
      this.#measures.set(f, measure);
    }
    return measure;
  }

  #makeMeasure(f: number): Measure {
    const n = this.#n;
    const beta = this.#beta;
    const size = (last - first + 1) * nodes;
    const weight = new Float64Array(size);
    const square = new Float64Array(size);
    const p2 = new Float64Array(size);
    const higher = Array.from(this.#coupling, () => new Float64Array(size));
    let total = 0;
    for (let q = first, at = 0; q <= last; q++) {
      const from = panelStart(q) / Math.sqrt(f);
      const half = (panelStart(q + 1) / Math.sqrt(f) - from) / 2;
      for (let i = 0; i < nodes; i++, at++) {
        const z = from + half * (1 + rule.nodes[i]!);
        const left = 1 - (z * z) / n;
        square[at] = z * z;
        if (left > 0) weight[at] = half * rule.weights[i]! * Math.exp(((n - 3) / 2) * Math.log1p((-z * z) / n));
        total += weight[at]! * z * z;
        let previous = z;
        let value = (z * z - 1) / beta[2]!;
        p2[at] = value;
        for (let k = 2; k < 2 + 2 * higher.length; k++) {
          const next = (z * value - beta[k]! * previous) / beta[k + 1]!;
          previous = value;
          value = next;
          if (k % 2 === 1) higher[(k - 3) / 2]![at] = value;
        }
      }
    }
    // E z² = 1 holds exactly on the sphere, and doesn't feel the panels near 0 that are left out.
    for (let at = 0; at < size; at++) weight[at]! /= total;
    if (!this.#relative) square.fill(1);
    let end = size;
    while (weight[end - 1] === 0) end--;
    return { weight, peak: 1 / total, square, p2, higher, end };
  }
}

interface Measure {
  /** Quadrature weight times density. */
  readonly weight: Float64Array;
  /** Density of z at 0. */
  readonly peak: number;
  /** What the tabulated function is multiplied with: z² in the relative form, 1 otherwise. */
  readonly square: Float64Array;
  readonly p2: Float64Array;
  /** p_4, p_6, … */
  readonly higher: readonly Float64Array[];
  /** Nodes from here on are beyond the sphere, of no weight. */
  readonly end: number;
}
