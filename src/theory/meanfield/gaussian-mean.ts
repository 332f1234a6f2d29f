import { gaussianPanels, gradedEdges, type Rule } from '../../numeric/quadrature.ts';
import type { Shape } from './shape.ts';

/** Beyond so many standard deviations the Gaussian holds less than 3e-21; an integrand that grows as an exponential has its bulk there yet, and is followed until density itself ends. */
const reaches = [9.5, 19, 38];
const beneath = 1e-16;
const order = 12;

/**
 * ∫Dz f(√q z) by Gauss–Legendre panels graded towards the points where φ(√q z) turns, so that the cost grows as the logarithm of q and a tanh that has become a
 * step is integrated as exactly as a gentle one; of an odd φ over z > 0, twice.
 * Infinite where the bulk of the integral lies beyond 38 standard deviations.
 * @param kinks where panels have to end
 * @param refinement finest panel in units of 1/√q is 1/refinement
 */
export function gaussianMean(
  kinks: readonly number[],
  { odd, settled }: Shape,
  refinement: number,
): (q: number, f: (x: number) => number) => number {
  const rules = reaches.map(() => new Map<number, Rule>());

  function rule(q: number, farther: number): Rule {
    const level = Math.max(0, Math.ceil(Math.log2(refinement * Math.sqrt(q))));
    const known = rules[farther]!.get(level);
    if (known !== undefined) return known;
    const reach = reaches[farther]!;
    const breaks = [0, ...kinks.map((x) => x / Math.sqrt(q))];
    // What goes on turning far out, like sin, is averaged by its panels from √q z ≈ 800.
    const coarsest = settled ? 1.5 : Math.min(1.5, 8 / Math.min(2 ** level, 100));
    const made = gaussianPanels(gradedEdges(odd ? 0 : -reach, reach, breaks, 2 ** -level, coarsest), order);
    if (odd) for (let i = 0; i < made.weights.length; i++) made.weights[i] = 2 * made.weights[i]!;
    if (kinks.length === 0) rules[farther]!.set(level, made);
    return made;
  }

  return (q, f) => {
    const scale = Math.sqrt(q);
    for (let farther = 0; ; farther++) {
      const { nodes, weights } = rule(q, farther);
      const last = nodes.length - 1;
      let sum = 0;
      let size = 0;
      let end = 0;
      for (let i = 0; i <= last; i++) {
        const term = weights[i]! * f(scale * nodes[i]!);
        sum += term;
        size += Math.abs(term);
        if (i === last || (i === 0 && !odd)) end += term;
      }
      if (!(Math.abs(end) > beneath * size) || size === Number.POSITIVE_INFINITY) return sum;
      if (farther === reaches.length - 1) return end * Number.POSITIVE_INFINITY;
    }
  };
}
