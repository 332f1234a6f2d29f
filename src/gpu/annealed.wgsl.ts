import { type GainKind, gainSource } from './gain.wgsl.ts';
import { parametersSource } from './params.wgsl.ts';
import { randomSource } from './random.wgsl.ts';
import { LANES, type Shape, teamOf } from './team.wgsl.ts';

/** Words of a slot's state. */
export const STATE_WORDS = 14;
/** Words of an entry of the list of slots to go on with. */
export const ENTRY_WORDS = 4;

/** Neurons of a lane that are added up before they go into its sum: four times this. */
const BLOCK = 16;

/**
 * What is made of strengths: rows, avalanches by the first-passage rule, the same while strengths are kept, or profiles of avalanches whose
 * durations are known.
 */
export type Output = 'rows' | 'avalanches' | 'kept' | 'profiles';

/** What a slot's state says of its perturbation: under way, below the floor, through all layers, or no longer finite. */
export const Ended = { no: 0, below: 1, depth: 2, nonFinite: 3 } as const;

/**
 * The annealed chain in WGSL. A team of lanes takes an entry of the list, follows its perturbation for a number of layers, leaves
 * its state, takes the next. The variance is m·2^e with e even, since float32 doesn't hold the square of a strength below 1e-19.
 * @param even whether all lanes have equally many neurons: then none looks where they end, with the same sums
 */
export function annealedSource(
  kind: GainKind,
  shape: Shape,
  subgroup: number,
  output: Output,
  even: boolean = false,
): string {
  const team = teamOf(shape, subgroup);
  const detects = output === 'avalanches' || output === 'kept';
  const shuffles = shape !== 'invocation' && subgroup > 1;
  return /* wgsl */ `
${shuffles ? 'enable subgroups;\ndiagnostic(off, subgroup_uniformity);' : ''}
${parametersSource}struct Entry { low: u32, high: u32, slot: u32, fresh: u32 }
struct State {
  m: f32, e: i32, layer: u32, ended: u32,
  duration: u32, peak: f32, first: f32, final_strength: f32,
  sum: vec2f, excess: vec2f, last: vec2f,
}
struct Counters { next: atomic<u32>, alive: atomic<u32>, work: atomic<u32>, longest: atomic<u32> }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> list: array<Entry>;
@group(0) @binding(2) var<storage, read> floors: array<f32>;
@group(0) @binding(3) var<storage, read_write> states: array<State>;
@group(0) @binding(4) var<storage, read_write> counters: Counters;
${output === 'avalanches' ? '' : '@group(0) @binding(5) var<storage, read_write> strengths: array<f32>;'}
${randomSource}
${gainSource(kind)}
fn power_of_two(k: i32) -> f32 {
  return select(bitcast<f32>(u32(clamp(k, -126, 127) + 127) << 23u), 0.0, k < -126);
}

struct Scaled { m: f32, e: i32 }
/** x·2^e with its mantissa in [1, 4) and an even exponent. */
fn scaled(x: f32, e: i32) -> Scaled {
  if (x == 0.0) { return Scaled(0.0, 0); }
  let k = (i32((bitcast<u32>(x) >> 23u) & 255u) - 127 + 1000) / 2 * 2 - 1000;
  return Scaled(x * power_of_two(-k), e + k);
}
fn plus_bias(v: Scaled) -> Scaled {
  if (params.bias_m == 0.0) { return v; }
  if (v.m == 0.0) { return Scaled(params.bias_m, params.bias_e); }
  let e = max(v.e, params.bias_e);
  return scaled(v.m * power_of_two(v.e - e) + params.bias_m * power_of_two(params.bias_e - e), e);
}
fn product(x: f32, factor: vec2f) -> f32 { return fma(x, factor.x, x * factor.y); }
fn strength(v: Scaled, mean: f32) -> f32 {
  if (v.e > 254) { return bitcast<f32>(params.infinity); }
  return sqrt(v.m * mean) * power_of_two(v.e / 2);
}

/**
 * Sum of z² and of φ(√v·z)²/v over a lane's neurons of a layer; f is v within float32, i its inverse. Lanes that share a subgroup go round
 * equally often, with zeros where neurons end: nothing promises that they would meet again before their sums are added.
 */
fn lane_sums(key: vec4u, layer: u32, f: f32, i: f32, lane: u32) -> vec2f {
  let n = params.width;
  let quads = (n + 3u) / 4u;
  ${even ? '' : 'let whole = n / 4u;'}
  var sums = vec2f(0.0);
  for (var base = 0u; base < quads; ) {
    var part = vec2f(0.0);
    for (var b = 0; b < ${BLOCK} && base < quads; b++) {
      let q = base + lane;
      base += ${LANES}u;
      ${!even && shape === 'invocation' ? 'if (q >= quads) { break; }' : ''}
      let drawn = squares(key, layer, q);
      var c = drawn.c;
      ${even ? '' : 'if (q >= whole) { c = loosened(drawn, n - 4u * whole); }'}
      ${even || shape === 'invocation' ? '' : 'c = select(vec4f(0.0), c, q < quads);'}
      let g = terms(c, drawn.word, f, i);
      part += vec2f((c.x + c.y) + (c.z + c.w), (g.x + g.y) + (g.z + g.w));
    }
    sums += part;
  }
  return sums;
}
${team.source}
fn sums_of(key: vec4u, layer: u32, v: Scaled, lane: u32) -> vec2f {
  let f = v.m * power_of_two(clamp(v.e, -124, 118));
  return layer_sums(key, layer, f, 1.0 / max(f, 1e-36), lane);
}

/** x, of which no compiler knows that it is x: Metal and Direct3D add and subtract in any order, as if nothing were lost. */
fn rounded(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ params.zero); }

/** a + b and what the sum lost (Knuth's two-sum). */
fn added(a: vec2f, b: f32) -> vec2f {
  let s = rounded(a.x + b);
  let t = rounded(s - a.x);
  let r = rounded(s - t);
  return vec2f(s, a.y + rounded(rounded(a.x - r) + rounded(b - t)));
}

@compute @workgroup_size(${team.workgroupSize})
fn follow(@builtin(local_invocation_index) local: u32${
    shape === 'subgroup' ? ', @builtin(subgroup_invocation_id) in_subgroup: u32' : ''
  }) {
  let lane = ${shape === 'invocation' ? '0u' : `local % ${LANES}u`};
  ${shape === 'subgroup' ? '' : 'let in_subgroup = 0u;'}
  loop {
    let at = take(lane, in_subgroup);
    if (at >= params.count) { break; }
    let entry = list[params.first + at];
    let key = absorb(params.prefix, entry.low, entry.high);
    var state: State;
    if (entry.fresh != 0u && params.again == 0u) {
      state = State();
      var v = Scaled(params.drive_m, params.drive_e);
      ${
        kind === 'linear'
          ? 'v = scaled(product(v.m, params.scale) * f32(params.width), v.e);'
          : `let norm = sums_of(key, 0u, Scaled(1.0, 0), lane).x;
      v = scaled(v.m * f32(params.width) / max(norm, 1e-30), v.e);
      v = scaled(product(v.m * sums_of(key, 0u, v, lane).y, params.scale), v.e);`
      }
      v = plus_bias(v);
      state.m = v.m; state.e = v.e;
    } else { state = load(entry.slot, lane); }
    let begun = state.layer;
    let last = ${output === 'profiles' ? 'entry.fresh' : 'params.depth'};
    let stop = ${detects ? 'select(min(last, begun + params.layers), begun, state.ended != 0u)' : 'min(last, begun + params.layers)'};
    loop {
      if (state.layer >= stop) { break; }
      state.layer++;
      let v = Scaled(state.m, state.e);
      let sums = sums_of(key, state.layer, v, lane);
      let s = strength(v, product(select(sums.x, sums.y, (params.observable & 1u) == 1u), params.inverse));
      let next = plus_bias(scaled(product(v.m * sums.y, params.scale), v.e));
      state.m = next.m; state.e = next.e;
      ${output === 'rows' ? 'if (lane == 0u) { strengths[(params.first + at) * params.stride + state.layer - begun - 1u] = s; }' : ''}
      ${output === 'profiles' ? '' : FLOOR}
      ${DETECT[output]}
    }
    if (lane == 0u) {
      states[entry.slot] = state;
      atomicAdd(&counters.work, state.layer - begun);
      atomicMax(&counters.longest, state.layer - begun);
      if (${output === 'profiles' ? 'state.layer < last' : 'state.ended == 0u'}) { atomicAdd(&counters.alive, 1u); }
    }
  }
}
`;
}

/** Where a perturbation ends. */
const FLOOR = /* wgsl */ `
      if (state.layer == params.depth) { state.ended = ${Ended.depth}u; }
      if (state.layer == 1u) { state.first = s; }
      state.final_strength = s;
      if (params.floor_mode == 0u) { continue; }
      let threshold = floors[select(0u, state.layer, params.floor_mode == 2u)];
      if ((bitcast<u32>(s) & 0x7f800000u) == 0x7f800000u) { state.ended = ${Ended.nonFinite}u; break; }
      if (!(s >= threshold)) { state.ended = ${Ended.below}u; break; }`;

/** One whose last layer is left out is a layer behind. */
const AVALANCHES = /* wgsl */ `
      state.duration++;
      let above = s - threshold;
      if (params.leaves_out == 0u) {
        state.sum = added(state.sum, s);
        state.excess = added(state.excess, above);
      } else {
        if (state.duration > 1u) {
          state.sum = added(state.sum, state.last.y);
          state.excess = added(state.excess, state.last.x);
        }
        state.last = vec2f(above, s);
      }
      state.peak = max(state.peak, s);`;

const DETECT: Readonly<Record<Output, string>> = {
  rows: '',
  avalanches: AVALANCHES,
  kept: /* wgsl */ `${AVALANCHES}
      if (lane == 0u) { strengths[entry.slot * params.stride + state.layer - 1u] = s; }`,
  // Points g/G of the grid whose layers g·D/G lie between the layer before, whose value is in peak, and this one; ended counts them.
  profiles: /* wgsl */ `
      let threshold = floors[select(0u, state.layer, params.floor_mode == 2u)];
      let x = select(s, s - threshold, (params.observable & 2u) == 2u);
      let points = params.stride;
      loop {
        if (state.ended == points || (state.ended + 1u) * last > state.layer * points) { break; }
        state.ended++;
        let part = state.ended * last - (state.layer - 1u) * points;
        let between = state.peak + (x - state.peak) * (f32(part) / f32(points));
        if (lane == 0u) {
          strengths[entry.slot * points + state.ended - 1u] = select(between, x, state.layer == 1u || part == points);
        }
      }
      state.peak = x;`,
};
