import { fma } from '../simd/fma';

export const GENERIC = 0;
export const LINEAR = 1;
export const RELU = 2;
export const LEAKY_RELU = 3;
export const TANH = 4;
export const ERF = 5;
export const HARD_TANH = 6;
export const SIN = 7;
export const SILU = 8;
export const GELU = 9;

/** tanh x, relative error 4e-7: minimax rational in x² on [0, 9], where 1 − tanh is below float32. */
@inline
export function tanh(x: v128): v128 {
  const c = f32x4.pmax(f32x4.splat(-9), f32x4.pmin(f32x4.splat(9), x));
  const y = f32x4.mul(c, c);
  let p = f32x4.splat(1.3354669898574493e-8);
  p = fma(p, y, f32x4.splat(2.060908837255645e-5));
  p = fma(p, y, f32x4.splat(0.003495588485778191));
  p = fma(p, y, f32x4.splat(0.13381025933668578));
  p = fma(p, y, f32x4.splat(0.9999999794565138));
  let q = f32x4.splat(7.776561751368768e-7);
  q = fma(q, y, f32x4.splat(0.00032856354136061587));
  q = fma(q, y, f32x4.splat(0.025876983541846175));
  q = fma(q, y, f32x4.splat(0.46714341526396563));
  q = fma(q, y, f32x4.splat(1));
  return f32x4.div(f32x4.mul(p, c), q);
}

/** erf(√π x/2), relative error 4e-7: minimax rational in x² on [0, 4.4]. */
@inline
export function erf(x: v128): v128 {
  const c = f32x4.pmax(f32x4.splat(-4.4), f32x4.pmin(f32x4.splat(4.4), x));
  const y = f32x4.mul(c, c);
  let p = f32x4.splat(5.474286093463854e-7);
  p = fma(p, y, f32x4.splat(9.612907250226251e-5));
  p = fma(p, y, f32x4.splat(0.0016047397945228973));
  p = fma(p, y, f32x4.splat(0.028790787199090336));
  p = fma(p, y, f32x4.splat(0.13200117999235275));
  p = fma(p, y, f32x4.splat(0.999999982783602));
  let q = f32x4.splat(1.1438517549144159e-5);
  q = fma(q, y, f32x4.splat(0.0004403324344670005));
  q = fma(q, y, f32x4.splat(0.007224814401973031));
  q = fma(q, y, f32x4.splat(0.07020416465396472));
  q = fma(q, y, f32x4.splat(0.3938001353055248));
  q = fma(q, y, f32x4.splat(1));
  return f32x4.div(f32x4.mul(p, c), q);
}

/** sin x for |x| ≤ 10⁴, absolute error 2e-7·(1 + |x|/10³): three-part reduction by π. */
@inline
export function sin(x: v128): v128 {
  const k = f32x4.nearest(f32x4.mul(x, f32x4.splat(0.3183098861837907)));
  let r = fma(k, f32x4.splat(-3.140625), x);
  r = fma(k, f32x4.splat(-0.0009670257568359375), r);
  r = fma(k, f32x4.splat(-6.277114152908325e-7), r);
  const y = f32x4.mul(r, r);
  let p = f32x4.splat(2.6019047254521865e-6);
  p = fma(p, y, f32x4.splat(-0.00019807419448625296));
  p = fma(p, y, f32x4.splat(0.008333025500178337));
  p = fma(p, y, f32x4.splat(-0.16666656732559204));
  p = f32x4.mul(fma(p, y, f32x4.splat(1)), r);
  return v128.xor(p, i32x4.shl(i32x4.trunc_sat_f32x4_s(k), 31));
}

@inline
export function silu(x: v128): v128 {
  const half = f32x4.mul(x, f32x4.splat(0.5));
  return fma(half, tanh(half), half);
}

/** x·(1 + erf(x/√2))/2. */
@inline
export function gelu(x: v128): v128 {
  const half = f32x4.mul(x, f32x4.splat(0.5));
  return fma(half, erf(f32x4.mul(x, f32x4.splat(0.7978845608028654))), half);
}

/** φ, computed by the host in float64. */
@external("host", "phi")
declare function phi(x: f64): f64;

export { phi };

@inline
function lanes(kind: i32, x: v128, argument: v128): v128 {
  if (kind == RELU) return f32x4.pmax(f32x4.splat(0), x);
  if (kind == LEAKY_RELU) return v128.bitselect(f32x4.mul(x, argument), x, f32x4.lt(x, f32x4.splat(0)));
  if (kind == TANH) return tanh(x);
  if (kind == ERF) return erf(x);
  if (kind == HARD_TANH) return f32x4.pmax(f32x4.splat(-1), f32x4.pmin(f32x4.splat(1), x));
  if (kind == SIN) return sin(x);
  if (kind == SILU) return silu(x);
  if (kind == GELU) return gelu(x);
  return x;
}

@inline
function row(kind: i32, argument: f32, h: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  const scale = f32x4.splat(a);
  const unit = f32x4.splat(b);
  const slope = f32x4.splat(argument);
  for (let i: usize = 0; i < bytes; i += 16) {
    const y = lanes(kind, f32x4.mul(v128.load(h + i), scale), slope);
    v128.store(x + i, f32x4.mul(y, unit));
  }
}

/**
 * x = φ(a·h)·b along a row; h and x may be the same.
 * @param bytes length of the row in bytes, a multiple of 16
 */
export function activate(kind: i32, argument: f32, h: usize, x: usize, bytes: usize, a: f64, b: f64): void {
  const scale = <f32>a;
  const unit = <f32>b;
  switch (kind) {
    case GENERIC:
      for (let i: usize = 0; i < bytes; i += 4) store<f32>(x + i, <f32>(phi(a * load<f32>(h + i)) * b));
      break;
    case LINEAR: row(LINEAR, argument, h, x, bytes, scale, unit); break;
    case RELU: row(RELU, argument, h, x, bytes, scale, unit); break;
    case LEAKY_RELU: row(LEAKY_RELU, argument, h, x, bytes, scale, unit); break;
    case TANH: row(TANH, argument, h, x, bytes, scale, unit); break;
    case ERF: row(ERF, argument, h, x, bytes, scale, unit); break;
    case HARD_TANH: row(HARD_TANH, argument, h, x, bytes, scale, unit); break;
    case SIN: row(SIN, argument, h, x, bytes, scale, unit); break;
    case SILU: row(SILU, argument, h, x, bytes, scale, unit); break;
    default: row(GELU, argument, h, x, bytes, scale, unit);
  }
}
