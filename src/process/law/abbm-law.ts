import { power } from '../../numeric/power.ts';
import { gaussLegendre } from '../../numeric/quadrature.ts';
import { gammainc } from '../../numeric/special.ts';
import type { GroupedSample } from '../../reduce/grouped.ts';
import type { ExactLaw } from './exact-law.ts';

/** Groups a factor of e, so fine that the mean of ln S within one is its middle to 1e-6. */
const GROUPS = 256;

/**
 * The ABBM velocity dv = c·dt + √(2v)·dW from v_0 = start until it first is 0; 2v is a squared Bessel process of dimension 2c.
 *
 * It hits 0 at T = start/G with G ~ Gamma(1 − c) (Getoor & Sharpe, Z. Wahrsch. 47, 83 (1979), doi:10.1007/BF00533253), so P(D ≥ d) = P(G < start/d).
 * Given T it is a bridge of dimension 4 − 2c to 0, of mean start·(1 − t/T)² + (2 − c)·t(1 − t/T). On the clock S = ∫v dt it is a Bessel process of
 * dimension 1 + c, so ∫v dt = start²/(4G′), G′ ~ Gamma((1 − c)/2); the sum over layers is half a start less (trapezoids).
 */
export function abbmLaw(c: number, start: number): ExactLaw {
  const timeShape = 1 - c;
  const sizeShape = (1 - c) / 2;
  return {
    limits: { duration: 2 ** 20, size: Infinity },
    survival: (most) =>
      Float64Array.from({ length: most + 2 }, (_, d) => (d === 0 ? 1 : gammainc(start / d, timeShape))),
    meanSizes(most) {
      const { nodes, weights } = gaussLegendre(8);
      return Float64Array.from({ length: most + 1 }, (_, d) => {
        if (d === 0) return Number.NaN;
        const linear = (d * (d + 1)) / 2;
        const square = (linear * (2 * d + 1)) / 3;
        let sum = 0;
        let total = 0;
        nodes.forEach((x, i) => {
          const end = d + (x + 1) / 2;
          const weight = weights[i]! * power(end, -timeShape - 1) * Math.exp(-start / end);
          const fading = d - (2 * linear) / end + square / end ** 2;
          sum += weight * (start * fading + (2 - c) * (linear - square / end));
          total += weight;
        });
        return sum / total;
      });
    },
    sizes(most): GroupedSample {
      const groups = Math.max(1, Math.ceil(GROUPS * Math.log(most / start)));
      const edge = Float64Array.from({ length: groups + 1 }, (_, g) => start * Math.exp(g / GROUPS));
      const above = edge.map((s) => gammainc(start ** 2 / (4 * (s + start / 2)), sizeShape));
      const count = above.subarray(0, groups).map((p, g) => p - above[g + 1]!);
      return {
        discrete: false,
        lower: edge.slice(0, groups),
        upper: edge.slice(1),
        count,
        sumLog: count.map((p, g) => p * (Math.log(start) + (g + 0.5) / GROUPS)),
      };
    },
  };
}
