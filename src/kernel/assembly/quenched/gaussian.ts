import { fma } from '../simd/fma';

/** Bytes of a generator's state: four lanes of xoshiro128++ (Blackman & Vigna, ACM TOMS 47, 36 (2021), doi:10.1145/3460772). */
export const STATE_BYTES: usize = 64;

@inline
function rotl(x: v128, k: i32): v128 {
  return v128.or(i32x4.shl(x, k), i32x4.shr_u(x, 32 - k));
}

/** ln u for u in (0, 1]; relative error of 2e-7 also where u is near 1. */
@inline
function log(u: v128): v128 {
  // u = 2^e·m with m in [√½, √2): the offset moves the cut of the exponent field from 1 to √½.
  const bits = i32x4.sub(u, i32x4.splat(0x3f3504f3));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const x = f32x4.sub(m, f32x4.splat(1));
  let p = f32x4.splat(-0.10106894373893738);
  p = fma(p, x, f32x4.splat(0.16222579777240753));
  p = fma(p, x, f32x4.splat(-0.17250829935073853));
  p = fma(p, x, f32x4.splat(0.19900165498256683));
  p = fma(p, x, f32x4.splat(-0.24969908595085144));
  p = fma(p, x, f32x4.splat(0.33335059881210327));
  p = fma(p, x, f32x4.splat(-0.5000036358833313));
  p = fma(p, x, f32x4.splat(0.9999999403953552));
  return fma(e, f32x4.splat(0.6931471805599453), f32x4.mul(p, x));
}

/**
 * Writes standard normal numbers (Box–Muller) and moves the generator on.
 * @param state pointer to STATE_BYTES bytes
 * @param out pointer to float32, aligned to 16 bytes
 * @param count a multiple of 8
 */
export function gaussian(state: usize, out: usize, count: i32): void {
  let s0 = v128.load(state);
  let s1 = v128.load(state, 16);
  let s2 = v128.load(state, 32);
  let s3 = v128.load(state, 48);
  const end = out + (<usize>count << 2);
  for (let p = out; p < end; p += 32) {
    const a = i32x4.add(rotl(i32x4.add(s0, s3), 7), s0);
    let t = i32x4.shl(s1, 9);
    s2 = v128.xor(s2, s0);
    s3 = v128.xor(s3, s1);
    s1 = v128.xor(s1, s2);
    s0 = v128.xor(s0, s3);
    s2 = v128.xor(s2, t);
    s3 = rotl(s3, 11);
    const b = i32x4.add(rotl(i32x4.add(s0, s3), 7), s0);
    t = i32x4.shl(s1, 9);
    s2 = v128.xor(s2, s0);
    s3 = v128.xor(s3, s1);
    s1 = v128.xor(s1, s2);
    s0 = v128.xor(s0, s3);
    s2 = v128.xor(s2, t);
    s3 = rotl(s3, 11);

    // Radius from 32 bits as |signed|·2^-31, so that small u keep their resolution; u = 0 becomes 2^-33 (|z| ≤ 6.76).
    const u = f32x4.mul(f32x4.abs(f32x4.convert_i32x4_s(a)), f32x4.splat(4.656612873077393e-10));
    const r = f32x4.sqrt(f32x4.mul(log(f32x4.pmax(f32x4.splat(1.1641532182693481e-10), u)), f32x4.splat(-2)));
    // Angle: 30 bits within a quarter turn around 0, two bits for the quadrant.
    const x = f32x4.mul(f32x4.convert_i32x4_s(v128.and(b, i32x4.splat(-4))), f32x4.splat(2.3283064365386963e-10));
    const y = f32x4.mul(x, x);
    let s = f32x4.splat(-0.004601659253239632);
    s = fma(s, y, f32x4.splat(0.07968003302812576));
    s = fma(s, y, f32x4.splat(-0.6459634900093079));
    s = fma(s, y, f32x4.splat(1.5707963705062866));
    s = f32x4.mul(f32x4.mul(s, x), r);
    let c = f32x4.splat(-0.020398588851094246);
    c = fma(c, y, f32x4.splat(0.2535949647426605));
    c = fma(c, y, f32x4.splat(-1.233696699142456));
    c = fma(c, y, f32x4.splat(0.9999999403953552));
    // A half turn flips both signs, a quarter turn takes (c, s) to (−s, c).
    const sign = i32x4.shl(b, 31);
    s = v128.xor(s, sign);
    c = v128.xor(f32x4.mul(c, r), sign);
    const quarter = i32x4.shr_s(i32x4.shl(b, 30), 31);
    v128.store(p, v128.bitselect(f32x4.neg(s), c, quarter));
    v128.store(p, v128.bitselect(c, s, quarter), 16);
  }
  v128.store(state, s0);
  v128.store(state, s1, 16);
  v128.store(state, s2, 32);
  v128.store(state, s3, 48);
}
