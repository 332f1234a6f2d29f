/**
 * Streams of `numeric/random.ts` (xoshiro128++, doi:10.1145/3460772) and what they draw, bit for bit: logarithm and exponential are the host's,
 * the edges of the ziggurat are written by it.
 */
@external("math", "log")
declare function log(x: f64): f64;
@external("math", "exp")
declare function exp(x: f64): f64;

export const LAYERS: i32 = 256;

/** Hash of (seed, ensemble, purpose), edges (257 doubles) and heights (257) of the ziggurat: written by the host. */
export const PREFIX: usize = memory.data(16, 16);
export const EDGE: usize = memory.data(2056, 16);
export const HEIGHT: usize = memory.data(2056, 16);

/** States of four streams: word w of stream i at 16·w + 4·i. A function's `at` is where the first word of its stream lies. */
export const STREAMS: usize = memory.data(64, 16);

/** Starts the stream of a perturbation: `absorb` of `numeric/random-key.ts` on the prefix. */
export function seed(at: usize, low: i32, high: i32): void {
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
  store<i32>(at, e);
  store<i32>(at, f, 16);
  store<i32>(at, g, 32);
  store<i32>(at, (e | f | g | h) == 0 ? 1 : h, 48);
}

@inline
function next(at: usize): i32 {
  const a = load<i32>(at), b = load<i32>(at, 16), d = load<i32>(at, 48);
  const third = load<i32>(at, 32) ^ a, fourth = d ^ b;
  store<i32>(at, a ^ fourth);
  store<i32>(at, b ^ third, 16);
  store<i32>(at, third ^ (b << 9), 32);
  store<i32>(at, rotl<i32>(fourth, 11), 48);
  return rotl<i32>(a + d, 7) + a;
}

@inline
export function uniform(at: usize): f64 {
  return (<f64>next(at) + 2147483648.5) * 2.3283064365386963e-10;
}

function tail(at: usize): f64 {
  const from = load<f64>(EDGE, 8);
  while (true) {
    const x = -log(uniform(at)) / from;
    if (-2 * log(uniform(at)) > x * x) return from + x;
  }
}

@inline
export function normal(at: usize): f64 {
  const layer = next(at) & (LAYERS - 1);
  const edge = EDGE + (<usize>layer << 3);
  const x = (<f64>next(at) + 0.5) * load<f64>(edge) * 4.656612873077393e-10;
  return abs(x) < load<f64>(edge, 8) ? x : outside(at, layer, x);
}

/** The 1 in 80 normals that fall outside the part of a layer that lies wholly under the density. */
function outside(at: usize, layer: i32, x: f64): f64 {
  while (true) {
    if (layer == 0) return x < 0 ? -tail(at) : tail(at);
    const height = HEIGHT + (<usize>layer << 3);
    const bottom = load<f64>(height);
    const y = bottom + uniform(at) * (load<f64>(height, 8) - bottom);
    if (y < exp(-0.5 * x * x)) return x;
    layer = next(at) & (LAYERS - 1);
    const edge = EDGE + (<usize>layer << 3);
    x = (<f64>next(at) + 0.5) * load<f64>(edge) * 4.656612873077393e-10;
    if (abs(x) < load<f64>(edge, 8)) return x;
  }
}

/**
 * What spares a gamma its logarithms: u < 1 − {@link factorOf}·x⁴ − {@link marginOf} with a root above 1/2 is accepted by the logarithms, too.
 * With t = slope·x their right side is −3·scale·∫₀ᵗ s³/(1 + s) ds ≥ −3/2·scale·t⁴ where t > −1/2, and ln(1 − y) ≤ −y. The margin is twenty
 * times what they may lose to rounding.
 */
@inline
export function factorOf(scale: f64, slope: f64): f64 { return 1.5 * scale * slope * slope * slope * slope; }
@inline
export function marginOf(scale: f64): f64 { return 1e-14 * (scale + 1); }

/** Gamma of shape ≥ 1. */
@inline
function gamma(at: usize, scale: f64, slope: f64, factor: f64, margin: f64): f64 {
  while (true) {
    const x = normal(at);
    const root = 1 + slope * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = uniform(at);
    const square = x * x;
    if (root > 0.5 && u < 1 - factor * square * square - margin) return scale * v;
    if (u < 1 - 0.0331 * square * square) return scale * v;
    if (log(u) < 0.5 * square + scale * (1 - v + log(v))) return scale * v;
  }
}

let fixed = 0;
/** Constants of {@link chiSquaredFixed}. */
export let fixedScale: f64 = 0, fixedSlope: f64 = 0, fixedFactor: f64 = 0, fixedMargin: f64 = 0;

/** Says how many degrees of freedom {@link chiSquaredFixed} has. */
export function setDegrees(n: i32): void {
  fixed = n;
  fixedScale = <f64>n / 2 - 1.0 / 3;
  fixedSlope = 1 / Math.sqrt(9 * fixedScale);
  fixedFactor = factorOf(fixedScale, fixedSlope);
  fixedMargin = marginOf(fixedScale);
}

/** {@link chiSquared} of as many degrees of freedom as were said, whose constants are at hand. */
export function chiSquaredFixed(at: usize): f64 {
  return fixed < 2 ? chiSquared(at, fixed) : 2 * gamma(at, fixedScale, fixedSlope, fixedFactor, fixedMargin);
}

/** χ² with n degrees of freedom, n ≥ 0 whole; with none it is 0. */
export function chiSquared(at: usize, n: i32): f64 {
  if (n == 1) {
    const x = normal(at);
    return x * x;
  }
  const none = n == 0;
  const scale = (none ? 1 : <f64>n / 2) - 1.0 / 3;
  const slope = 1 / Math.sqrt(9 * scale);
  const drawn = gamma(at, scale, slope, factorOf(scale, slope), marginOf(scale));
  if (!none) return 2 * drawn;
  uniform(at); // its power 1/0 is 0
  return 0;
}
