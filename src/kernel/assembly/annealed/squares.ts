import { fma, laneSum } from '../simd/fma';
import { ANGLE, RADIUS, rotate } from './state';

/** Neurons a group: four in each lane. */
export const GROUP = 16;
/** Groups that are summed in float32 before the sum goes into float64. */
const BLOCK = 32;

/** 62·2²³ off a float32's bits divides it by 2⁶²; the rest moves the cut of the exponent field from 1 to √½. */
const CUT = 0x3f3504f3;

/**
 * T = −2 ln(u1·u2) ~ χ²₄ from two words: |odd 32-bit integers| in units of 2⁻³¹, so 0 < T ≤ 85.95, with the resolution of u growing
 * towards 0 to 2⁻³¹. One logarithm serves four neurons.
 */
@inline
function radius(w1: v128, w2: v128): v128 {
  const one = i32x4.splat(1);
  const p = f32x4.abs(f32x4.mul(f32x4.convert_i32x4_s(v128.or(w1, one)), f32x4.convert_i32x4_s(v128.or(w2, one))));
  const bits = i32x4.sub(p, i32x4.splat(CUT + (62 << 23)));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(CUT));
  const x = f32x4.sub(m, f32x4.splat(1));
  let t = f32x4.splat(-0.174447351204);
  t = fma(t, x, f32x4.splat(0.287336965934));
  t = fma(t, x, f32x4.splat(-0.299045286843));
  t = fma(t, x, f32x4.splat(0.331247842879));
  t = fma(t, x, f32x4.splat(-0.399136674247));
  t = fma(t, x, f32x4.splat(0.500041482348));
  t = fma(t, x, f32x4.splat(-0.666683712447));
  t = fma(t, x, f32x4.splat(0.99999975927));
  t = fma(t, x, f32x4.splat(-1.99999994838));
  return fma(e, f32x4.splat(-1.3862943611198906), f32x4.mul(t, x));
}

/** The smaller of E·sin²θ and E·cos²θ, θ uniform: a word gives θ/(π/4) in [−1, 1]. The larger is what is left of E. */
@inline
function smaller(e: v128, w: v128): v128 {
  const t = f32x4.mul(f32x4.convert_i32x4_s(w), f32x4.splat(4.656612873077393e-10));
  const q = f32x4.mul(t, t);
  let s = f32x4.splat(-0.000434778256387);
  s = fma(s, q, f32x4.splat(0.010416075462));
  s = fma(s, q, f32x4.splat(-0.126831552527));
  s = fma(s, q, f32x4.splat(0.616850170828));
  return f32x4.mul(e, f32x4.mul(s, q));
}

/** The smaller of T·u and T·(1 − u), u uniform. */
@inline
function smallerPart(t: v128, w: v128): v128 {
  return f32x4.mul(t, f32x4.mul(f32x4.abs(f32x4.convert_i32x4_s(w)), f32x4.splat(2.3283064365386963e-10)));
}

/** Puts bit `bit` of w into the sign. */
@inline
function signed(c: v128, w: v128, bit: i32): v128 {
  return v128.or(c, v128.and(i32x4.shl(w, 31 - bit), i32x4.splat(0x80000000)));
}

/**
 * Writes z² of `groups`·16 independent standard normals z at `out`, for odd squares with the sign of z.
 * Within a pair the smaller one comes first: the order means nothing until neurons are singled out (`loosen`).
 * @returns Σ z²
 */
@inline
function drawSquares(out: usize, groups: i32, signs: bool): f64 {
  let r0 = v128.load(RADIUS), r1 = v128.load(RADIUS, 16), r2 = v128.load(RADIUS, 32), r3 = v128.load(RADIUS, 48);
  let a0 = v128.load(ANGLE), a1 = v128.load(ANGLE, 16), a2 = v128.load(ANGLE, 32), a3 = v128.load(ANGLE, 48);
  let total: f64 = 0;
  while (groups > 0) {
    let sum = f32x4.splat(0);
    const end = out + <usize>(min(groups, BLOCK) << 6);
    groups -= BLOCK;
    for (; out < end; out += 64) {
      const w1 = i32x4.add(r0, r3);
      let s = i32x4.shl(r1, 9);
      r2 = v128.xor(r2, r0);
      r3 = v128.xor(r3, r1);
      r1 = v128.xor(r1, r2);
      r0 = v128.xor(r0, r3);
      r2 = v128.xor(r2, s);
      r3 = rotate(r3, 11);
      const w2 = i32x4.add(r0, r3);
      s = i32x4.shl(r1, 9);
      r2 = v128.xor(r2, r0);
      r3 = v128.xor(r3, r1);
      r1 = v128.xor(r1, r2);
      r0 = v128.xor(r0, r3);
      r2 = v128.xor(r2, s);
      r3 = rotate(r3, 11);
      const t = radius(w1, w2);
      sum = f32x4.add(sum, t);

      const w3 = i32x4.add(a0, a3);
      s = i32x4.shl(a1, 9);
      a2 = v128.xor(a2, a0);
      a3 = v128.xor(a3, a1);
      a1 = v128.xor(a1, a2);
      a0 = v128.xor(a0, a3);
      a2 = v128.xor(a2, s);
      a3 = rotate(a3, 11);
      const w4 = i32x4.add(a0, a3);
      s = i32x4.shl(a1, 9);
      a2 = v128.xor(a2, a0);
      a3 = v128.xor(a3, a1);
      a1 = v128.xor(a1, a2);
      a0 = v128.xor(a0, a3);
      a2 = v128.xor(a2, s);
      a3 = rotate(a3, 11);
      const w5 = i32x4.add(a0, a3);
      s = i32x4.shl(a1, 9);
      a2 = v128.xor(a2, a0);
      a3 = v128.xor(a3, a1);
      a1 = v128.xor(a1, a2);
      a0 = v128.xor(a0, a3);
      a2 = v128.xor(a2, s);
      a3 = rotate(a3, 11);

      const e1 = smallerPart(t, w3);
      const e2 = f32x4.sub(t, e1);
      let c1 = smaller(e1, w4);
      let c2 = f32x4.sub(e1, c1);
      let c3 = smaller(e2, w5);
      let c4 = f32x4.sub(e2, c3);
      if (signs) {
        c1 = signed(c1, w3, 4);
        c2 = signed(c2, w3, 5);
        c3 = signed(c3, w3, 6);
        c4 = signed(c4, w3, 7);
      }
      v128.store(out, c1);
      v128.store(out, c2, 16);
      v128.store(out, c3, 32);
      v128.store(out, c4, 48);
    }
    total += laneSum(sum);
  }
  v128.store(RADIUS, r0);
  v128.store(RADIUS, r1, 16);
  v128.store(RADIUS, r2, 32);
  v128.store(RADIUS, r3, 48);
  v128.store(ANGLE, a0);
  v128.store(ANGLE, a1, 16);
  v128.store(ANGLE, a2, 32);
  v128.store(ANGLE, a3, 48);
  return total;
}

export function squares(out: usize, groups: i32): f64 {
  return drawSquares(out, groups, false);
}

export function signedSquares(out: usize, groups: i32): f64 {
  return drawSquares(out, groups, true);
}

/** Σ z² of `groups`·16 independent standard normals, where no single one is needed. Moves the radius generator only. */
export function sumOfSquares(groups: i32): f64 {
  let r0 = v128.load(RADIUS), r1 = v128.load(RADIUS, 16), r2 = v128.load(RADIUS, 32), r3 = v128.load(RADIUS, 48);
  let total: f64 = 0;
  while (groups > 0) {
    let sum = f32x4.splat(0);
    for (let i = min(groups, BLOCK); i > 0; i--) {
      const w1 = i32x4.add(r0, r3);
      let s = i32x4.shl(r1, 9);
      r2 = v128.xor(r2, r0);
      r3 = v128.xor(r3, r1);
      r1 = v128.xor(r1, r2);
      r0 = v128.xor(r0, r3);
      r2 = v128.xor(r2, s);
      r3 = rotate(r3, 11);
      const w2 = i32x4.add(r0, r3);
      s = i32x4.shl(r1, 9);
      r2 = v128.xor(r2, r0);
      r3 = v128.xor(r3, r1);
      r1 = v128.xor(r1, r2);
      r0 = v128.xor(r0, r3);
      r2 = v128.xor(r2, s);
      r3 = rotate(r3, 11);
      sum = f32x4.add(sum, radius(w1, w2));
    }
    groups -= BLOCK;
    total += laneSum(sum);
  }
  v128.store(RADIUS, r0);
  v128.store(RADIUS, r1, 16);
  v128.store(RADIUS, r2, 32);
  v128.store(RADIUS, r3, 48);
  return total;
}

@inline
function swap(at: usize, other: usize, mask: v128): void {
  const a = v128.load(at), b = v128.load(other);
  v128.store(at, v128.bitselect(b, a, mask));
  v128.store(other, v128.bitselect(a, b, mask));
}

@inline
function keep(at: usize, first: i32, count: i32): f64 {
  const c = v128.and(v128.load(at), i32x4.lt_s(i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(first)), i32x4.splat(count)));
  v128.store(at, c);
  return laneSum(f32x4.abs(c));
}

/**
 * Leaves `count` of the group's 16 neurons, the others zero. Three bits of one more word of the angle generator put the pairs and
 * the halves into random order first, which makes the four of a lane exchangeable.
 * @returns Σ z² of those that are left
 */
export function loosen(group: usize, count: i32): f64 {
  let a0 = v128.load(ANGLE), a1 = v128.load(ANGLE, 16), a2 = v128.load(ANGLE, 32), a3 = v128.load(ANGLE, 48);
  const w = i32x4.add(a0, a3);
  const s = i32x4.shl(a1, 9);
  a2 = v128.xor(a2, a0);
  a3 = v128.xor(a3, a1);
  a1 = v128.xor(a1, a2);
  a0 = v128.xor(a0, a3);
  a2 = v128.xor(a2, s);
  a3 = rotate(a3, 11);
  v128.store(ANGLE, a0);
  v128.store(ANGLE, a1, 16);
  v128.store(ANGLE, a2, 32);
  v128.store(ANGLE, a3, 48);
  swap(group, group + 16, i32x4.shr_s(w, 31));
  swap(group + 32, group + 48, i32x4.shr_s(i32x4.shl(w, 1), 31));
  const halves = i32x4.shr_s(i32x4.shl(w, 2), 31);
  swap(group, group + 32, halves);
  swap(group + 16, group + 48, halves);
  return keep(group, 0, count) + keep(group + 16, 4, count) + keep(group + 32, 8, count) + keep(group + 48, 12, count);
}
