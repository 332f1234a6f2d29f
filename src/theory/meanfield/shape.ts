import type { ActivationFunction } from './activation-function.ts';

/** Properties of an activation that decide which formulas hold, found by evaluating it. */
export interface Shape {
  /** φ(−x) = −φ(x). */
  readonly odd: boolean;
  /** V(q) as q → 0: φ(0)², or the mean of both sides where φ jumps there. */
  readonly start: number;
  /** φ(0) = 0, without a jump: silence is a fixed point when there are no biases. */
  readonly silent: boolean;
  /** Gain of an infinitesimal signal, κ = lim V(q)/q for q → 0; NaN where φ(0) ≠ 0. */
  readonly gain: number;
  /** V(q)/q for q → ∞ if φ goes on as a straight line on either side, κ∞ = (φ'(−∞)² + φ'(∞)²)/2. */
  readonly farGain: number;
  /** True where φ has become its asymptotes by |x| = 20; false for sin, which goes on turning. */
  readonly settled: boolean;
  /** Slopes of φ left and right of 0 where φ is positively homogeneous (linear, relu, leaky relu): V(q) = κ q for every q. */
  readonly slopes?: readonly [number, number];
}

const probes = [1e-3, 0.04, 0.3, 1, 2.7, 9, 55];
const close = (a: number, b: number): boolean => Math.abs(a - b) <= 4e-15 * Math.max(Math.abs(a), Math.abs(b));

/** Examines an activation at a few points on either side of 0. */
export function shapeOf({ phi, derivative }: ActivationFunction): Shape {
  const tiny = 1e-150;
  const start = (phi(tiny) ** 2 + phi(-tiny) ** 2) / 2;
  const silent = phi(0) === 0 && start < 1e-100;
  const odd = phi(0) === 0 && probes.every((x) => close(phi(-x), -phi(x)));
  const gain = silent ? (derivative(tiny) ** 2 + derivative(-tiny) ** 2) / 2 : Number.NaN;
  const far = 1e100;
  const farGain = (derivative(far) ** 2 + derivative(-far) ** 2) / 2;
  const settled = [23, 37.7, 113.3].every((x) =>
    [-1, 1].every((side) => Math.abs(derivative(side * x) - derivative(side * far)) < 1e-9),
  );
  const right = phi(1);
  const left = -phi(-1);
  const homogeneous = silent && probes.every((x) => close(phi(x), right * x) && close(phi(-x), -left * x));
  return { odd, start, silent, gain, farGain, settled, ...(homogeneous ? { slopes: [left, right] as const } : {}) };
}
