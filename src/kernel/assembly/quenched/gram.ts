import { fma } from '../simd/fma';
import { fmaDouble } from './fma-double';

/** Terms that are summed in float32 before they go to float64. */
const RUN: i32 = 128;

@inline
function accumulate(at: usize, low: v128, high: v128): void {
  v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(low)));
  v128.store(at, f64x2.add(v128.load(at, 16), f64x2.promote_low_f32x4(v128.shuffle<i64>(low, low, 1, 1))), 16);
  v128.store(at, f64x2.add(v128.load(at, 32), f64x2.promote_low_f32x4(high)), 32);
  v128.store(at, f64x2.add(v128.load(at, 48), f64x2.promote_low_f32x4(v128.shuffle<i64>(high, high, 1, 1))), 48);
}

/** Adds the products of four rows (lanes of `a`) with eight (`b`), both packed by eight, to K. */
@inline
function block(a: usize, b: usize, terms: i32, k: usize, stride: usize): void {
  let a0 = f32x4.splat(0), a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0), b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0), d1 = f32x4.splat(0);
  for (let p = 0; p < terms; p++) {
    const x0 = v128.load(b);
    const x1 = v128.load(b, 16);
    let l = v128.load32_splat(a);
    a0 = fma(l, x0, a0);
    a1 = fma(l, x1, a1);
    l = v128.load32_splat(a, 4);
    b0 = fma(l, x0, b0);
    b1 = fma(l, x1, b1);
    l = v128.load32_splat(a, 8);
    c0 = fma(l, x0, c0);
    c1 = fma(l, x1, c1);
    l = v128.load32_splat(a, 12);
    d0 = fma(l, x0, d0);
    d1 = fma(l, x1, d1);
    a += 32;
    b += 32;
  }
  accumulate(k, a0, a1);
  accumulate(k + stride, b0, b1);
  accumulate(k + 2 * stride, c0, c1);
  accumulate(k + 3 * stride, d0, d1);
}

/**
 * Adds X·Xᵀ to the lower triangle of K (up to blocks of eight rows). Every pair of rows is summed in the same order, so that equal
 * rows have equal entries.
 * @param x rows packed by eight: [strip][width][8]
 * @param k float64, rows of `stride` entries (a multiple of 8)
 * @param rows a multiple of 8
 */
export function gram(x: usize, k: usize, rows: i32, width: i32, stride: i32): void {
  const stripBytes = <usize>width << 5;
  const kBytes = <usize>stride << 3;
  for (let done = 0; done < width; done += RUN) {
    const terms = min(RUN, width - done);
    const from = x + (<usize>done << 5);
    for (let i = 0; i < rows; i += 8) {
      const a = from + stripBytes * <usize>(i >> 3);
      let at = k + kBytes * <usize>i;
      for (let half = 0; half < 2; half++) {
        for (let j = 0; j <= i; j += 8) {
          const b = from + stripBytes * <usize>(j >> 3);
          block(a + (<usize>half << 4), b, terms, at + (<usize>j << 3), kBytes);
        }
        at += kBytes << 2;
      }
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
