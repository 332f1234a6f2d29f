/**
 * y = the largest value in each window of x, by channel, height × width windows an image; y has a border. Windows as in `convolve`: what
 * lies outside an image counts as the zeros of its border, so x must not be negative.
 * @param side rows, and pixels in a row, of a window
 */
export function maxPool(
  x: usize, windows: usize, side: i32, rowBytes: usize, y: usize, images: i32, height: i32, width: i32, channels: i32, border: i32,
): void {
  const pixel = <usize>channels << 2;
  const edge = pixel * <usize>border;
  const outRow = pixel * <usize>(width + 2 * border);
  for (let image = 0; image < images; image++) {
    y += outRow * <usize>border;
    for (let row = 0; row < height; row++) {
      let to = y + edge;
      for (let p = 0; p < width; p++) {
        largest(x + <usize>load<i32>(windows), side, rowBytes, pixel, to);
        windows += 4;
        to += pixel;
      }
      y += outRow;
    }
    y += outRow * <usize>border;
  }
}

@inline
function largest(corner: usize, side: i32, rowBytes: usize, pixel: usize, y: usize): void {
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
