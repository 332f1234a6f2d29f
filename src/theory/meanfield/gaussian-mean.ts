import { gaussianPanels, gradedEdges, type Rule } from '../../numeric/quadrature.ts';
import type { Shape } from './shape.ts';

/** Beyond this many standard deviations the Gaussian holds less than 3e-21. */
const reach = 9.5;
const order = 12;

/**
 * ∫Dz f(√q z) by Gauss–Legendre panels graded towards the points where φ(√q z) turns, so that the cost grows as the logarithm of q and a tanh that has become a
 * step is integrated as exactly as a gentle one; of an odd φ over z > 0, twice.
 * @param kinks where panels have to end
 * @param refinement finest panel in units of 1/√q is 1/refinement
 */
export function gaussianMean(
  kinks: readonly number[],
  { odd, settled }: Shape,
  refinement: number,
): (q: number, f: (x: number) => number) => number {
  const rules = new Map<number, Rule>();

  function rule(q: number): Rule {
    const level = Math.max(0, Math.ceil(Math.log2(refinement * Math.sqrt(q))));
    const known = rules.get(level);
    if (known !== undefined) return known;
    const breaks = [0, ...kinks.map((x) => x / Math.sqrt(q))];
    // What goes on turning far out, like sin, is averaged by its panels from √q z ≈ 800.
    const coarsest = settled ? 1.5 : Math.min(1.5, 8 / Math.min(2 ** level, 100));
    const made = gaussianPanels(gradedEdges(odd ? 0 : -reach, reach, breaks, 2 ** -level, coarsest), order);
    if (odd) for (let i = 0; i < made.weights.length; i++) made.weights[i] = 2 * made.weights[i]!;
    if (kinks.length === 0) rules.set(level, made);
    return made;
  }

  return (q, f) => {
    const { nodes, weights } = rule(q);
    const scale = Math.sqrt(q);
    let sum = 0;
    for (let i = 0; i < nodes.length; i++) sum += weights[i]! * f(scale * nodes[i]!);
    return sum;
  };
}
