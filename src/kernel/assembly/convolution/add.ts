import { fma, laneSum } from '../simd/fma';

/**
 * v = a + b, then y = v, or max(v, 0) where `rectified`; each of the three lies in images with a border of its own.
 * @param before, after float32, root mean squares of v and of max(v, 0), one an image
 */
export function add(
  a: usize, borderA: i32, b: usize, borderB: i32, y: usize, border: i32, images: i32, height: i32, width: i32, channels: i32,
  rectified: bool, before: usize, after: usize,
): void {
  const count = <f64>(height * width * channels);
  const pixel = <usize>channels << 2;
  const row = pixel * <usize>width;
  const zero = f32x4.splat(0);
  for (let image = 0; image < images; image++) {
    let energy: f64 = 0, positive: f64 = 0;
    for (let r = 0; r < height; r++) {
      const p = at(a, borderA, image, r, height, width, pixel);
      const q = at(b, borderB, image, r, height, width, pixel);
      const to = at(y, border, image, r, height, width, pixel);
      let all = f32x4.splat(0), rest = f32x4.splat(0);
      let j: usize = 0;
      for (; j + 16 <= row; j += 16) {
        const v = f32x4.add(v128.load(p + j), v128.load(q + j));
        const u = f32x4.max(v, zero);
        all = fma(v, v, all);
        rest = fma(u, u, rest);
        v128.store(to + j, rectified ? u : v);
      }
      for (; j < row; j += 4) {
        const v = load<f32>(p + j) + load<f32>(q + j);
        const u = max<f32>(v, 0);
        energy += <f64>v * <f64>v;
        positive += <f64>u * <f64>u;
        store<f32>(to + j, rectified ? u : v);
      }
      energy += laneSum(all);
      positive += laneSum(rest);
    }
    store<f32>(before + (<usize>image << 2), <f32>Math.sqrt(energy / count));
    store<f32>(after + (<usize>image << 2), <f32>Math.sqrt(positive / count));
  }
}

/** Where row r of an image begins. */
@inline
function at(x: usize, border: i32, image: i32, r: i32, height: i32, width: i32, pixel: usize): usize {
  return x + pixel * <usize>((image * (height + 2 * border) + r + border) * (width + 2 * border) + border);
}
