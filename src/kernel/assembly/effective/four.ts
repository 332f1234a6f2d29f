/** A χ² of the fixed degrees of freedom, then a normal, from each of four streams at once: what `stream.ts` draws, bit for bit. */
import {
  chiSquaredFixed, EDGE, fixedFactor, fixedMargin, fixedScale, fixedSlope, LAYERS, normal, STREAMS,
} from './stream';

/** What was drawn, four doubles each. */
export const CHI: usize = memory.data(32, 16);
export const NOISE: usize = memory.data(32, 16);

// Constants lie in memory, each twice: made of immediates, as V8 makes them, they would take as long as what is done with them.
const HALF: usize = memory.data<f64>([0.5, 0.5], 16), ONE: usize = memory.data<f64>([1, 1], 16);
const ABSOLUTE: usize = memory.data<i64>([0x7fffffffffffffff, 0x7fffffffffffffff], 16);
const LAYER: usize = memory.data<i32>([255, 255, 255, 255], 16);
const SLOPE: usize = memory.data(16, 16), DOUBLE_SCALE: usize = memory.data(16, 16);
const FACTOR: usize = memory.data(16, 16), LIMIT: usize = memory.data(16, 16);
/** For each layer of the ziggurat its edge, in units of a word, and the edge of the next. */
const EDGES: usize = memory.data(4096, 16);

/** Makes constants of those of `stream.ts`. @returns whether {@link drawFour} may be used: roots are above 1/2 whatever normal is inside */
export function prepareFour(): bool {
  for (let layer = 0; layer < LAYERS; layer++) {
    const edge = EDGE + (<usize>layer << 3), to = EDGES + (<usize>layer << 4);
    store<f64>(to, load<f64>(edge) * 4.656612873077393e-10);
    store<f64>(to, load<f64>(edge, 8), 8);
  }
  v128.store(SLOPE, f64x2.splat(fixedSlope));
  v128.store(DOUBLE_SCALE, f64x2.splat(2 * fixedScale));
  v128.store(FACTOR, f64x2.splat(4294967296 * fixedFactor));
  v128.store(LIMIT, f64x2.splat(4294967296 * (1 - fixedMargin) - 2147483648.5));
  return fixedSlope * load<f64>(EDGE, 8) < 0.5;
}

@inline
function rotate(x: v128, k: i32): v128 {
  return v128.or(i32x4.shl(x, k), i32x4.shr_u(x, 32 - k));
}

/** What four streams give in states (a, b, c, d). */
@inline
function output(a: v128, d: v128): v128 {
  return i32x4.add(rotate(i32x4.add(a, d), 7), a);
}

@inline
function upper(words: v128): v128 {
  return v128.shuffle<i32>(words, words, 2, 3, 2, 3);
}

/** Where the edges of four layers of the ziggurat lie. */
@inline
function placesOf(words: v128): v128 {
  return i32x4.shl(v128.and(words, v128.load(LAYER)), 4);
}

/** Normals by the lower two of four words and the edges of their layers. */
@inline
function normals(words: v128, one: v128, other: v128): v128 {
  const middle = f64x2.add(f64x2.convert_low_i32x4_s(words), v128.load(HALF));
  return f64x2.mul(middle, v128.shuffle<f64>(one, other, 0, 2));
}

/** Which normals lie in the part of their layer that is wholly under the density. */
@inline
function inside(x: v128, one: v128, other: v128): v128 {
  return f64x2.lt(v128.and(x, v128.load(ABSOLUTE)), v128.shuffle<f64>(one, other, 1, 3));
}

/** χ² by normals. */
@inline
function chiSquares(x: v128): v128 {
  const root = f64x2.add(v128.load(ONE), f64x2.mul(v128.load(SLOPE), x));
  return f64x2.mul(v128.load(DOUBLE_SCALE), f64x2.mul(f64x2.mul(root, root), root));
}

/** Which of them the lower two of four words accept without logarithms. */
@inline
function accepted(x: v128, words: v128): v128 {
  const square = f64x2.mul(x, x);
  const limit = f64x2.sub(v128.load(LIMIT), f64x2.mul(f64x2.mul(v128.load(FACTOR), square), square));
  return f64x2.lt(f64x2.convert_low_i32x4_s(words), limit);
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
  const at = placesOf(first);
  const e0 = v128.load(EDGES + <usize>i32x4.extract_lane(at, 0)), e1 = v128.load(EDGES + <usize>i32x4.extract_lane(at, 1));
  const e2 = v128.load(EDGES + <usize>i32x4.extract_lane(at, 2)), e3 = v128.load(EDGES + <usize>i32x4.extract_lane(at, 3));
  const x01 = normals(second, e0, e1), x23 = normals(upper(second), e2, e3);
  v128.store(CHI, chiSquares(x01));
  v128.store(CHI, chiSquares(x23), 16);
  const right01 = v128.and(inside(x01, e0, e1), accepted(x01, third));
  const right23 = v128.and(inside(x23, e2, e3), accepted(x23, upper(third)));
  const to = placesOf(fourth);
  const f0 = v128.load(EDGES + <usize>i32x4.extract_lane(to, 0)), f1 = v128.load(EDGES + <usize>i32x4.extract_lane(to, 1));
  const f2 = v128.load(EDGES + <usize>i32x4.extract_lane(to, 2)), f3 = v128.load(EDGES + <usize>i32x4.extract_lane(to, 3));
  const y01 = normals(fifth, f0, f1), y23 = normals(upper(fifth), f2, f3);
  v128.store(NOISE, y01);
  v128.store(NOISE, y23, 16);
  const done01 = v128.and(right01, inside(y01, f0, f1)), done23 = v128.and(right23, inside(y23, f2, f3));
  const done = v128.shuffle<i32>(done01, done23, 0, 2, 4, 6);
  const drawn = i32x4.bitmask(done);
  if (drawn != 15) {
    // The memory still holds the states before: of these lanes they go on from there.
    redraw(drawn);
    a = v128.bitselect(a, v128.load(STREAMS), done);
    b = v128.bitselect(b, v128.load(STREAMS, 16), done);
    c = v128.bitselect(c, v128.load(STREAMS, 32), done);
    d = v128.bitselect(d, v128.load(STREAMS, 48), done);
  }
  v128.store(STREAMS, a);
  v128.store(STREAMS, b, 16);
  v128.store(STREAMS, c, 32);
  v128.store(STREAMS, d, 48);
}
