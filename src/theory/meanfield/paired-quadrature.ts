import { gaussianPanels, gradedEdges } from '../../numeric/quadrature.ts';

const reach = 9;
/** Panels that hold less than rounding: no finer ones are of use, however steep φ is. */
const tiniest = 2 ** -56;

/**
 * ∫Dz₁ Dz₂ f(u₁, u₂) for two Gaussian inputs of energies qa, qb and correlation c, by panels that follow the lines on which
 * either input meets a kink of φ. In the rotated pair u₁ = √qa (A x + B y), u₂ = √qb (A x − B y), A² = (1 + c)/2,
 * B² = (1 − c)/2, the difference of nearly equal inputs is B y alone, so that nothing cancels at c → 1.
 */
export function pairMean(
  kinks: readonly number[],
  qa: number,
  qb: number,
  c: number,
  f: (u1: number, u2: number) => number,
): number {
  const along = Math.sqrt((1 + c) / 2);
  const across = Math.sqrt((1 - c) / 2);
  const scaleA = Math.sqrt(qa);
  const scaleB = Math.sqrt(qb);
  const steep = [0, ...kinks];
  const finest = (width: number): number =>
    Math.max(tiniest, Math.min(1, 1 / (width * Math.max(scaleA, scaleB, 1e-300))));
  // Where a line of one input crosses a line of the other, the inner integral is not analytic in y.
  const crossings = steep.flatMap((k) => steep.map((other) => (k / scaleA - other / scaleB) / (2 * across)));
  const outer = gaussianPanels(gradedEdges(-reach, reach, crossings, finest(across), 1.5), 12);
  let total = 0;
  for (let j = 0; j < outer.nodes.length; j++) {
    const y = across * outer.nodes[j]!;
    const breaks = steep.flatMap((k) => [(k / scaleA - y) / along, (k / scaleB + y) / along]);
    const inner = gaussianPanels(gradedEdges(-reach, reach, breaks, finest(along), 1.5), 12);
    let sum = 0;
    for (let i = 0; i < inner.nodes.length; i++) {
      const x = along * inner.nodes[i]!;
      sum += inner.weights[i]! * f(scaleA * (x + y), scaleB * (x - y));
    }
    total += outer.weights[j]! * sum;
  }
  return total;
}
