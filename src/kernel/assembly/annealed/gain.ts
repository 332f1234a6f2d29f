/**
 * Σ φ(h)² over a buffer of squares c = z² of standard normals, h = √v·z. Where v is small the terms are c·ψ(v·c) with the gain
 * ψ(y) = φ(√y)²/y, so that v itself, kept in float64, comes in only at the end; where φ saturates they are φ². Coefficients and
 * their errors: `coefficients.py`. Odd squares carry the sign of z in the sign of c.
 */
import { fma, laneSum } from '../simd/fma';

export const LINEAR: i32 = 0;
export const LEAKY_RELU: i32 = 1;
export const HARD_TANH: i32 = 2;
export const TANH: i32 = 3;
export const ERF: i32 = 4;
export const SIN: i32 = 5;
export const SILU: i32 = 6;
export const GELU: i32 = 7;

/** Ranges of v with an approximation of their own; squares c stay below 86. */
const TANH_MIDDLE: i32 = 16;
const TANH_SMALL: i32 = 17;
const ERF_SMALL: i32 = 18;
const SIN_SMALL: i32 = 19;
const HARD_TANH_SMALL: i32 = 20;
const SMALL: f64 = 0.1 / 86;
const MIDDLE: f64 = 2.5 / 86;

/** Vectors of four that are summed in float32 before the sum goes into float64. */
const BLOCK: i32 = 64;

@inline
function polynomial3(y: v128, a0: f32, a1: f32, a2: f32, a3: f32): v128 {
  return fma(fma(fma(f32x4.splat(a3), y, f32x4.splat(a2)), y, f32x4.splat(a1)), y, f32x4.splat(a0));
}

/** c·(1 + y·(a0 + a1·y + a2·y²)) */
@inline
function beyondOne(c: v128, y: v128, a0: f32, a1: f32, a2: f32): v128 {
  return fma(f32x4.mul(c, y), fma(fma(f32x4.splat(a2), y, f32x4.splat(a1)), y, f32x4.splat(a0)), c);
}

@inline
function tanhMiddle(c: v128, y: v128): v128 {
  const p = polynomial3(y, 0.999999974352, 0.146291799603, 0.00134398803261, -5.38078157268e-5);
  const q = fma(fma(f32x4.splat(0.165544559956), y, f32x4.splat(0.81295744136)), y, f32x4.splat(1));
  return f32x4.mul(c, f32x4.div(p, q));
}

@inline
function tanhSquare(y: v128): v128 {
  y = f32x4.pmin(f32x4.splat(65), y);
  const p = fma(polynomial3(y, 0.274571146699, 0.0264495918409, 0.00106877004024, 1.74918152531e-5), y, f32x4.splat(1));
  const q = fma(
    fma(polynomial3(y, 0.276163161238, 0.0264251292028, 0.00106897833502, 1.74910497185e-5), y, f32x4.splat(0.941237993638)),
    y,
    f32x4.splat(1),
  );
  return f32x4.mul(y, f32x4.div(p, q));
}

@inline
function erfSquare(y: v128): v128 {
  y = f32x4.pmin(f32x4.splat(17.5), y);
  const p = fma(
    fma(polynomial3(y, 0.03088891599, 0.00194776679558, 0.000125163200036, -7.26235130724e-8), y, f32x4.splat(0.123702225061)),
    y,
    f32x4.splat(1.00000006969),
  );
  const q = fma(
    fma(polynomial3(y, 0.177894081283, 0.0262665848693, 0.00217733356219, 0.000118907318502), y, f32x4.splat(0.647303381167)),
    y,
    f32x4.splat(1),
  );
  return f32x4.mul(y, f32x4.div(p, q));
}

/** sin²√y: the angle less its nearest multiple of π (Cody & Waite, in three parts). */
@inline
function sinSquare(y: v128): v128 {
  const x = f32x4.sqrt(y);
  const k = f32x4.nearest(f32x4.mul(x, f32x4.splat(0.3183098861837907)));
  let r = fma(k, f32x4.splat(-3.140625), x);
  r = fma(k, f32x4.splat(-9.67502593994140625e-4), r);
  r = fma(k, f32x4.splat(-1.509957990978376e-7), r);
  const q = f32x4.pmin(f32x4.splat(2.4674011), f32x4.mul(r, r));
  const s = polynomial3(q, 0.0444429037919, -0.00317209830977, 0.000139213919753, -3.60956632939e-6);
  return f32x4.mul(q, fma(fma(s, q, f32x4.splat(-0.33333297761)), q, f32x4.splat(0.999999986141)));
}

/** exp(−x) for 0 ≤ x ≤ 87. Adding 1.5·2²³ leaves x/ln 2, rounded, in the lowest bits. */
@inline
function expMinus(x: v128): v128 {
  const rounder = f32x4.splat(12582912);
  const t = fma(x, f32x4.splat(1.4426950408889634), rounder);
  const k = f32x4.sub(t, rounder);
  let r = fma(k, f32x4.splat(-0.693359375), x);
  r = fma(k, f32x4.splat(2.12194440e-4), r);
  let e = polynomial3(r, 0.499988948561, -0.166675748089, 0.0419153820678, -0.00829764978574);
  e = fma(fma(e, r, f32x4.splat(-0.999999691976)), r, f32x4.splat(1));
  return f32x4.mul(e, i32x4.sub(i32x4.splat(127 << 23), i32x4.shl(t, 23)));
}

/** c·σ(x)² */
@inline
function siluTerm(c: v128, v: v128): v128 {
  const size = f32x4.abs(c);
  const e = expMinus(f32x4.pmin(f32x4.splat(87), f32x4.sqrt(f32x4.mul(v, size))));
  const one = f32x4.splat(1);
  const top = v128.bitselect(e, one, i32x4.shr_s(c, 31));
  const sigma = f32x4.div(top, f32x4.add(one, e));
  return f32x4.mul(size, f32x4.mul(sigma, sigma));
}

/** c·Φ(x)², from Φ(−|x|) = exp(−x²/2)·M(|x|). */
@inline
function geluTerm(c: v128, v: v128): v128 {
  const size = f32x4.abs(c);
  const y = f32x4.pmin(f32x4.splat(174), f32x4.mul(v, size));
  const x = f32x4.sqrt(y);
  const p = fma(
    polynomial3(x, 0.437252970061, 0.182463396587, 0.040373092909, 0.0040776927186), x, f32x4.splat(0.500000002758),
  );
  const q = fma(
    fma(polynomial3(x, 1.19929714866, 0.467433242931, 0.101207145651, 0.0102211311229), x, f32x4.splat(1.67239089552)),
    x,
    f32x4.splat(1),
  );
  const below = f32x4.mul(expMinus(f32x4.mul(y, f32x4.splat(0.5))), f32x4.div(p, q));
  const phi = v128.bitselect(below, f32x4.sub(f32x4.splat(1), below), i32x4.shr_s(c, 31));
  return f32x4.mul(size, f32x4.mul(phi, phi));
}

/** One term of the sum; `kind` is a constant wherever this is inlined. `v` is the variance, for leaky-relu −a², for hard-tanh at small v 1/v. */
@inline
function term(kind: i32, c: v128, v: v128): v128 {
  if (kind == LEAKY_RELU) return f32x4.pmax(f32x4.mul(c, v), c);
  if (kind == HARD_TANH_SMALL) return f32x4.pmin(v, c);
  if (kind == HARD_TANH) return f32x4.pmin(f32x4.splat(1), f32x4.mul(v, c));
  if (kind == TANH_SMALL) return beyondOne(c, f32x4.mul(v, c), -0.666663815567, 0.377264470496, -0.182943693514);
  if (kind == TANH_MIDDLE) return tanhMiddle(c, f32x4.mul(v, c));
  if (kind == TANH) return tanhSquare(f32x4.mul(v, c));
  if (kind == ERF_SMALL) return beyondOne(c, f32x4.mul(v, c), -0.523598367413, 0.191835752765, -0.0534069727915);
  if (kind == ERF) return erfSquare(f32x4.mul(v, c));
  if (kind == SIN_SMALL) return beyondOne(c, f32x4.mul(v, c), -0.333333328921, 0.04444365245, -0.0031534930722);
  if (kind == SIN) return sinSquare(f32x4.mul(v, c));
  if (kind == SILU) return siluTerm(c, v);
  return geluTerm(c, v);
}

@inline
function sum(kind: i32, at: usize, groups: i32, variance: f32): f64 {
  const v = f32x4.splat(variance);
  let total: f64 = 0;
  let left = groups << 2;
  while (left > 0) {
    let a = f32x4.splat(0), b = f32x4.splat(0);
    const end = at + <usize>(min(left, BLOCK) << 4);
    left -= BLOCK;
    for (; at < end; at += 64) {
      a = f32x4.add(a, f32x4.add(term(kind, v128.load(at), v), term(kind, v128.load(at, 16), v)));
      b = f32x4.add(b, f32x4.add(term(kind, v128.load(at, 32), v), term(kind, v128.load(at, 48), v)));
    }
    total += laneSum(f32x4.add(a, b));
  }
  return total;
}

// One function a loop, called through the table: together in one function they cost the engine's register allocator a third of the speed.
function leakyReluSum(at: usize, groups: i32, v: f32): f64 { return sum(LEAKY_RELU, at, groups, v); }
function hardTanhSum(at: usize, groups: i32, v: f32): f64 { return sum(HARD_TANH, at, groups, v); }
function hardTanhSmallSum(at: usize, groups: i32, v: f32): f64 { return sum(HARD_TANH_SMALL, at, groups, v); }
function tanhSum(at: usize, groups: i32, v: f32): f64 { return sum(TANH, at, groups, v); }
function tanhMiddleSum(at: usize, groups: i32, v: f32): f64 { return sum(TANH_MIDDLE, at, groups, v); }
function tanhSmallSum(at: usize, groups: i32, v: f32): f64 { return sum(TANH_SMALL, at, groups, v); }
function erfSum(at: usize, groups: i32, v: f32): f64 { return sum(ERF, at, groups, v); }
function erfSmallSum(at: usize, groups: i32, v: f32): f64 { return sum(ERF_SMALL, at, groups, v); }
function sinSum(at: usize, groups: i32, v: f32): f64 { return sum(SIN, at, groups, v); }
function sinSmallSum(at: usize, groups: i32, v: f32): f64 { return sum(SIN_SMALL, at, groups, v); }
function siluSum(at: usize, groups: i32, v: f32): f64 { return sum(SILU, at, groups, v); }
function geluSum(at: usize, groups: i32, v: f32): f64 { return sum(GELU, at, groups, v); }

@inline
function call(index: i32, at: usize, groups: i32, v: f64): f64 {
  return call_indirect<f64>(index, at, groups, <f32>v);
}

/** Σ φ(√v·z)² over `groups`·16 squares at `at` (for all kinds but LINEAR, which needs no more than Σ z²). */
export function energy(kind: i32, argument: f64, at: usize, groups: i32, v: f64): f64 {
  const bounded = min(v, 1e36);
  if (kind == TANH) {
    if (v <= SMALL) return v * call(tanhSmallSum.index, at, groups, bounded);
    if (v <= MIDDLE) return v * call(tanhMiddleSum.index, at, groups, bounded);
    return call(tanhSum.index, at, groups, bounded);
  }
  if (kind == LEAKY_RELU) return v * call(leakyReluSum.index, at, groups, -argument * argument);
  if (kind == HARD_TANH) {
    if (v <= 1) return v * call(hardTanhSmallSum.index, at, groups, 1 / v);
    return call(hardTanhSum.index, at, groups, bounded);
  }
  if (kind == ERF) {
    return v <= SMALL ? v * call(erfSmallSum.index, at, groups, bounded) : call(erfSum.index, at, groups, bounded);
  }
  if (kind == SIN) {
    return v <= SMALL ? v * call(sinSmallSum.index, at, groups, bounded) : call(sinSum.index, at, groups, bounded);
  }
  if (kind == SILU) return v * call(siluSum.index, at, groups, bounded);
  return v * call(geluSum.index, at, groups, bounded);
}
