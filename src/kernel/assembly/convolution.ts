/**
 * Convolutional networks in single precision. Tensors are batches of images, row-major with the channels last; a border of zeros around
 * each image, where it has one, is what padded windows read.
 */
import { pack } from './matrix/pack';
import { fma } from './simd/fma';

export { add } from './convolution/add';
export { averagePool, maxPool } from './convolution/pool';
export { normalise, observe } from './convolution/normalise';

const tile: usize = (__heap_base + 63) & ~63;
const start: usize = tile + 128;
/** Output pixels that share a strip of weights before the next strip is taken. */
const PIXELS: i32 = 64;

/** Where callers' tensors may begin. */
export function arena(): usize { return start; }

/** Rearranges weights (depth × channels, row-major) to strips of 8 channels, the last one filled up with zeros. */
export function packWeights(weights: usize, depth: i32, channels: i32, out: usize): void {
  pack(weights, channels, channels, depth, 8, true, out);
}

/** Four pixels by eight channels: sums over `rows` rows of `run` floats, `rowBytes` apart in the image, consecutive in the weights. */
@inline
function micro(
  p0: usize, p1: usize, p2: usize, p3: usize, rows: i32, run: i32, rowBytes: usize, b: usize, c: usize, stride: usize,
): void {
  let a0 = f32x4.splat(0), a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0), b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0), d1 = f32x4.splat(0);
  const back = rowBytes - (<usize>run << 2);
  for (let r = 0; r < rows; r++) {
    let k = 0;
    // Two steps a turn: pointers move half as often.
    for (; k + 2 <= run; k += 2) {
      let x0 = v128.load(b);
      let x1 = v128.load(b, 16);
      let l = v128.load32_splat(p0);
      a0 = fma(l, x0, a0);
      a1 = fma(l, x1, a1);
      l = v128.load32_splat(p1);
      b0 = fma(l, x0, b0);
      b1 = fma(l, x1, b1);
      l = v128.load32_splat(p2);
      c0 = fma(l, x0, c0);
      c1 = fma(l, x1, c1);
      l = v128.load32_splat(p3);
      d0 = fma(l, x0, d0);
      d1 = fma(l, x1, d1);
      x0 = v128.load(b, 32);
      x1 = v128.load(b, 48);
      l = v128.load32_splat(p0, 4);
      a0 = fma(l, x0, a0);
      a1 = fma(l, x1, a1);
      l = v128.load32_splat(p1, 4);
      b0 = fma(l, x0, b0);
      b1 = fma(l, x1, b1);
      l = v128.load32_splat(p2, 4);
      c0 = fma(l, x0, c0);
      c1 = fma(l, x1, c1);
      l = v128.load32_splat(p3, 4);
      d0 = fma(l, x0, d0);
      d1 = fma(l, x1, d1);
      p0 += 8;
      p1 += 8;
      p2 += 8;
      p3 += 8;
      b += 64;
    }
    if (k < run) {
      const x0 = v128.load(b);
      const x1 = v128.load(b, 16);
      let l = v128.load32_splat(p0);
      a0 = fma(l, x0, a0);
      a1 = fma(l, x1, a1);
      l = v128.load32_splat(p1);
      b0 = fma(l, x0, b0);
      b1 = fma(l, x1, b1);
      l = v128.load32_splat(p2);
      c0 = fma(l, x0, c0);
      c1 = fma(l, x1, c1);
      l = v128.load32_splat(p3);
      d0 = fma(l, x0, d0);
      d1 = fma(l, x1, d1);
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      b += 32;
    }
    p0 += back;
    p1 += back;
    p2 += back;
    p3 += back;
  }
  v128.store(c, a0);
  v128.store(c, a1, 16);
  c += stride;
  v128.store(c, b0);
  v128.store(c, b1, 16);
  c += stride;
  v128.store(c, c0);
  v128.store(c, c1, 16);
  c += stride;
  v128.store(c, d0);
  v128.store(c, d1, 16);
}

/**
 * y (pixels × channels) = windows of x times weights, without copying the windows out.
 * @param windows byte offset into x of the first float of each pixel's window (int32)
 * @param rows rows of a window
 * @param run floats of a row of a window: its width times the channels of x
 * @param rowBytes distance of two rows of x
 * @param weights as `packWeights` gives them, rows·run deep
 */
export function convolve(
  x: usize, windows: usize, pixels: i32, rows: i32, run: i32, rowBytes: usize, weights: usize, channels: i32, y: usize,
): void {
  const stride = <usize>channels << 2;
  const strip = <usize>(rows * run) << 5;
  for (let from = 0; from < pixels; from += PIXELS) {
    const to = min(from + PIXELS, pixels);
    let w = weights;
    for (let j = 0; j < channels; j += 8) {
      for (let i = from; i < to; i += 4) {
        const last = to - 1;
        const p0 = x + <usize>load<i32>(windows + (<usize>i << 2));
        const p1 = x + <usize>load<i32>(windows + (<usize>min(i + 1, last) << 2));
        const p2 = x + <usize>load<i32>(windows + (<usize>min(i + 2, last) << 2));
        const p3 = x + <usize>load<i32>(windows + (<usize>min(i + 3, last) << 2));
        const whole = i + 4 <= to && j + 8 <= channels;
        const at = y + stride * <usize>i + (<usize>j << 2);
        micro(p0, p1, p2, p3, rows, run, rowBytes, w, whole ? at : tile, whole ? stride : 32);
        if (!whole) corner(at, stride, min(4, to - i), min(8, channels - j));
      }
      w += strip;
    }
  }
}

/** Copies the valid corner of the tile. */
function corner(y: usize, stride: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) memory.copy(y + stride * <usize>r, tile + (<usize>r << 5), <usize>columns << 2);
}
