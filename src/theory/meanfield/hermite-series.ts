import { gaussianPanels, gradedEdges, type Rule } from '../../numeric/quadrature.ts';
import type { Moments } from './moments.ts';
import { octaveTable } from './octave-table.ts';

/** Heₙ(z)·√density is bounded, so that what lies beyond is below 1e-16 of φ's scale at any order. */
const reach = 12;
const rules = new Map<string, Rule>();

/** Panels that resolve Heₙ (local wavelength 2π/√n) and φ(√q z). */
function ruleFor(q: number, order: number, { shape, kinks }: Moments): Rule {
  const level = Math.max(0, Math.ceil(Math.log2(Math.sqrt(q))));
  const coarsest = Math.min(1, 9 / Math.sqrt(order), shape.settled ? 1 : 8 / Math.min(2 ** level, 100));
  const key = `${shape.odd} ${level} ${coarsest}`;
  const kept = kinks.length === 0 ? rules.get(key) : undefined;
  if (kept !== undefined) return kept;
  const breaks = [0, ...kinks.map((x) => x / Math.sqrt(q))];
  const lower = shape.odd ? 0 : -reach;
  const made = gaussianPanels(gradedEdges(lower, reach, breaks, Math.min(2 ** -level, coarsest), coarsest), 16);
  if (shape.odd) for (let i = 0; i < made.weights.length; i++) made.weights[i] = 2 * made.weights[i]!;
  if (kinks.length === 0) rules.set(key, made);
  return made;
}

/**
 * Coefficients αₙ, n = 0…order, of φ(√q z) = √q Σ αₙ Heₙ(z)/√n!. Two inputs of correlation c have ∫∫ φφ = q Σ αₙ² cⁿ (Mehler).
 * Smooth φ: αₙ = √q ∫Dz φ'' Heₙ₋₂ / √(n!) for n ≥ 2 by Stein's lemma, which keeps them exact where they are small.
 * @returns the coefficients, in an array that the next call of the same order may overwrite
 */
export function hermiteSeries(moments: Moments, q: number, order: number): Float64Array {
  const tables = known.get(moments) ?? new Map<number, (q: number) => Float64Array>();
  known.set(moments, tables);
  let table = tables.get(order);
  if (table === undefined) {
    table = octaveTable(order + 1, (energy, alpha) => project(moments, energy, order, alpha));
    tables.set(order, table);
  }
  return table(q);
}

const known = new WeakMap<Moments, Map<number, (q: number) => Float64Array>>();

function project(moments: Moments, q: number, order: number, alpha: Float64Array): Float64Array {
  const { activation, shape, smooth } = moments;
  const { nodes, weights } = ruleFor(q, order, moments);
  const length = nodes.length;
  const scale = Math.sqrt(q);
  // φ carries lag 0, φ' lag 1, φ'' lag 2: αₙ is the projection of the lag-th derivative on the Hermite polynomial n − lag.
  const lag = smooth ? 2 : 1;
  const integrand = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const x = scale * nodes[i]!;
    const weight = weights[i]!;
    const rate = activation.derivative(x);
    if (!shape.odd) alpha[0] = alpha[0]! + (weight * activation.phi(x)) / scale;
    alpha[1] = alpha[1]! + weight * rate;
    integrand[i] = weight * (smooth ? scale * activation.secondDerivative(x) : rate);
  }
  let last = new Float64Array(length);
  let value = new Float64Array(length).fill(1);
  for (let n = lag; n <= order; n++) {
    const m = n - lag;
    if (n >= 2 && !(shape.odd && n % 2 === 0)) {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += integrand[i]! * value[i]!;
      alpha[n] = lag === 2 ? sum / Math.sqrt(n * (n - 1)) : sum / Math.sqrt(n);
    }
    const back = Math.sqrt(m);
    const forward = 1 / Math.sqrt(m + 1);
    for (let i = 0; i < length; i++) last[i] = (nodes[i]! * value[i]! - back * last[i]!) * forward;
    [last, value] = [value, last];
  }
  return alpha;
}
