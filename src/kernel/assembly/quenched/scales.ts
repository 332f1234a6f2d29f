import { activate, GELU, GENERIC, LEAKY_RELU, LINEAR, phi, RELU, SILU, SIN } from './activation';

const TINY: f64 = 1e-300;

/** The kind that computes φ at scale d: the host's where a lane's argument reduction would lose digits. */
@inline
function kindAt(kind: i32, d: f64): i32 {
  return kind == SIN && d > 1000 ? GENERIC : kind;
}

/** Size of φ at scale d, so that φ(d·h)/unitOf(d) neither overflows nor underflows float32. */
export function unitOf(kind: i32, d: f64): f64 {
  if (d == 0) return 1;
  if (kind == LINEAR || kind == RELU || kind == LEAKY_RELU) return d;
  if (kindAt(kind, d) == GENERIC) {
    let largest: f64 = 0;
    for (let s = -2; s <= 2; s++) largest = max(largest, max(abs(phi(d * <f64>s)), abs(phi(0.3 * d * <f64>s))));
    return largest > TINY && largest < Infinity ? largest : 1;
  }
  return d < 1 || kind == SILU || kind == GELU ? d : 1;
}

/** Post-activations, in place, of a row whose entries are in units of d; the result is in units of u. */
export function activateRow(kind: i32, argument: f32, x: usize, bytes: usize, d: f64, u: f64): void {
  const k = kindAt(kind, d);
  if (k == GENERIC) activate(GENERIC, 0, x, x, bytes, d, 1 / u);
  else if (d == 0 || k == LINEAR || k == RELU || k == LEAKY_RELU) activate(k, argument, x, x, bytes, 1, 1);
  else {
    // Below 2^-40 φ is its own tangent to float32, above 2^40 its asymptote: the scale itself need not fit a float32.
    const a = max(9.094947017729282e-13, min(1099511627776.0, d));
    activate(k, argument, x, x, bytes, a, d < 1 || k == SILU || k == GELU ? 1 / a : 1);
  }
}
