/** Nodes and weights of a quadrature rule. */
export interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const legendre = new Map<number, Rule>();

/** Gauss–Legendre rule with n nodes on [−1, 1], ascending: exact for polynomials of degree 2n − 1. */
export function gaussLegendre(n: number): Rule {
  const known = legendre.get(n);
  if (known !== undefined) return known;
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let round = 0; round < 50; round++) {
      let last = 1;
      let value = x;
      for (let k = 2; k <= n; k++) [last, value] = [value, ((2 * k - 1) * x * value - (k - 1) * last) / k];
      slope = (n * (x * value - last)) / (x * x - 1);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    nodes[i] = 2 * i + 1 === n ? 0 : x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  const rule = { nodes, weights };
  legendre.set(n, rule);
  return rule;
}

/**
 * Gauss–Hermite rule with n nodes for the standard Gaussian measure, ascending: Σ wᵢ f(zᵢ) = ∫Dz f(z) for polynomials of
 * degree 2n − 1. The zeros of Heₙ are separated by bisection on the sign of the orthonormal recurrence, then polished by Newton.
 */
export function gaussHermite(n: number): Rule {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  const evaluate = (z: number): [number, number] => {
    let last = 0;
    let value = 1;
    for (let k = 0; k < n; k++) [last, value] = [value, (z * value - Math.sqrt(k) * last) / Math.sqrt(k + 1)];
    return [value, last];
  };
  const reach = 2 * Math.sqrt(n) + 1;
  const steps = 64 * n;
  let found = 0;
  let left = -reach;
  let atLeft = evaluate(left)[0];
  for (let i = 1; i <= steps && found < n; i++) {
    const right = -reach + (2 * reach * i) / steps;
    const atRight = evaluate(right)[0];
    if (atLeft < 0 !== atRight < 0 || atRight === 0) {
      let z = (left + right) / 2;
      for (let round = 0; round < 50; round++) {
        const [value, last] = evaluate(z);
        const step = value / (Math.sqrt(n) * last);
        z -= step;
        if (Math.abs(step) <= 1e-16 * Math.abs(z)) break;
      }
      const last = evaluate(z)[1];
      nodes[found] = z;
      weights[found] = 1 / (n * last * last);
      found++;
    }
    left = right;
    atLeft = atRight;
  }
  // The rule is symmetric to the last bit, so that odd integrands vanish exactly.
  for (let i = 0; i < n >> 1; i++) {
    const z = (nodes[n - 1 - i]! - nodes[i]!) / 2;
    const weight = (weights[n - 1 - i]! + weights[i]!) / 2;
    nodes[i] = -z;
    nodes[n - 1 - i] = z;
    weights[i] = weight;
    weights[n - 1 - i] = weight;
  }
  if (n % 2 === 1) nodes[n >> 1] = 0;
  return { nodes, weights };
}

/**
 * Edges of panels that cover [lower, upper] and grow geometrically away from each of the breaks: panels are `finest` wide at
 * a break, at most as wide as their distance to it further out, and never wider than `coarsest`.
 * A break is a kink of the integrand, or a place where it is steep.
 */
export function gradedEdges(
  lower: number,
  upper: number,
  breaks: readonly number[],
  finest: number,
  coarsest: number,
): number[] {
  const inside = [...new Set(breaks.filter((x) => x > lower && x < upper))].sort((a, b) => a - b);
  const stops = [lower, ...inside, upper];
  const isBreak = (x: number): boolean => breaks.includes(x);
  const edges = [lower];
  for (let i = 0; i + 1 < stops.length; i++) {
    const from = stops[i]!;
    const to = stops[i + 1]!;
    const middle = isBreak(from) && isBreak(to) ? (from + to) / 2 : isBreak(from) ? to : from;
    const rising = middle > from ? graded(middle - from, finest, coarsest, isBreak(from)) : [];
    const falling = middle < to ? graded(to - middle, finest, coarsest, isBreak(to)) : [];
    for (const distance of rising) edges.push(from + distance);
    for (const distance of falling.reverse().slice(1)) edges.push(to - distance);
    if (middle < to) edges.push(to);
  }
  return edges;
}

/** Distances from a break at which panels end, the last being `length`. */
function graded(length: number, finest: number, coarsest: number, fromBreak: boolean): number[] {
  const ends: number[] = [];
  let at = 0;
  while (at < length) {
    const width = fromBreak ? Math.min(Math.max(finest, at), coarsest) : coarsest;
    const left = length - at;
    // A short rest joins the last panel.
    at = left <= 1.25 * width ? length : at + width;
    ends.push(at);
  }
  return ends;
}

/** Gauss–Legendre with `order` nodes on each panel between consecutive edges. */
export function panelRule(edges: readonly number[], order: number): Rule {
  const unit = gaussLegendre(order);
  const panels = edges.length - 1;
  const nodes = new Float64Array(panels * order);
  const weights = new Float64Array(panels * order);
  for (let p = 0, at = 0; p < panels; p++) {
    const half = (edges[p + 1]! - edges[p]!) / 2;
    const centre = (edges[p + 1]! + edges[p]!) / 2;
    for (let k = 0; k < order; k++, at++) {
      nodes[at] = centre + half * unit.nodes[k]!;
      weights[at] = half * unit.weights[k]!;
    }
  }
  return { nodes, weights };
}

/** A rule whose weights include the standard Gaussian density: Σ wᵢ f(zᵢ) ≈ ∫Dz f(z) over the panels. */
export function gaussianPanels(edges: readonly number[], order: number): Rule {
  const { nodes, weights } = panelRule(edges, order);
  for (let i = 0; i < nodes.length; i++) {
    weights[i] = (weights[i]! * Math.exp((-nodes[i]! * nodes[i]!) / 2)) / Math.sqrt(2 * Math.PI);
  }
  return { nodes, weights };
}
