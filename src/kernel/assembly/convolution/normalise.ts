import { fma, laneSum } from '../simd/fma';

/** Pixels that are summed in single precision before the sum goes to double. */
const BLOCK: i32 = 256;

/**
 * Reads images (pixels × channels each) once.
 * @param components components of an image that its mean square is taken over: borders, if read with it, are zeros and don't count
 * @param strengths float32, the root mean square of each image
 * @param sums 2 × channels float64: Σ (x − first) and Σ (x − first)² of each channel are added, `first` the channel's very first value;
 * 0 for none
 */
export function observe(
  x: usize, images: i32, pixels: i32, channels: i32, components: i32, strengths: usize, sums: usize,
): void {
  const first = x;
  const stride = <usize>channels << 2;
  const squares = sums + (<usize>channels << 3);
  for (let image = 0; image < images; image++) {
    let energy: f64 = 0;
    for (let from = 0; from < pixels; from += BLOCK) {
      const count = min(BLOCK, pixels - from);
      let j = 0;
      for (; j + 4 <= channels; j += 4) {
        const column = <usize>j << 2;
        let at = x + column;
        const shift = v128.load(first + column);
        let sum = f32x4.splat(0), square = f32x4.splat(0), all = f32x4.splat(0);
        for (let p = 0; p < count; p++) {
          const v = v128.load(at);
          const d = f32x4.sub(v, shift);
          all = fma(v, v, all);
          sum = f32x4.add(sum, d);
          square = fma(d, d, square);
          at += stride;
        }
        energy += laneSum(all);
        if (sums != 0) {
          addDouble(sums + (<usize>j << 3), sum);
          addDouble(squares + (<usize>j << 3), square);
        }
      }
      for (; j < channels; j++) {
        const column = <usize>j << 2;
        let at = x + column;
        const shift = load<f32>(first + column);
        let sum: f64 = 0, square: f64 = 0;
        for (let p = 0; p < count; p++) {
          const v = <f64>load<f32>(at);
          const d = v - <f64>shift;
          energy += v * v;
          sum += d;
          square += d * d;
          at += stride;
        }
        if (sums != 0) {
          const to = sums + (<usize>j << 3);
          store<f64>(to, load<f64>(to) + sum);
          const toSquare = squares + (<usize>j << 3);
          store<f64>(toSquare, load<f64>(toSquare) + square);
        }
      }
      x += stride * <usize>count;
    }
    store<f32>(strengths + (<usize>image << 2), <f32>Math.sqrt(energy / <f64>components));
  }
}

@inline
function addDouble(at: usize, v: v128): void {
  v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(v)));
  v128.store(at, f64x2.add(v128.load(at, 16), f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3))), 16);
}

/**
 * v = x·scale + shift by channel, then y = v, or max(v, 0) where `rectified`. Writes into images that have a border.
 * @param before, after float32, root mean squares of v and of max(v, 0), one an image
 */
export function normalise(
  x: usize, y: usize, images: i32, height: i32, width: i32, channels: i32, scale: usize, shift: usize, border: i32,
  rectified: bool, before: usize, after: usize,
): void {
  const count = <f64>(height * width * channels);
  const pixel = <usize>channels << 2;
  const edge = pixel * <usize>border;
  const outRow = pixel * <usize>(width + 2 * border);
  const zero = f32x4.splat(0);
  for (let image = 0; image < images; image++) {
    let energy: f64 = 0, positive: f64 = 0;
    y += outRow * <usize>border;
    for (let r = 0; r < height; r++) {
      let to = y + edge;
      let all = f32x4.splat(0), rest = f32x4.splat(0);
      for (let p = 0; p < width; p++) {
        let j: usize = 0;
        for (; j + 16 <= pixel; j += 16) {
          const v = fma(v128.load(x + j), v128.load(scale + j), v128.load(shift + j));
          const u = f32x4.max(v, zero);
          all = fma(v, v, all);
          rest = fma(u, u, rest);
          v128.store(to + j, rectified ? u : v);
        }
        for (; j < pixel; j += 4) {
          const v = load<f32>(x + j) * load<f32>(scale + j) + load<f32>(shift + j);
          const u = max<f32>(v, 0);
          energy += <f64>v * <f64>v;
          positive += <f64>u * <f64>u;
          store<f32>(to + j, rectified ? u : v);
        }
        x += pixel;
        to += pixel;
      }
      energy += laneSum(all);
      positive += laneSum(rest);
      y += outRow;
    }
    y += outRow * <usize>border;
    store<f32>(before + (<usize>image << 2), <f32>Math.sqrt(energy / count));
    store<f32>(after + (<usize>image << 2), <f32>Math.sqrt(positive / count));
  }
}
