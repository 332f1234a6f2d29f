import { panelRule } from '../../numeric/quadrature.ts';
import { erf } from '../../numeric/special.ts';
import type { ActivationFunction } from './activation-function.ts';
import type { Moments } from './moments.ts';

/** Where φ is to have become straight: 45 e^(−45), as of a silu, is nothing beside 1. */
const reach = 45;
/** Share of the whole that is beneath rounding. */
const nothing = 1e-17;

/** φ(x) = slope·x + fold·|x| + offset + jump·sgn x + δ(x), δ = 0 for |x| ≥ 45. */
interface Straight {
  readonly slope: number;
  readonly fold: number;
  readonly offset: number;
  readonly jump: number;
  /** Where δ isn't 0, and δ times the weight of the quadrature there. */
  readonly nodes: Float64Array;
  readonly bent: Float64Array;
  /** Bounds on ∫|δ| and ∫δ². */
  readonly area: number;
  readonly square: number;
}

const known = new WeakMap<Moments, Straight | null>();

function straightOf(moments: Moments): Straight | null {
  let straight = known.get(moments);
  if (straight === undefined) {
    straight = moments.jumps !== true && moments.shape.farGain > 0 ? split(moments) : null;
    known.set(moments, straight);
  }
  return straight;
}

function split({ activation, kinks }: Moments): Straight | null {
  const lines = [-1, 1].map((side) => lineOf(activation, side));
  const [left, right] = lines;
  if (left == null || right == null) return null;
  const rest = (x: number): number => {
    const { slope, offset } = x < 0 ? left : right;
    return activation.phi(x) - slope * x - offset;
  };
  const rule = (width: number) => {
    const edges = [...kinks, ...Array.from({ length: (2 * reach) / width + 1 }, (_, i) => i * width - reach)]
      .filter((x) => Math.abs(x) <= reach)
      .sort((a, b) => a - b);
    const { nodes, weights } = panelRule(edges, 12);
    const at = [...nodes.keys()].filter((i) => Math.abs(rest(nodes[i]!)) > nothing);
    const points = Float64Array.from(at, (i) => nodes[i]!);
    const bent = Float64Array.from(at, (i) => weights[i]! * rest(nodes[i]!));
    const square = bent.reduce((sum, b, i) => sum + b * rest(points[i]!), 0);
    const area = bent.reduce((sum, b) => sum + Math.abs(b), 0);
    return { nodes: points, bent, square, area, mean: bent.reduce((sum, b) => sum + b, 0) };
  };
  const fitting = [1, 1 / 2, 1 / 4, 1 / 8].find((width) => {
    const [coarse, fine] = [rule(width), rule(width / 2)];
    return Math.abs(fine.mean - coarse.mean) <= 1e-14 && Math.abs(fine.square - coarse.square) <= 1e-14;
  });
  return fitting === undefined
    ? null
    : {
        slope: (right.slope + left.slope) / 2,
        fold: (right.slope - left.slope) / 2,
        offset: (right.offset + left.offset) / 2,
        jump: (right.offset - left.offset) / 2,
        ...rule(fitting),
      };
}

/** The straight line that φ is on one side from |x| = 45 on. */
function lineOf({ phi, derivative }: ActivationFunction, side: number): { slope: number; offset: number } | null {
  const slope = derivative(side * 1e100);
  const offset = phi(side * 64) - slope * side * 64;
  const on = (x: number): boolean => Math.abs(phi(x) - slope * x - offset) <= 4e-16 * Math.max(1, Math.abs(x));
  return [reach, 64, 300, 1e4].every((x) => on(side * x)) ? { slope, offset } : null;
}

/**
 * ∫Dz₁ Dz₂ φ(u₁) φ(u₂) of an activation whose asymptotes are straight lines, not both flat, at energies far above where it bends: what the lines give is known in
 * closed form (Cho & Saul, NIPS 2009), and what bends is a sum over the few u there, the fewer digits of which matter the larger the energies are.
 * @returns undefined where φ or the pair isn't of that kind, or the lines nearly cancel
 */
export function straightPairMoment(moments: Moments, qa: number, qb: number, c: number): number | undefined {
  const apart = (1 - c) * (1 + c);
  if (!(Math.min(qa, qb) * apart >= 1) || !(Math.min(qa, qb) >= 16)) return undefined;
  const straight = straightOf(moments);
  if (straight === null) return undefined;
  const { slope, fold, offset, jump } = straight;
  const [sa, sb] = [Math.sqrt(qa), Math.sqrt(qb)];
  const mean = Math.sqrt(2 / Math.PI);
  const angle = (2 / Math.PI) * Math.asin(c);
  const lines =
    sa * sb * (slope ** 2 * c + fold ** 2 * ((2 / Math.PI) * Math.sqrt(apart) + c * angle)) +
    mean * (sa + sb) * (slope * jump * c + fold * offset) +
    offset ** 2 +
    jump ** 2 * angle;
  // Opposite inputs of a relu have next to nothing in common.
  if (!(Math.abs(lines) > 0.03 * moments.shape.farGain * sa * sb)) return undefined;
  const rounding = nothing * Math.abs(lines);
  const pull = mean * straight.area * (Math.abs(slope) + Math.abs(fold)) * Math.max(sa / sb, sb / sa);
  if (pull + (Math.abs(offset) + Math.abs(jump)) * straight.area <= rounding) return lines;
  const crossed = bentAndLine(straight, qa, qb, c) + bentAndLine(straight, qb, qa, c);
  if (straight.square / Math.sqrt(2 * Math.PI * Math.min(qa, qb)) <= rounding) return lines + crossed;
  return lines + crossed + bentAndBent(straight, qa, qb, c);
}

/** ∫∫ δ(u₁) (φ − δ)(u₂): u₂ given u₁ is Gaussian. */
function bentAndLine({ nodes, bent, slope, fold, offset, jump }: Straight, qa: number, qb: number, c: number): number {
  const deviation = Math.sqrt(qb * (1 - c) * (1 + c));
  const carried = c * Math.sqrt(qb / qa);
  let sum = 0;
  for (let i = 0; i < nodes.length; i++) {
    const u = nodes[i]!;
    const mu = carried * u;
    const t = mu / deviation;
    const sign = erf(t / Math.SQRT2);
    const absolute = deviation * Math.sqrt(2 / Math.PI) * Math.exp((-t * t) / 2) + mu * sign;
    sum += bent[i]! * Math.exp((-u * u) / (2 * qa)) * (slope * mu + fold * absolute + offset + jump * sign);
  }
  return sum / Math.sqrt(2 * Math.PI * qa);
}

/** ∫∫ δ(u₁) δ(u₂). */
function bentAndBent({ nodes, bent }: Straight, qa: number, qb: number, c: number): number {
  const apart = (1 - c) * (1 + c);
  const [a, b] = [1 / Math.sqrt(qa), 1 / Math.sqrt(qb)];
  let total = 0;
  for (let i = 0; i < nodes.length; i++) {
    const za = a * nodes[i]!;
    let sum = 0;
    for (let j = 0; j < nodes.length; j++) {
      const zb = b * nodes[j]!;
      sum += bent[j]! * Math.exp((2 * c * za * zb - za * za - zb * zb) / (2 * apart));
    }
    total += bent[i]! * sum;
  }
  return (total * a * b) / (2 * Math.PI * Math.sqrt(apart));
}
