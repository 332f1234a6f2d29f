/**
 * The stream of `numeric/random.ts` (xoshiro128++, doi:10.1145/3460772) and what it draws, bit for bit: logarithm and exponential are the host's,
 * the edges of the ziggurat are written by it.
 */
@external("math", "log")
declare function log(x: f64): f64;
@external("math", "exp")
declare function exp(x: f64): f64;

const LAYERS: i32 = 256;

/** Hash of (seed, ensemble, purpose), edges (257 doubles) and heights (257) of the ziggurat: written by the host. */
export const PREFIX: usize = memory.data(16, 16);
export const EDGE: usize = memory.data(2056, 16);
export const HEIGHT: usize = memory.data(2056, 16);

let a: i32 = 0, b: i32 = 0, c: i32 = 0, d: i32 = 0;
let tailFrom: f64 = 0;

/** Starts the stream of a perturbation: `absorb` of `numeric/random-key.ts` on the prefix. */
export function seed(low: i32, high: i32): void {
  let e = load<i32>(PREFIX) ^ low, f = load<i32>(PREFIX, 4) ^ high, g = load<i32>(PREFIX, 8), h = load<i32>(PREFIX, 12);
  for (let round = 0; round < 8; round++) {
    e += f;
    f = rotl<i32>(f, 5) ^ e;
    e = rotl<i32>(e, 16);
    g += h;
    h = rotl<i32>(h, 8) ^ g;
    e += h;
    h = rotl<i32>(h, 13) ^ e;
    g += f;
    f = rotl<i32>(f, 7) ^ g;
    g = rotl<i32>(g, 16);
  }
  a = e;
  b = f;
  c = g;
  d = (e | f | g | h) == 0 ? 1 : h;
  tailFrom = load<f64>(EDGE, 8);
}

@inline
function next(): i32 {
  const before = a, second = b;
  const sum = before + d, third = c ^ before, fourth = d ^ second;
  b = second ^ third;
  a = before ^ fourth;
  c = third ^ (second << 9);
  d = rotl<i32>(fourth, 11);
  return rotl<i32>(sum, 7) + before;
}

@inline
export function uniform(): f64 {
  return (<f64>next() + 2147483648.5) * 2.3283064365386963e-10;
}

function tail(): f64 {
  while (true) {
    const x = -log(uniform()) / tailFrom;
    if (-2 * log(uniform()) > x * x) return tailFrom + x;
  }
}

@inline
export function normal(): f64 {
  const layer = next() & (LAYERS - 1);
  const at = <usize>layer << 3;
  const x = (<f64>next() + 0.5) * load<f64>(EDGE + at) * 4.656612873077393e-10;
  return abs(x) < load<f64>(EDGE + at, 8) ? x : outside(layer, x);
}

/** The 1 in 80 normals that fall outside the part of a layer that lies wholly under the density. */
function outside(layer: i32, x: f64): f64 {
  while (true) {
    if (layer == 0) return x < 0 ? -tail() : tail();
    const height = HEIGHT + (<usize>layer << 3);
    const bottom = load<f64>(height);
    const y = bottom + uniform() * (load<f64>(height, 8) - bottom);
    if (y < exp(-0.5 * x * x)) return x;
    layer = next() & (LAYERS - 1);
    const edge = EDGE + (<usize>layer << 3);
    x = (<f64>next() + 0.5) * load<f64>(edge) * 4.656612873077393e-10;
    if (abs(x) < load<f64>(edge, 8)) return x;
  }
}

/** Gamma of shape ≥ 1. */
@inline
function gamma(scale: f64, slope: f64): f64 {
  while (true) {
    const x = normal();
    const root = 1 + slope * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = uniform();
    const square = x * x;
    if (u < 1 - 0.0331 * square * square) return scale * v;
    if (log(u) < 0.5 * square + scale * (1 - v + log(v))) return scale * v;
  }
}

let fixedScale: f64 = 0, fixedSlope: f64 = 0, fixed = 0;

/** Says how many degrees of freedom {@link chiSquaredFixed} has. */
export function setDegrees(n: i32): void {
  fixed = n;
  fixedScale = <f64>n / 2 - 1.0 / 3;
  fixedSlope = 1 / Math.sqrt(9 * fixedScale);
}

/** {@link chiSquared} of as many degrees of freedom as were said, whose constants are at hand. */
export function chiSquaredFixed(): f64 {
  return fixed < 2 ? chiSquared(fixed) : 2 * gamma(fixedScale, fixedSlope);
}

/** χ² with n degrees of freedom, n ≥ 0 whole; with none it is 0. */
export function chiSquared(n: i32): f64 {
  if (n == 1) {
    const x = normal();
    return x * x;
  }
  const none = n == 0;
  const scale = (none ? 1 : <f64>n / 2) - 1.0 / 3;
  const drawn = gamma(scale, 1 / Math.sqrt(9 * scale));
  if (!none) return 2 * drawn;
  uniform(); // its power 1/0 is 0
  return 0;
}
