import { power } from '../../numeric/power.ts';
import type { ActivationFunction } from './activation-function.ts';
import { closedMoments, homogeneousMoments } from './closed-form.ts';
import type { CorrelationFixedPoint } from './correlation-map.ts';
import { jumpMoments } from './jump-moments.ts';
import { jumpsOf } from './kinks.ts';
import { octaveTable } from './octave-table.ts';
import { quadratureMoments } from './quadrature-moments.ts';
import { type Shape, shapeOf } from './shape.ts';
import { smallSignal } from './small-signal.ts';

/** Gaussian moments of φ as functions of the signal energy q > 0; Dz is the standard Gaussian measure. */
export interface BasicMoments {
  /** V(q) = ∫Dz φ(√q z)². */
  second(q: number): number;
  /** ∫Dz φ'(√q z)². */
  gradient(q: number): number;
  /** V'(q). */
  slope(q: number): number;
  /** V''(q). */
  curvature(q: number): number;
  /** V(q)/q − V'(q): what bends the length map. */
  bend(q: number): number;
  /** ∫Dz φ'(√q z)² − V(q)/q: what drives two inputs apart. */
  spread(q: number): number;
  /** κ − V(q)/q with κ = V'(0). */
  gainLoss?(q: number): number;
  /** True where φ'' says everything about φ (no kinks). */
  readonly smooth: boolean;
  /** Where the quadrature has to split. */
  readonly kinks: readonly number[];
  /** ln V'(q), where that may lie below all doubles; NaN where V falls. Default: of `slope`. */
  logSlope?(q: number): number;
  /** The fixed point c* < 1 where the correlation map has a closed form; undefined where it has none at this energy. */
  chaotic?(weightVariance: number, biasVariance: number, q: number, surplus: number): CorrelationFixedPoint | undefined;
  /** True where the closed forms are to be taken as they are, without a table. */
  readonly plain?: boolean;
  /** True where φ jumps, so that ∫Dz φ'² is infinite. */
  readonly jumps?: boolean;
}

type CompleteMoments = BasicMoments & Required<Pick<BasicMoments, 'gainLoss' | 'logSlope'>>;

/** The moments of one activation, each evaluated without cancellation where q is small. */
export interface Moments extends CompleteMoments {
  readonly activation: ActivationFunction;
  readonly shape: Shape;
  /** True where V(q)/q never rises: then the length map has at most one stable fixed point. */
  readonly saturating: boolean;
}

const known = new WeakMap<ActivationFunction, Moments>();

/** The Gaussian moments of an activation: closed forms where they exist, quadrature otherwise; made once for each activation. */
export function momentsOf(activation: ActivationFunction): Moments {
  let moments = known.get(activation);
  if (moments === undefined) {
    moments = makeMoments(activation);
    known.set(activation, moments);
  }
  return moments;
}

/** The same, by quadrature alone, closed forms left aside. */
export function quadratureOnly(activation: ActivationFunction): Moments {
  return complete(activation, shapeOf(activation), byQuadrature(activation, shapeOf(activation)));
}

function makeMoments(activation: ActivationFunction): Moments {
  const shape = shapeOf(activation);
  if (shape.slopes !== undefined) return complete(activation, shape, homogeneousMoments(shape));
  if (jumpsOf(activation).length > 0) return jumping(activation, shape);
  const numerical = byQuadrature(activation, shape);
  const closed = closedMoments(activation.name);
  // A name is only a name: another function registered under it gets its own integrals. Loose, for it only has to tell functions apart.
  const same =
    closed !== undefined && [0.7, 5].every((q) => Math.abs(closed.second(q) / numerical.second(q) - 1) < 0.02);
  return complete(activation, shape, same ? closed : numerical);
}

/** What isn't infinite goes by a table. */
function jumping(activation: ActivationFunction, shape: Shape): Moments {
  const { gradient, spread, ...moments } = byQuadrature(activation, shape, jumpMoments);
  return {
    ...complete(activation, shape, { ...moments, gradient: () => 0, spread: () => 0 }),
    jumps: true,
    gradient,
    spread,
  };
}

/** Refines the panels until the moments stand still, for activations that are steeper than tanh. */
function byQuadrature(
  activation: ActivationFunction,
  shape: Shape,
  at: typeof quadratureMoments = quadratureMoments,
): BasicMoments {
  let moments = at(activation, shape, 1);
  for (let refinement = 2; refinement <= 64; refinement *= 2) {
    const finer = at(activation, shape, refinement);
    const settled = [0.5, 1, 10].every(
      (q) =>
        Math.abs(finer.second(q) - moments.second(q)) <= 1e-13 * finer.second(q) &&
        !(Math.abs(finer.gradient(q) - moments.gradient(q)) > 1e-13 * finer.gradient(q)),
    );
    if (settled) break;
    moments = finer;
  }
  return moments;
}

const decades = (from: number, to: number): number[] =>
  Array.from({ length: 4 * (to - from) + 1 }, (_, i) => power(10, from + i / 4));

/** Growth of V within an octave that a table still holds: that of a φ of the fifth degree, and some. */
const steepest = 1000;

function complete(activation: ActivationFunction, shape: Shape, basic: BasicMoments): Moments {
  const direct = {
    gainLoss: (q: number): number => shape.gain - basic.second(q) / q,
    logSlope: (q: number): number => Math.log(basic.slope(q)),
    ...basic,
  };
  const small = basic.smooth && shape.silent ? withSmallSignal(activation, shape, direct) : direct;
  // Of what grows by orders of magnitude within an octave, as the exponential function, no polynomial holds a digit.
  const steep = [0.5, 1, 2, 4, 8, 16].some((q) => !(basic.second(2 * q) <= steepest * basic.second(q)));
  const moments = basic.plain || steep || shape.slopes !== undefined ? direct : tabulated(small);
  const saturating = shape.silent && decades(-8, 6).every((q) => small.bend(q) >= -1e-15);
  return { activation, shape, ...moments, saturating };
}

/** Puts the expansion for small signals in the place of differences that cancel, as far up in q as both agree. */
function withSmallSignal(activation: ActivationFunction, shape: Shape, direct: CompleteMoments): CompleteMoments {
  const small = smallSignal(activation, shape.odd);
  const agrees = (q: number): boolean =>
    (['bend', 'spread'] as const).every((difference) => {
      const value = direct[difference](q);
      // Both are differences of numbers of the size of κ.
      return Math.abs(small[difference](q) - value) <= 1e-9 * Math.abs(value) + 1e-14 * shape.gain;
    });
  let limit = 2 ** -7;
  while (limit > 1e-8 && !agrees(limit)) limit /= 4;
  if (limit <= 1e-8) return direct;
  return {
    ...direct,
    gainLoss: (q) => (q < limit ? small.gainLoss(q) : direct.gainLoss(q)),
    bend: (q) => (q < limit ? small.bend(q) : direct.bend(q)),
    spread: (q) => (q < limit ? small.spread(q) : direct.spread(q)),
  };
}

function tabulated(moments: CompleteMoments): CompleteMoments {
  const at = octaveTable(6, (q, values) => {
    values[0] = moments.second(q) / q;
    values[1] = moments.gradient(q);
    values[2] = q * moments.curvature(q);
    values[3] = moments.gainLoss(q);
    values[4] = moments.bend(q);
    values[5] = moments.spread(q);
  });
  return {
    second: (q) => q * at(q)[0]!,
    gradient: (q) => at(q)[1]!,
    slope: (q) => at(q)[0]! - at(q)[4]!,
    curvature: (q) => at(q)[2]! / q,
    gainLoss: (q) => at(q)[3]!,
    bend: (q) => at(q)[4]!,
    spread: (q) => at(q)[5]!,
    logSlope: moments.logSlope,
    ...(moments.chaotic === undefined ? {} : { chaotic: moments.chaotic }),
    smooth: moments.smooth,
    kinks: moments.kinks,
  };
}
