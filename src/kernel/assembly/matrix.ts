/** Dense single-precision matrices: multiplication by packed blocks, and what a layer of neurons needs beside it. */
import { activate } from './quenched/activation';
import { fma } from './simd/fma';
import { gaussian } from './quenched/gaussian';
import { pack } from './matrix/pack';

export { addColumns, backTanh } from './matrix/backward';

/** Extents of a block: depth × columns of B fill half a megabyte, rows × depth of A 64 KiB. */
const DEPTH: i32 = 256;
const COLUMNS: i32 = 512;
const ROWS: i32 = 64;

const packedA: usize = (__heap_base + 63) & ~63;
const packedB: usize = packedA + <usize>(ROWS * DEPTH * 4);
const tile: usize = packedB + <usize>(COLUMNS * DEPTH * 4);
const state: usize = tile + 128;
const start: usize = state + 64;

/** Where callers' matrices may begin. */
export function arena(): usize { return start; }
export function generatorPointer(): usize { return state; }

/** C (4 × 8, rows `stride` bytes apart) = or += A·B of two packed strips. */
@inline
function micro(a: usize, b: usize, depth: i32, c: usize, stride: usize, add: bool): void {
  let a0 = f32x4.splat(0), a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0), b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0), d1 = f32x4.splat(0);
  for (let k = 0; k < depth; k++) {
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
    a += 16;
    b += 32;
  }
  write(c, a0, a1, add);
  write(c + stride, b0, b1, add);
  write(c + 2 * stride, c0, c1, add);
  write(c + 3 * stride, d0, d1, add);
}

@inline
function write(at: usize, low: v128, high: v128, add: bool): void {
  v128.store(at, add ? f32x4.add(v128.load(at), low) : low);
  v128.store(at, add ? f32x4.add(v128.load(at, 16), high) : high, 16);
}

/** Copies or adds the valid corner of the tile. */
function corner(c: usize, stride: usize, rows: i32, columns: i32, add: bool): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < columns; j++) {
      const at = c + stride * <usize>r + (<usize>j << 2);
      const value = load<f32>(tile + (<usize>(r * 8 + j) << 2));
      store<f32>(at, add ? load<f32>(at) + value : value);
    }
  }
}

/** C (m × n) = or += op(A) (m × k) · op(B) (k × n), all row-major and dense; op transposes where told. C may not overlap A or B. */
export function matmul(
  a: usize, b: usize, c: usize, m: i32, k: i32, n: i32, transposeA: bool, transposeB: bool, accumulate: bool,
): void {
  const stride = <usize>n << 2;
  const strideA = transposeA ? m : k;
  const strideB = transposeB ? k : n;
  if (k == 0 && !accumulate) memory.fill(c, 0, <usize>m * stride);
  for (let j0 = 0; j0 < n; j0 += COLUMNS) {
    const columns = min(COLUMNS, n - j0);
    for (let k0 = 0; k0 < k; k0 += DEPTH) {
      const depth = min(DEPTH, k - k0);
      const add = accumulate || k0 > 0;
      const fromB = b + (<usize>(transposeB ? j0 * strideB + k0 : k0 * strideB + j0) << 2);
      pack(fromB, strideB, columns, depth, 8, !transposeB, packedB);
      for (let i0 = 0; i0 < m; i0 += ROWS) {
        const rows = min(ROWS, m - i0);
        const fromA = a + (<usize>(transposeA ? k0 * strideA + i0 : i0 * strideA + k0) << 2);
        pack(fromA, strideA, rows, depth, 4, transposeA, packedA);
        for (let j = 0; j < columns; j += 8) {
          const stripB = packedB + (<usize>(j * depth) << 2);
          for (let i = 0; i < rows; i += 4) {
            const at = c + stride * <usize>(i0 + i) + (<usize>(j0 + j) << 2);
            const stripA = packedA + (<usize>(i * depth) << 2);
            const whole = i + 4 <= rows && j + 8 <= columns;
            // One call site keeps one copy of the loop; edges go by way of the tile.
            micro(stripA, stripB, depth, whole ? at : tile, whole ? stride : 32, whole && add);
            if (!whole) corner(at, stride, min(4, rows - i), min(8, columns - j), add);
          }
        }
      }
    }
  }
}

/** Standard normal numbers from the generator's state; `count` a multiple of 8, `out` aligned to 16 bytes. */
export function normal(out: usize, count: i32): void {
  gaussian(state, out, count);
}

/** x ← x·factor; `count` floats. */
export function scale(x: usize, count: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  let i = 0;
  for (; i + 4 <= count; i += 4) v128.store(x + (<usize>i << 2), f32x4.mul(v128.load(x + (<usize>i << 2)), f));
  for (; i < count; i++) store<f32>(x + (<usize>i << 2), load<f32>(x + (<usize>i << 2)) * factor);
}

/** Adds a row of n floats to each of m rows. */
export function addRow(x: usize, bias: usize, m: i32, n: i32): void {
  for (let r = 0; r < m; r++) {
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      v128.store(x + (<usize>j << 2), f32x4.add(v128.load(x + (<usize>j << 2)), v128.load(bias + (<usize>j << 2))));
    }
    for (; j < n; j++) store<f32>(x + (<usize>j << 2), load<f32>(x + (<usize>j << 2)) + load<f32>(bias + (<usize>j << 2)));
    x += <usize>n << 2;
  }
}

/** out = φ(x), `count` floats; both with room for a multiple of 4. */
export function apply(kind: i32, argument: f32, x: usize, out: usize, count: i32): void {
  activate(kind, argument, x, out, <usize>((count + 3) & ~3) << 2, 1, 1);
}

/** Root mean square of each of m rows of n floats, without underflow or overflow; float32 to `out`. */
export function strengths(x: usize, m: i32, n: i32, out: usize): void {
  for (let r = 0; r < m; r++) {
    let sum: f64 = 0;
    let j = 0;
    let low = f64x2.splat(0), high = f64x2.splat(0);
    for (; j + 4 <= n; j += 4) {
      const v = v128.load(x + (<usize>j << 2));
      const a = f64x2.promote_low_f32x4(v);
      const b = f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
      low = f64x2.add(low, f64x2.mul(a, a));
      high = f64x2.add(high, f64x2.mul(b, b));
    }
    for (; j < n; j++) {
      const v = <f64>load<f32>(x + (<usize>j << 2));
      sum += v * v;
    }
    low = f64x2.add(low, high);
    sum += f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
    store<f32>(out + (<usize>r << 2), <f32>Math.sqrt(sum / <f64>n));
    x += <usize>n << 2;
  }
}

