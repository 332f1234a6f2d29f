import { findRoot } from '../../numeric/find-root.ts';
import { gaussLegendre, gradedEdges, panelRule, type Rule } from '../../numeric/quadrature.ts';
import { erf } from '../../numeric/special.ts';
import type { CorrelationFixedPoint } from './correlation-map.ts';

/**
 * The fixed point c* < 1 of the hard tanh. Plackett's identity gives d/dc of P(c), the probability that both inputs are in the linear range, in closed form;
 * with C' = σw² P one integral over the angle is left. From c = cos β it is taken near 1, where the map isn't analytic and c* leaves 1 as (χ₁ − 1)²,
 * and from c = sin θ below ½, where c* may be as small as σb²/q.
 */
export function clippedFixedPoint(
  weightVariance: number,
  biasVariance: number,
  q: number,
  surplus: number,
): CorrelationFixedPoint {
  /** dP/dβ, π/2 − t from where inputs are independent: (e^(−1/(q(1 + sin t))) − e^(−1/(q(1 − sin t))))/π. */
  const kernel = (sine: number, cosine: number): number =>
    (-Math.exp(-1 / (q * (1 + sine))) * Math.expm1((-2 * sine) / (q * cosine * cosine))) / Math.PI;
  const sum = ({ nodes, weights }: Rule, f: (angle: number) => number): number =>
    nodes.reduce((total, angle, i) => total + weights[i]! * f(angle), 0);

  const both = erf(1 / Math.sqrt(2 * q)) ** 2;
  const upTo = (theta: number, weight: (t: number) => number): number => {
    const { nodes, weights } = gaussLegendre(32);
    const half = theta / 2;
    const rule = { nodes: nodes.map((x) => half * (1 + x)), weights: weights.map((w) => half * w) };
    return weightVariance * sum(rule, (t) => weight(t) * kernel(Math.sin(t), Math.cos(t)));
  };
  const near0 = (theta: number): number =>
    biasVariance / q / Math.sin(theta) -
    (1 - weightVariance * both) +
    upTo(theta, (t) => 1 - Math.sin(t) / Math.sin(theta));
  const middle = Math.PI / 6;
  if (biasVariance === 0 || near0(middle) < 0) {
    const theta = biasVariance === 0 ? 0 : findRoot(near0, Math.asin(biasVariance / q), middle);
    return { correlation: Math.sin(theta), slack: 1 - weightVariance * both - upTo(theta, () => 1) };
  }

  // Nearly equal inputs part where they meet a kink: the kernel sets in at an angle of √(2/q).
  const from = (beta: number, weight: (angle: number) => number): number => {
    const coarsest = Math.PI / 8;
    const edges = gradedEdges(0, beta, [0], Math.min(coarsest, Math.sqrt(2 / q) / 4), coarsest);
    return weightVariance * sum(panelRule(edges, 16), (a) => weight(a) * kernel(Math.cos(a), Math.sin(a)));
  };
  const share = (beta: number) => (angle: number) => 1 - (Math.sin(angle / 2) / Math.sin(beta / 2)) ** 2;
  const near1 = (beta: number): number => (beta === 0 ? surplus : surplus - from(beta, share(beta)));
  // A little beyond ½, lest rounding hides the change of sign there.
  const beta = findRoot(near1, 0, 0.7 * (Math.PI / 2));
  return { correlation: Math.cos(beta), slack: from(beta, () => 1) - surplus };
}
