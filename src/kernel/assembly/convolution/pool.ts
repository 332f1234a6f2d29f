/**
 * y (pixels × channels) = the largest value in each window of x, by channel. Windows as in `convolve`: what lies outside an image counts as
 * the zeros of its border, so x must not be negative.
 * @param side rows, and pixels in a row, of a window
 */
export function maxPool(x: usize, windows: usize, pixels: i32, side: i32, rowBytes: usize, channels: i32, y: usize): void {
  const pixel = <usize>channels << 2;
  for (let i = 0; i < pixels; i++) {
    const corner = x + <usize>load<i32>(windows + (<usize>i << 2));
    let j: usize = 0;
    for (; j + 16 <= pixel; j += 16) {
      let most = v128.load(corner + j);
      for (let r = 0; r < side; r++) {
        let at = corner + rowBytes * <usize>r + j;
        for (let c = 0; c < side; c++) {
          most = f32x4.max(most, v128.load(at));
          at += pixel;
        }
      }
      v128.store(y + j, most);
    }
    for (; j < pixel; j += 4) {
      let most = load<f32>(corner + j);
      for (let r = 0; r < side; r++) {
        let at = corner + rowBytes * <usize>r + j;
        for (let c = 0; c < side; c++) {
          most = max(most, load<f32>(at));
          at += pixel;
        }
      }
      store<f32>(y + j, most);
    }
    y += pixel;
  }
}

/** y (images × channels) = mean over the pixels of each image. */
export function averagePool(x: usize, images: i32, pixels: i32, channels: i32, y: usize): void {
  const pixel = <usize>channels << 2;
  for (let image = 0; image < images; image++) {
    for (let j: usize = 0; j < pixel; j += 4) {
      let sum: f64 = 0;
      for (let p = 0; p < pixels; p++) sum += <f64>load<f32>(x + pixel * <usize>p + j);
      store<f32>(y + j, <f32>(sum / <f64>pixels));
    }
    x += pixel * <usize>pixels;
    y += pixel;
  }
}

/** y = a + b; `count` floats. */
export function add(a: usize, b: usize, y: usize, count: i32): void {
  const bytes = <usize>count << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(y + i, f32x4.add(v128.load(a + i), v128.load(b + i)));
  for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(a + i) + load<f32>(b + i));
}
