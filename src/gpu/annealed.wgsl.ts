import type { GainKind } from '../kernel/gain-kinds.ts';
import { gainSource } from './gain.wgsl.ts';
import { ENDLESS, lanesSource, sharingOf } from './lanes.wgsl.ts';
import { parametersSource } from './params.wgsl.ts';
import { randomSource, UNIT } from './random.wgsl.ts';
import { LANES, type Shape, teamOf } from './team.wgsl.ts';
import { twoSumSource } from './two-sum.wgsl.ts';

/** Words of a slot's state. */
export const STATE_WORDS = 12;
/** Words of an entry of the list of slots to go on with. */
export const ENTRY_WORDS = 4;

/**
 * What is made of strengths: rows, avalanches by the first-passage rule, the same while strengths are kept, or profiles of avalanches whose
 * durations are known.
 */
export type Output = 'rows' | 'avalanches' | 'kept' | 'profiles';

/** What a slot's state says of its perturbation: under way, below the floor, through all layers, or no longer finite. */
export const Ended = { no: 0, below: 1, depth: 2, nonFinite: 3 } as const;

/** Which strengths stay, as the uniform block has it: none, those of a round's entries, or those of all layers of a slot. */
export const Kept = { none: 0, rows: 1, slots: 2 } as const;

/** What of a chain its source is made for. */
export interface Chain {
  readonly kind: GainKind;
  readonly width: number;
  readonly postActivation: boolean;
}

/**
 * The annealed chain in WGSL: to find avalanches and to have strengths by one and the same source, since WGSL lets a compiler reassociate and fuse
 * sums and products of another one in another way; profiles have one of their own. A team of lanes takes an entry of the list, follows its perturbation for a number of layers, leaves
 * its state, takes the next. The variance is m·2^e, m in [2^-16, 2^16) and e divisible by 32, since float32 doesn't hold the square of a
 * strength below 1e-19: so few layers have to change e.
 */
export function annealedSource(chain: Chain, shape: Shape, subgroup: number, what: 'followed' | 'profiles'): string {
  const { kind, width, postActivation } = chain;
  const team = teamOf(shape, subgroup);
  const profiles = what === 'profiles';
  const shuffles = shape !== 'invocation' && subgroup > 1;
  return /* wgsl */ `
${shuffles ? 'enable subgroups;\ndiagnostic(off, subgroup_uniformity);' : ''}
${parametersSource}struct Entry { low: u32, high: u32, slot: u32, fresh: u32 }
struct State {
  m: f32, e: i32, layer: u32, ended: u32,
  duration: u32, peak: f32, first: f32, final_strength: f32,
  sum: vec2f, last: f32, unused: f32,
}
struct Counters { next: atomic<u32>, alive: atomic<u32>, work: atomic<u32>, longest: atomic<u32> }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> list: array<Entry>;
@group(0) @binding(2) var<storage, read> floors: array<f32>;
@group(0) @binding(3) var<storage, read_write> states: array<State>;
@group(0) @binding(4) var<storage, read_write> counters: Counters;
@group(0) @binding(5) var<storage, read_write> strengths: array<f32>;
${randomSource}
${gainSource}
fn power_of_two(k: i32) -> f32 { return bitcast<f32>(u32(clamp(k, -126, 127) + 127) << 23u); }

struct Scaled { m: f32, e: i32 }
/** x·2^e with another exponent where the mantissa has left its range. */
fn scaled(x: f32, e: i32) -> Scaled {
  if (x == 0.0) { return Scaled(0.0, 0); }
  let power = i32((bitcast<u32>(x) >> 23u) & 255u) - 127;
  let k = clamp((power + 16 + 1024) / 32 * 32 - 1024, -96, 96);
  return Scaled(x * power_of_two(-k), e + k);
}
fn plus_bias(v: Scaled) -> Scaled {
  if (params.bias_m == 0.0) { return v; }
  if (v.m == 0.0) { return Scaled(params.bias_m, params.bias_e); }
  let e = max(v.e, params.bias_e);
  let apart = min(v.e, params.bias_e) - e;
  let lower = select(0.0, power_of_two(apart), apart >= -126);
  let m = select(v.m, v.m * lower, v.e < e) + select(params.bias_m, params.bias_m * lower, params.bias_e < e);
  return scaled(m, e);
}
/** 2^e in units of the squares, within float32, and 2^(e/4). */
struct Powers { variance: f32, root: f32 }
fn powers(e: i32) -> Powers { return Powers(${UNIT} * power_of_two(clamp(e, -96, 96)), power_of_two(e / 4)); }
fn product(x: f32, factor: vec2f) -> f32 { return fma(x, factor.x, x * factor.y); }
${lanesSource(kind, sharingOf(width), shape)}
${team.source}
${team.added('layer_norm', 'lane_norm')}
${team.added('layer_sums', 'lane_sums')}
${twoSumSource}
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
    let fresh = entry.fresh != 0u && params.again == 0u;
    var state = State();
    if (!fresh) { state = load(entry.slot, lane); }
    // Keys of the layer that comes next: one that begins a row of them has none of the last one's.
    renew(key, state.layer + 1u, lane);
    var v = Scaled(state.m, state.e);
    if (fresh) {
      v = Scaled(params.drive_m, params.drive_e);
      ${
        kind === 'linear'
          ? 'v = plus_bias(scaled(product(v.m, params.scale) / params.inverse.x, v.e));'
          : `let norm = layer_norm(layer_key(key, 0u, in_subgroup), 0.0, 0.0, lane).x;
      v = scaled(v.m / max(product(norm, params.inverse), 1e-30), v.e);`
      }
    }
    var power = powers(v.e);
    let begun = state.layer;
    let last = ${profiles ? 'entry.fresh' : 'params.depth'};
    let stop = ${profiles ? 'min(last, begun + params.layers)' : 'select(min(last, begun + params.layers), begun, state.ended != 0u)'};
    var threshold = floors[0];
    ${profiles ? '' : PLACES}
    // Layer 0 is the input, whose activations only make the next variance.
    var layer = ${kind === 'linear' ? 'begun + 1u' : 'select(begun + 1u, 0u, fresh)'};
    for (var turn = 0u; turn < ${ENDLESS}u; turn++) {
      if (layer > stop) { break; }
      // As if it were read from the state: what a compiler makes of this layer must not depend on whether the one before was in this dispatch.
      v.m = rounded(v.m);
      let f = v.m * power.variance;
      let sums = layer_sums(layer_key(key, layer, in_subgroup), f, 1.0 / max(f, 1e-36), lane);
      let mean = product(sums.${postActivation ? 'y' : 'x'}, params.inverse);
      let s = sqrt(v.m * mean) * power.root * power.root;
      v.m = product(v.m * sums.y, params.scale);
      // Mostly within 2^-16 and 2^16, without a bias: steady is the width of that range in bits of a float32, or 0.
      if (bitcast<u32>(v.m) - ${(127 - 16) << 23}u >= params.steady) {
        v = plus_bias(scaled(v.m, v.e));
        power = powers(v.e);
      }
      state.layer = layer;
      layer++;
      if ((layer & ${LANES - 1}u) == 0u) { renew(key, layer, lane); }
      if (state.layer == 0u) { continue; }
      if (params.floor_mode == 2u) { threshold = floors[state.layer]; }
      ${profiles ? PROFILE : FOUND}
    }
    state.m = v.m; state.e = v.e;
    ${profiles ? '' : `if (state.ended == 0u && state.layer == params.depth) { state.ended = ${Ended.depth}u; }`}
    if (lane == 0u) {
      states[entry.slot] = state;
      atomicAdd(&counters.work, state.layer - begun);
      atomicMax(&counters.longest, state.layer - begun);
      if (${profiles ? 'state.layer < last' : 'state.ended == 0u'}) { atomicAdd(&counters.alive, 1u); }
    }
  }
}
`;
}

/** Where strengths of layers go, if they stay. */
const PLACES = /* wgsl */ `
    let keeper = lane == 0u && params.keeps != ${Kept.none}u;
    let place = select(entry.slot * params.stride, (params.first + at) * params.stride - begun, params.keeps == ${Kept.rows}u) - 1u;`;

/**
 * What is made of a layer's strength s. A perturbation ends below the threshold, or at no finite strength: as bits, floats that are not negative are in
 * their order, and compilers that take no float for infinite have no say. A sum without its last layer is a layer behind.
 */
const FOUND = /* wgsl */ `
      if (keeper) { strengths[place + state.layer] = s; }
      if (state.layer == 1u) { state.first = s; }
      state.final_strength = s;
      if (params.floor_mode != 0u && bitcast<u32>(s) - bitcast<u32>(threshold) >= 0x7f800000u - bitcast<u32>(threshold)) {
        state.ended = select(${Ended.below}u, ${Ended.nonFinite}u, (bitcast<u32>(s) & 0x7f800000u) == 0x7f800000u);
        break;
      }
      state.duration++;
      state.sum = added(state.sum, select(s, state.last, params.leaves_out == 1u));
      state.last = s;
      state.peak = max(state.peak, s);`;

/**
 * Points g/G of the grid whose layers g·D/G lie between the layer before, whose value is in peak, and this one; ended counts them.
 */
const PROFILE = /* wgsl */ `
      let x = select(s, s - threshold, params.excess == 1u);
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
      state.peak = x;`;
