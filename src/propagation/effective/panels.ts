import { power } from '../../numeric/power.ts';
import { gaussLegendre } from '../../numeric/quadrature.ts';

/** Nodes on each panel. */
export const order = 16;
/** Cells a panel may be cut into before the function is taken as it is sampled. */
const budget = 1024;

const rule = gaussLegendre(order);

/** legendre[k·order + i]: the Legendre polynomial P_k at node i. */
const legendre = new Float64Array(order * order);
for (let i = 0; i < order; i++) legendreAt(rule.nodes[i]!, legendre, i, order);

function legendreAt(x: number, into: Float64Array, at: number, stride: number): void {
  into[at] = 1;
  into[at + stride] = x;
  for (let k = 2; k < order; k++) {
    const last = into[at + (k - 1) * stride]!;
    into[at + k * stride] = ((2 * k - 1) * x * last - (k - 1) * into[at + (k - 2) * stride]!) / k;
  }
}

/** A function on one panel, ready for integration against smooth densities: Σ wᵢ values[i] p(xᵢ) = ∫ f p for polynomials p. */
export interface Panel {
  readonly values: Float64Array;
  /** What the square of f has beyond the square of `values`, by node; null where f is smooth on the panel. */
  readonly excess: Float64Array | null;
  readonly finite: boolean;
}

/** Half an octave of arguments: panel p covers 2^{p/2} ≤ h ≤ 2^{(p+1)/2}. Powers of two are edges, so that kinks at 0 and 1 are too. */
export const panelStart = (p: number): number => power(2, p / 2);

/** Legendre coefficients past degree 12 are rounding noise: the samples are the function. */
function resolved(samples: Float64Array, absolute: number): boolean {
  let largest = 0;
  let tail = 0;
  for (let k = 0; k < order; k++) {
    let sum = 0;
    for (let i = 0; i < order; i++) sum += rule.weights[i]! * samples[i]! * legendre[k * order + i]!;
    const size = Math.abs(sum) * (k + 0.5);
    largest = Math.max(largest, size);
    if (k > 12) tail = Math.max(tail, size);
  }
  return tail <= 1e-11 * largest + absolute;
}

/**
 * Projects f and f² on the polynomials of degree < 16 over panel p, halving cells until f is smooth on each: kinks, jumps and (within
 * a budget) fast oscillations are integrated as they are, though the density is then only evaluated at 16 nodes.
 * @param noise absolute size below which structure of f is not looked into
 */
export function project(f: (h: number) => number, p: number, noise: number): Panel {
  const from = panelStart(p);
  const width = panelStart(p + 1) - from;
  const samples = new Float64Array(order);
  /** Samples the cell of the given width (in panels) at `left`. */
  const sample = (left: number, size: number): void => {
    for (let i = 0; i < order; i++) samples[i] = f(from + width * (left + (size * (rule.nodes[i]! + 1)) / 2));
  };
  sample(0, 1);
  const finite = samples.every(Number.isFinite);
  if (!finite || resolved(samples, noise)) return { values: samples, excess: null, finite };
  const moments = new Float64Array(order);
  const squares = new Float64Array(order);
  const polynomials = new Float64Array(order);
  let cells = [0, 0.5];
  let size = 0.5;
  for (let done = 0; cells.length > 0; size /= 2) {
    const next: number[] = [];
    const last = done + 2 * cells.length > budget || size < 2 ** -40;
    for (const left of cells) {
      sample(left, size);
      if (!last && !resolved(samples, noise)) {
        next.push(left, left + size / 2);
        continue;
      }
      done++;
      for (let i = 0; i < order; i++) {
        legendreAt(2 * (left + (size * (rule.nodes[i]! + 1)) / 2) - 1, polynomials, 0, 1);
        const weighted = rule.weights[i]! * size * samples[i]!;
        for (let k = 0; k < order; k++) {
          moments[k]! += weighted * polynomials[k]!;
          squares[k]! += weighted * samples[i]! * polynomials[k]!;
        }
      }
    }
    cells = next;
  }
  const values = new Float64Array(order);
  const excess = new Float64Array(order);
  for (let i = 0; i < order; i++) {
    for (let k = 0; k < order; k++) {
      values[i]! += (k + 0.5) * moments[k]! * legendre[k * order + i]!;
      excess[i]! += (k + 0.5) * squares[k]! * legendre[k * order + i]!;
    }
    excess[i]! -= values[i]! ** 2;
  }
  return { values, excess, finite: values.every(Number.isFinite) };
}
