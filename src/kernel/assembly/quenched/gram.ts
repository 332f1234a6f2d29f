import { fma } from '../simd/fma';
import { fmaDouble } from './fma-double';

/** Sums of the lanes of four vectors, as one vector. */
@inline
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

@inline
function accumulate(at: usize, pair: v128): void {
  v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(pair)));
}

/**
 * Adds X·Xᵀ to the lower triangle of K (up to blocks of four rows). Products are summed in float32 along a panel and in float64
 * over panels; every pair of rows is summed in the same order, so that equal rows have equal entries.
 * @param x rows of `width` float32
 * @param k float64, rows of `stride` entries (even)
 * @param rows a multiple of 4
 * @param width a multiple of 4
 */
export function gram(x: usize, k: usize, rows: i32, width: i32, stride: i32): void {
  const bytes = <usize>width << 2;
  const kBytes = <usize>stride << 3;
  for (let i = 0; i < rows; i += 4) {
    const x0 = x + bytes * <usize>i;
    const x1 = x0 + bytes;
    const x2 = x1 + bytes;
    const x3 = x2 + bytes;
    let at = k + kBytes * <usize>i;
    for (let j = 0; j < i + 4; j += 2) {
      const y0 = x + bytes * <usize>j;
      const y1 = y0 + bytes;
      let a0 = f32x4.splat(0), a1 = f32x4.splat(0);
      let b0 = f32x4.splat(0), b1 = f32x4.splat(0);
      let c0 = f32x4.splat(0), c1 = f32x4.splat(0);
      let d0 = f32x4.splat(0), d1 = f32x4.splat(0);
      for (let p: usize = 0; p < bytes; p += 16) {
        const u = v128.load(y0 + p);
        const v = v128.load(y1 + p);
        let w = v128.load(x0 + p);
        a0 = fma(w, u, a0);
        a1 = fma(w, v, a1);
        w = v128.load(x1 + p);
        b0 = fma(w, u, b0);
        b1 = fma(w, v, b1);
        w = v128.load(x2 + p);
        c0 = fma(w, u, c0);
        c1 = fma(w, v, c1);
        w = v128.load(x3 + p);
        d0 = fma(w, u, d0);
        d1 = fma(w, v, d1);
      }
      const ab = sums(a0, a1, b0, b1);
      const cd = sums(c0, c1, d0, d1);
      accumulate(at, ab);
      accumulate(at + kBytes, v128.shuffle<f32>(ab, ab, 2, 3, 2, 3));
      accumulate(at + 2 * kBytes, cd);
      accumulate(at + 3 * kBytes, v128.shuffle<f32>(cd, cd, 2, 3, 2, 3));
      at += 16;
    }
  }
}

/** Dot product of two rows of float32, in float64. */
export function dot(x: usize, y: usize, width: i32): f64 {
  const bytes = <usize>width << 2;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let p: usize = 0; p < bytes; p += 16) {
    const a = v128.load(x + p);
    const b = v128.load(y + p);
    low = fmaDouble(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b), low);
    const c = v128.shuffle<i64>(a, a, 1, 1);
    const d = v128.shuffle<i64>(b, b, 1, 1);
    high = fmaDouble(f64x2.promote_low_f32x4(c), f64x2.promote_low_f32x4(d), high);
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Adds X·Xᵀ to the lower triangle of K with every product and sum in float64: for few rows. */
export function gramDouble(x: usize, k: usize, rows: i32, width: i32, stride: i32): void {
  const bytes = <usize>width << 2;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      const at = k + (<usize>(i * stride + j) << 3);
      store<f64>(at, load<f64>(at) + dot(x + bytes * <usize>i, x + bytes * <usize>j, width));
    }
  }
}
