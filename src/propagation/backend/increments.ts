import type { MatrixArena } from '../../kernel/matrix.ts';
import type { Activation } from '../../network/activation.ts';
import { incrementOf } from '../../network/increment.ts';

/** Rows d of differences, each from a row of h. */
export interface Differences {
  /** Rows × width, in the arena. */
  readonly d: Float32Array;
  /** What they are differences from: row of h of each row of d. */
  readonly of: Int32Array;
  /** Bases × width. */
  readonly h: Float32Array;
  /** φ(h), as the kernel has it. */
  readonly phi: Float32Array;
  readonly width: number;
}

/** out (rows × width, in the arena) = φ(h + d) − φ(h). */
export type Increments = (differences: Differences, out: Float32Array) => void;

/** Beyond this |tanh a| the slope 1 − tanh²a of the kernel's tanh is off by more than 1e-6 of it. */
const STEEP = 0.75;

/** tanh(a + d) − tanh(a) = t·(1 − tanh²a)/(1 + tanh a·t) with t = tanh d: the kernel's tanh, and what is known of a once for all of its rows. */
function tanhIncrements(arena: MatrixArena, tanh: Activation): Increments {
  let [values, slopes] = [new Float64Array(0), new Float64Array(0)];
  return ({ d, of, h, phi, width }, out) => {
    if (values.length < h.length) [values, slopes] = [new Float64Array(h.length), new Float64Array(h.length)];
    for (let i = 0; i < h.length; i++) {
      if (Math.abs(phi[i]!) < STEEP) {
        values[i] = phi[i]!;
        slopes[i] = 1 - phi[i]! * phi[i]!;
      } else {
        const e = Math.exp(-2 * Math.abs(h[i]!));
        values[i] = (Math.sign(h[i]!) * (1 - e)) / (1 + e);
        slopes[i] = (4 * e) / ((1 + e) * (1 + e));
      }
    }
    arena.activate(tanh, d, out);
    for (let row = 0, at = 0; row < of.length; row++) {
      for (let base = of[row]! * width, end = base + width; base < end; base++, at++) {
        const product = values[base]! * out[at]!;
        // Below, the denominator might cancel, and the difference of two values, which lie on both sides of zero, doesn't.
        out[at] =
          product > -0.5 ? (out[at]! * slopes[base]!) / (1 + product) : Math.tanh(h[base]! + d[at]!) - values[base]!;
      }
    }
  };
}

/** What an activation makes of differences, without cancellation. */
export function incrementsOf(arena: MatrixArena, activation: Activation): Increments {
  if (activation.name === 'tanh') return tanhIncrements(arena, activation);
  const increment = incrementOf(activation);
  return ({ d, of, h, width }, out) => {
    for (let row = 0, at = 0; row < of.length; row++) {
      for (let base = of[row]! * width, end = base + width; base < end; base++, at++)
        out[at] = increment(h[base]!, d[at]!);
    }
  };
}
