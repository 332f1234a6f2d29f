/** A χ² of the fixed degrees of freedom, then a normal, from each of four streams at once: what `stream.ts` draws, bit for bit. */
import {
  chiSquaredFixed, EDGE, fixedFactor, fixedMargin, fixedScale, fixedSlope, LAYERS, normal, STREAMS,
} from './stream';

/** What was drawn, four doubles each. */
export const CHI: usize = memory.data(32, 16);
export const NOISE: usize = memory.data(32, 16);

@inline
function rotate(x: v128, k: i32): v128 {
  return v128.or(i32x4.shl(x, k), i32x4.shr_u(x, 32 - k));
}

/** What four streams give in states (a, b, c, d). */
@inline
function output(a: v128, d: v128): v128 {
  return i32x4.add(rotate(i32x4.add(a, d), 7), a);
}

/** Normals by two words each, to `out`. @returns which of them lie in the part of their layer that is wholly under the density */
@inline
function normals(layers: v128, words: v128, out: usize): v128 {
  const at = i32x4.add(i32x4.shl(v128.and(layers, i32x4.splat(LAYERS - 1)), 3), i32x4.splat(<i32>EDGE));
  const first = v128.load(<usize>i32x4.extract_lane(at, 0)), second = v128.load(<usize>i32x4.extract_lane(at, 1));
  const third = v128.load(<usize>i32x4.extract_lane(at, 2)), fourth = v128.load(<usize>i32x4.extract_lane(at, 3));
  const half = f64x2.splat(0.5), unit = f64x2.splat(4.656612873077393e-10);
  const low = f64x2.convert_low_i32x4_s(words);
  const high = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(words, words, 2, 3, 2, 3));
  const x = f64x2.mul(f64x2.mul(f64x2.add(low, half), v128.shuffle<f64>(first, second, 0, 2)), unit);
  const y = f64x2.mul(f64x2.mul(f64x2.add(high, half), v128.shuffle<f64>(third, fourth, 0, 2)), unit);
  v128.store(out, x);
  v128.store(out, y, 16);
  const inX = f64x2.lt(f64x2.abs(x), v128.shuffle<f64>(first, second, 1, 3));
  const inY = f64x2.lt(f64x2.abs(y), v128.shuffle<f64>(third, fourth, 1, 3));
  return v128.shuffle<i32>(inX, inY, 0, 2, 4, 6);
}

/** χ² by the normals at `at`, in their place, and uniforms. @returns which are accepted without logarithms */
@inline
function chiSquares(at: usize, uniforms: v128): v128 {
  const x = chiPair(at, uniforms);
  const y = chiPair(at + 16, v128.shuffle<i32>(uniforms, uniforms, 2, 3, 2, 3));
  return v128.shuffle<i32>(x, y, 0, 2, 4, 6);
}

@inline
function chiPair(at: usize, words: v128): v128 {
  const x = v128.load(at), one = f64x2.splat(1);
  const root = f64x2.add(one, f64x2.mul(f64x2.splat(fixedSlope), x));
  const v = f64x2.mul(f64x2.mul(root, root), root);
  v128.store(at, f64x2.mul(f64x2.splat(2), f64x2.mul(f64x2.splat(fixedScale), v)));
  const words64 = f64x2.add(f64x2.convert_low_i32x4_s(words), f64x2.splat(2147483648.5));
  const u = f64x2.mul(words64, f64x2.splat(2.3283064365386963e-10));
  const square = f64x2.mul(x, x);
  const loss = f64x2.mul(f64x2.mul(f64x2.splat(fixedFactor), square), square);
  const limit = f64x2.sub(f64x2.sub(one, loss), f64x2.splat(fixedMargin));
  return v128.and(f64x2.lt(u, limit), f64x2.gt(root, f64x2.splat(0.5)));
}

/** Draws once more, one after the other, for streams whose bit is not set. */
function redraw(drawn: i32): void {
  for (let lane = 0; lane < 4; lane++) {
    if ((drawn & (1 << lane)) != 0) continue;
    const at = STREAMS + (<usize>lane << 2), double = <usize>lane << 3;
    store<f64>(CHI + double, chiSquaredFixed(at));
    store<f64>(NOISE + double, normal(at));
  }
}

/** Draws from all four streams. */
@inline
export function drawFour(): void {
  let a = v128.load(STREAMS), b = v128.load(STREAMS, 16), c = v128.load(STREAMS, 32), d = v128.load(STREAMS, 48);
  let shifted: v128;
  const first = output(a, d);
  shifted = i32x4.shl(b, 9), c = v128.xor(c, a), d = v128.xor(d, b), b = v128.xor(b, c), a = v128.xor(a, d);
  c = v128.xor(c, shifted), d = rotate(d, 11);
  const second = output(a, d);
  shifted = i32x4.shl(b, 9), c = v128.xor(c, a), d = v128.xor(d, b), b = v128.xor(b, c), a = v128.xor(a, d);
  c = v128.xor(c, shifted), d = rotate(d, 11);
  const third = output(a, d);
  shifted = i32x4.shl(b, 9), c = v128.xor(c, a), d = v128.xor(d, b), b = v128.xor(b, c), a = v128.xor(a, d);
  c = v128.xor(c, shifted), d = rotate(d, 11);
  const fourth = output(a, d);
  shifted = i32x4.shl(b, 9), c = v128.xor(c, a), d = v128.xor(d, b), b = v128.xor(b, c), a = v128.xor(a, d);
  c = v128.xor(c, shifted), d = rotate(d, 11);
  const fifth = output(a, d);
  shifted = i32x4.shl(b, 9), c = v128.xor(c, a), d = v128.xor(d, b), b = v128.xor(b, c), a = v128.xor(a, d);
  c = v128.xor(c, shifted), d = rotate(d, 11);
  const inside = normals(first, second, CHI);
  const accepted = v128.and(chiSquares(CHI, third), v128.and(inside, normals(fourth, fifth, NOISE)));
  const drawn = i32x4.bitmask(accepted);
  if (drawn != 15) {
    // The memory still holds the states before: of these lanes they go on from there.
    redraw(drawn);
    a = v128.bitselect(a, v128.load(STREAMS), accepted);
    b = v128.bitselect(b, v128.load(STREAMS, 16), accepted);
    c = v128.bitselect(c, v128.load(STREAMS, 32), accepted);
    d = v128.bitselect(d, v128.load(STREAMS, 48), accepted);
  }
  v128.store(STREAMS, a);
  v128.store(STREAMS, b, 16);
  v128.store(STREAMS, c, 32);
  v128.store(STREAMS, d, 48);
}
