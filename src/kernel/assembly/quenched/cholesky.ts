import { fmaDouble } from './fma-double';

/** Sum of the lanes. */
@inline
function total(a: v128, b: v128): f64 {
  const sum = f64x2.add(a, b);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Dot product of two rows of float64; `count` is rounded up to a multiple of 4. */
@inline
function dot(x: usize, y: usize, count: i32): f64 {
  let a = f64x2.splat(0), b = f64x2.splat(0);
  const bytes = <usize>count << 3;
  for (let p: usize = 0; p < bytes; p += 32) {
    a = fmaDouble(v128.load(x + p), v128.load(y + p), a);
    b = fmaDouble(v128.load(x + p, 16), v128.load(y + p, 16), b);
  }
  return total(a, b);
}

/** Dot products of four rows with one, each in the order of `dot`. */
@inline
function dots(x0: usize, x1: usize, x2: usize, x3: usize, y: usize, count: i32, out: usize): void {
  let a = f64x2.splat(0), b = f64x2.splat(0), c = f64x2.splat(0), d = f64x2.splat(0);
  let e = f64x2.splat(0), f = f64x2.splat(0), g = f64x2.splat(0), h = f64x2.splat(0);
  const bytes = <usize>count << 3;
  for (let p: usize = 0; p < bytes; p += 32) {
    const u = v128.load(y + p);
    const v = v128.load(y + p, 16);
    a = fmaDouble(v128.load(x0 + p), u, a);
    b = fmaDouble(v128.load(x0 + p, 16), v, b);
    c = fmaDouble(v128.load(x1 + p), u, c);
    d = fmaDouble(v128.load(x1 + p, 16), v, d);
    e = fmaDouble(v128.load(x2 + p), u, e);
    f = fmaDouble(v128.load(x2 + p, 16), v, f);
    g = fmaDouble(v128.load(x3 + p), u, g);
    h = fmaDouble(v128.load(x3 + p, 16), v, h);
  }
  store<f64>(out, total(a, b));
  store<f64>(out, total(c, d), 8);
  store<f64>(out, total(e, f), 16);
  store<f64>(out, total(g, h), 24);
}

const quartet: usize = memory.data(32, 16);

/** Residual variance, relative to the largest possible, at which a row counts as an exact combination of earlier ones. */
export const EXHAUSTED: f64 = 1e-13;

/**
 * Cholesky factor of a correlation matrix C with complete pivoting, cut off where what is left is noise: rows of L stay at
 * their own place, `order[k]` is the row of the k-th pivot. Rows of C that are equal get equal rows of L: the pivot and
 * the ratio to it are computed alike for all.
 * @param c float64, n rows of `stride` entries, symmetric; diagonal 1, or 0 for a row that is zero
 * @param l out, float64, n rows of `stride` entries (a multiple of 8)
 * @param residual out, n float64
 * @param order out, n int32: the pivots, then the rows without one
 * @param limit largest rank
 * @param noise largest residual variance to be dropped
 * @returns the rank
 */
export function cholesky(
  c: usize, l: usize, residual: usize, order: usize, n: i32, stride: i32, limit: i32, noise: f64,
): i32 {
  const rowBytes = <usize>stride << 3;
  memory.fill(l, 0, rowBytes * <usize>n);
  for (let i = 0; i < n; i++) {
    store<i32>(order + (<usize>i << 2), i);
    store<f64>(residual + (<usize>i << 3), load<f64>(c + rowBytes * <usize>i + (<usize>i << 3)));
  }
  const top = min(n, limit);
  for (let k = 0; k < top; k++) {
    let best = k;
    let largest: f64 = -1;
    for (let i = k; i < n; i++) {
      const s = load<f64>(residual + (<usize>load<i32>(order + (<usize>i << 2)) << 3));
      if (s > largest) {
        largest = s;
        best = i;
      }
    }
    if (largest <= noise) return k;
    const row = load<i32>(order + (<usize>best << 2));
    store<i32>(order + (<usize>best << 2), load<i32>(order + (<usize>k << 2)));
    store<i32>(order + (<usize>k << 2), row);
    const at = <usize>k << 3;
    const pivotRow = l + rowBytes * <usize>row;
    const cRow = c + rowBytes * <usize>row;
    const pivot = max(load<f64>(cRow + (<usize>row << 3)) - dot(pivotRow, pivotRow, k), noise * 0.5);
    const root = Math.sqrt(pivot);
    for (let i = k + 1; i < n; i += 4) {
      const count = min(4, n - i);
      const r0 = load<i32>(order + (<usize>i << 2));
      const r1 = count > 1 ? load<i32>(order + (<usize>i << 2), 4) : r0;
      const r2 = count > 2 ? load<i32>(order + (<usize>i << 2), 8) : r0;
      const r3 = count > 3 ? load<i32>(order + (<usize>i << 2), 12) : r0;
      dots(
        l + rowBytes * <usize>r0, l + rowBytes * <usize>r1, l + rowBytes * <usize>r2, l + rowBytes * <usize>r3,
        pivotRow, k, quartet,
      );
      for (let q = 0; q < count; q++) {
        const r = <usize>load<i32>(order + (<usize>(i + q) << 2));
        const s = residual + (r << 3);
        if (load<f64>(s) <= EXHAUSTED) continue;
        const rest = load<f64>(cRow + (r << 3)) - load<f64>(quartet + (<usize>q << 3));
        const ratio = rest / pivot;
        store<f64>(l + rowBytes * r + at, root * ratio);
        store<f64>(s, load<f64>(s) - rest * ratio);
      }
    }
    store<f64>(pivotRow + at, root);
  }
  return top;
}
