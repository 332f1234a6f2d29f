/**
 * Profiles of avalanches under way as `avalanche/profile.ts` records them, bit for bit: as they are up to 2048 layers, then means of 2, 4, 8 …
 * layers, of which there are never more than 2048. A function's `trace` is where one of them lies.
 */
export const LIMIT: i32 = 2048;

/** Behind the values: Σ over the layers that don't fill a value yet, layers a value stands for, the first value and the last. */
const PARTIAL: usize = 8192, STRIDE: usize = 8200, FIRST: usize = 8204, LAST: usize = 8208;
export const TRACE_BYTES: usize = 8256;

@inline
function value(trace: usize, at: i32): f64 {
  return <f64>load<f32>(trace + (<usize>at << 2));
}

@inline
export function startProfile(trace: usize): void {
  store<i32>(trace, 1, STRIDE);
}

/** The value of the layer after the first `recorded`. */
@inline
export function append(trace: usize, recorded: i32, v: f64): void {
  if (recorded < LIMIT) store<f32>(trace + (<usize>recorded << 2), <f32>v);
  else appendCoarse(trace, recorded, v);
}

export function appendCoarse(trace: usize, recorded: i32, v: f64): void {
  let stride = load<i32>(trace, STRIDE), partial = load<f64>(trace, PARTIAL);
  store<f32>(trace, <f32>v, LAST);
  if (stride == 1) {
    store<f32>(trace, load<f32>(trace), FIRST);
    partial = 0;
  }
  if (recorded == LIMIT * stride) {
    for (let i = 0; i < LIMIT / 2; i++) {
      store<f32>(trace + (<usize>i << 2), <f32>((value(trace, 2 * i) + value(trace, 2 * i + 1)) / 2));
    }
    stride *= 2;
    store<i32>(trace, stride, STRIDE);
  }
  partial += v;
  if ((recorded + 1) % stride == 0) {
    store<f32>(trace + (<usize>((recorded + 1) / stride - 1) << 2), <f32>(partial / <f64>stride));
    partial = 0;
  }
  store<f64>(trace, partial, PARTIAL);
}

/** The profile of an avalanche of `duration` layers at x = 1/points … 1, to `out`. */
export function resample(trace: usize, duration: i32, points: i32, out: usize): void {
  const layers = <f64>duration, grid = <f64>points;
  if (load<i32>(trace, STRIDE) != 1) {
    for (let g = 1; g <= points; g++, out += 4) store<f32>(out, <f32>coarse(trace, (<f64>g * layers) / grid, duration));
    return;
  }
  // Points before the first layer.
  const before = (points - 1) / duration;
  const start = f32x4.splat(load<f32>(trace));
  let g = 1;
  for (; g + 3 <= before; g += 4, out += 16) v128.store(out, start);
  for (; g <= before; g++, out += 4) v128.store32_lane(out, start, 0);
  const two = f64x2.splat(2), eachLayers = f64x2.splat(layers), eachGrid = f64x2.splat(grid);
  let pair = f64x2(<f64>g, <f64>(g + 1));
  for (; g + 1 < points; g += 2, out += 8, pair = f64x2.add(pair, two)) {
    const position = f64x2.div(f64x2.mul(pair, eachLayers), eachGrid);
    const layer = i32x4.trunc_sat_f64x2_s_zero(position);
    const rest = f64x2.sub(position, f64x2.convert_low_i32x4_s(layer));
    // Each the value at a layer and, beside it in memory, at the next.
    const one = f64x2.promote_low_f32x4(v128.load64_zero(trace + (<usize>(i32x4.extract_lane(layer, 0) - 1) << 2)));
    const other = f64x2.promote_low_f32x4(v128.load64_zero(trace + (<usize>(i32x4.extract_lane(layer, 1) - 1) << 2)));
    const low = v128.shuffle<f64>(one, other, 0, 2), next = v128.shuffle<f64>(one, other, 1, 3);
    const between = f64x2.add(low, f64x2.mul(rest, f64x2.sub(next, low)));
    v128.store64_lane(out, f32x4.demote_f64x2_zero(between), 0);
  }
  for (; g < points; g++, out += 4) {
    const position = (<f64>g * layers) / grid;
    const layer = <i32>position;
    const low = value(trace, layer - 1);
    store<f32>(out, <f32>(low + (position - <f64>layer) * (value(trace, layer) - low)));
  }
  store<f32>(out, load<f32>(trace + (<usize>(duration - 1) << 2)));
}

/** Between the nodes (1, first), the means at their middles, and (duration, last). */
function coarse(trace: usize, position: f64, duration: i32): f64 {
  const stride = load<i32>(trace, STRIDE);
  const first = <f64>load<f32>(trace, FIRST), last = <f64>load<f32>(trace, LAST);
  if (position <= 1) return first;
  const width = <f64>stride;
  const filled = duration / stride, rest = duration % stride;
  const middle = (width + 1) / 2;
  const at = <i32>Math.floor((position - middle) / width);
  let leftX: f64 = 1, left = first;
  if (at >= 0) {
    const node = min(at, filled - 1);
    leftX = middle + <f64>node * width;
    left = value(trace, node);
  }
  let rightX = <f64>duration, right = last;
  if (at + 1 < filled) {
    rightX = middle + <f64>(at + 1) * width;
    right = value(trace, at + 1);
  } else if (rest > 1) {
    const partialX = <f64>(filled * stride) + (<f64>rest + 1) / 2;
    const mean = load<f64>(trace, PARTIAL) / <f64>rest;
    if (position < partialX) {
      rightX = partialX;
      right = mean;
    } else {
      leftX = partialX;
      left = mean;
    }
  }
  return left + ((position - leftX) / (rightX - leftX)) * (right - left);
}
