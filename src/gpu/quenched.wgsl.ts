import type { GainKind } from '../kernel/gain-kinds.ts';
import { activationSource } from './activation.wgsl.ts';
import { STATE_WORDS } from './annealed.wgsl.ts';
import { choleskySource } from './cholesky.wgsl.ts';
import { gramSource, PANEL } from './gram.wgsl.ts';
import { normalsSource } from './normals.wgsl.ts';
import { avalanchesSource, Finds } from './quenched-avalanches.wgsl.ts';
import { inputsSource } from './quenched-inputs.wgsl.ts';
import { lanesOf, slotSizes } from './quenched-slots.ts';
import { randomSource } from './random.wgsl.ts';

/** Words of an entry of the list of networks to go on with. */
export const NETWORK_WORDS = 5;
/** Words of the uniform block. */
export const NETWORK_PARAMETER_WORDS = 24;

/** What of networks their source is made for. */
export interface Networks {
  readonly kind: GainKind;
  /** Perturbations that share one, 2 to `MOST_SHARING`. */
  readonly reuse: number;
  readonly postActivation: boolean;
  readonly floor: 'none' | 'constant' | 'layers';
}

/**
 * Quenched networks in WGSL: perturbations that share one go through it together, without a matrix of weights. A workgroup takes an entry of the list,
 * follows its network for a number of layers, leaves its state, takes the next. Given a layer, the rows of the next are Gaussian with the Gram matrix K of
 * their activations, hence F·Z with F·Fᵀ = K: between layers F and a strength m·2^e a perturbation remain, rows have unit variance and their
 * activations units of their own, so nothing underflows. Sums are added in an order that depends on rows and neurons alone. One source makes strengths
 * and finds avalanches: a compiler may round another one in another way.
 */
export function quenchedSource({ kind, reuse, postActivation, floor }: Networks): string {
  const lanes = lanesOf(reuse);
  const blocks = Math.ceil(reuse / 4);
  const sizes = slotSizes(reuse);
  const rows = 4 * blocks;
  return /* wgsl */ `
struct Params {
  prefix: vec4u,
  width: u32, depth: u32, layers: u32, first: u32,
  count: u32, drive_m: f32, drive_e: i32, argument: f32,
  scale: vec2f, inverse: vec2f,
  bias_m: f32, bias_e: i32, records: u32, left: u32,
  floors: u32, zero: u32, finds: u32, unused: u32,
}
struct Entry { low: u32, high: u32, slot: u32, fresh: u32, place: u32 }
struct Counters { next: atomic<u32>, alive: atomic<u32>, work: atomic<u32>, longest: atomic<u32> }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> list: array<Entry>;
@group(0) @binding(2) var<storage, read> floors: array<f32>;
@group(0) @binding(3) var<storage, read_write> states: array<u32>;
@group(0) @binding(4) var<storage, read_write> counters: Counters;
@group(0) @binding(5) var<storage, read_write> strengths: array<f32>;
@group(0) @binding(6) var<storage, read_write> factors: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> grams: array<f32>;
@group(0) @binding(8) var<storage, read_write> lower: array<f32>;

const REUSE = ${reuse}u;
const BLOCKS = ${blocks}u;
const COLUMNS = ${rows}u;
const NONE = 0xffffffffu;
/** Words of a slot's state: rows alive, rank and layer; slots of the rows in order, strengths by slot, places in the round's rows. */
const ORDER = 4u;
const MANTISSAS = ${4 + reuse}u;
const EXPONENTS = ${4 + 2 * reuse}u;
const TURNS = ${4 + 3 * reuse}u;
const ROWS = ${4 + 4 * reuse}u;
/** Where a slot's words begin. */
struct Places { state: u32, factor: u32, scales: u32, gram: u32, lower: u32, record: u32 }

var<workgroup> panel: array<vec4f, ${PANEL}>;
/** Sums of h² of rows, then what is left of their variance. */
var<workgroup> spare: array<f32, ${rows}>;
var<workgroup> bias: array<f32, ${rows}>;
var<workgroup> gain: array<f32, ${rows}>;
/** Slots of the rows, the rows that go on, and their places in the order of pivots. */
var<workgroup> order: array<u32, ${rows}>;
var<workgroup> keep: array<u32, ${rows}>;
var<workgroup> place: array<u32, ${rows}>;
var<workgroup> best: array<atomic<u32>, 2>;
var<workgroup> pivot: f32;
var<workgroup> taken: u32;
var<workgroup> alive: u32;
var<workgroup> ranked: u32;
var<workgroup> reached: u32;
/** Avalanches under way. */
var<workgroup> open: atomic<u32>;
${randomSource}
${normalsSource}
/** Normals of a four of neurons; \`at\` is the key's first word and the number of the four in all rows, \`left\` how many neurons there are from its first on. */
fn drawn(at: u32, key: vec4u, left: u32) -> vec4f {
  return select(vec4f(0.0), normals(words(at, key)), vec4u(0u, 1u, 2u, 3u) < vec4u(left));
}
fn power_of_two(k: i32) -> f32 { return select(bitcast<f32>(u32(clamp(k, -126, 127) + 127) << 23u), 0.0, k < -126); }
fn scaled(x: f32, factor: vec2f) -> f32 { return fma(x, factor.x, x * factor.y); }
${activationSource(kind)}
struct Row { a: f32, b: f32, u: i32, bias: f32 }
/** What a row is multiplied by before φ and after it, its units 2^u, and the biases' strength in these. */
fn row_of(slot: u32, at: Places) -> Row {
  let s = scaling(bitcast<f32>(states[at.state + MANTISSAS + slot]), bitcast<i32>(states[at.state + EXPONENTS + slot]));
  if (params.bias_m == 0.0) { return Row(s.a, s.b, s.u, 0.0); }
  let u = max(s.u, params.bias_e);
  return Row(s.a, s.b * power_of_two(s.u - u), u, params.bias_m * power_of_two(params.bias_e - u));
}
${gramSource(lanes, reuse)}
${choleskySource(lanes)}
${inputsSource(lanes)}
${avalanchesSource}
@compute @workgroup_size(${lanes})
fn follow(@builtin(local_invocation_index) lane: u32) {
  let finding = finds(${Finds.avalanches}u);
  loop {
    if (lane == 0u) { taken = atomicAdd(&counters.next, 1u); }
    let next = workgroupUniformLoad(&taken);
    if (next >= params.count) { break; }
    let entry = list[params.first + next];
    let factor = entry.slot * ${sizes.factors / 4}u;
    let at = Places(entry.slot * ${sizes.states}u, factor, factor + BLOCKS * COLUMNS, entry.slot * ${sizes.grams}u, entry.slot * ${sizes.lower}u,
      params.records + entry.slot * ${STATE_WORDS * reuse}u);
    let fresh = entry.fresh != 0u;
    let network = absorb(params.prefix, entry.low, entry.high);
    if (lane == 0u) {
      alive = select(states[at.state], REUSE, fresh);
      ranked = select(states[at.state + 1u], REUSE, fresh);
      reached = select(states[at.state + 2u], 0u, fresh);
    }
    let begun = workgroupUniformLoad(&reached);
    let at_first = workgroupUniformLoad(&alive);
    if (fresh) {
      inputs(hashed(network, 0u), lane, at);
      if (finding) { forget(at.record, lane, ${lanes}u); }
    } else {
      for (var i = lane; i < at_first; i += ${lanes}u) { order[i] = states[at.state + ORDER + i]; }
    }
    workgroupBarrier();
    if (!finding) {
      for (var i = lane; i < at_first; i += ${lanes}u) {
        var column = 0u;
        for (var j = 0u; j < at_first; j++) { column += u32(order[j] < order[i]); }
        states[at.state + ROWS + order[i]] = column;
      }
    }
    var layer = select(begun + 1u, 0u, fresh);
    let stop = min(params.depth, begun + params.layers);
    var work = 0u;
    loop {
      storageBarrier();
      let n = workgroupUniformLoad(&alive);
      let rank = workgroupUniformLoad(&ranked);
      if (layer > stop || n == 0u) { break; }
      let rows_of_fours = (n + 3u) / 4u * 4u;
      work += (rows_of_fours * (rows_of_fours + 48u) + 63u) / 64u;
      for (var block = lane; block < rows_of_fours / 4u; block += ${lanes}u) {
        var a = vec4f(0.0); var b = vec4f(0.0);
        for (var r = 0u; r < 4u; r++) {
          let i = 4u * block + r;
          if (i < n) {
            let row = row_of(order[i], at);
            a[r] = row.a; b[r] = row.b; bias[i] = row.bias;
          }
        }
        factors[at.scales + 2u * block] = a;
        factors[at.scales + 2u * block + 1u] = b;
      }
      if (lane == 0u) { atomicStore(&open, 0u); }
      storageBarrier();
      workgroupBarrier();
      let key = hashed(network, layer);
      ${reuse > 4 ? 'if (n > 4u) { many(n, rank, key, lane, at); } else { few(n, rank, key, lane, at); }' : 'few(n, rank, key, lane, at);'}
      storageBarrier();
      workgroupBarrier();
      for (var i = lane; i < n; i += ${lanes}u) {
        let slot = order[i];
        var goes_on = true;
        if (layer > 0u) {
          ${
            postActivation
              ? 'let root = sqrt(scaled(product_of(i, i, at), params.inverse)); let e = row_of(slot, at).u;'
              : `let root = sqrt(scaled(spare[i], params.inverse)) * bitcast<f32>(states[at.state + MANTISSAS + slot]);
          let e = bitcast<i32>(states[at.state + EXPONENTS + slot]);`
          }
          let s = root * power_of_two(e / 2) * power_of_two(e - e / 2);
          if (finding) {
            let kept = (entry.slot * REUSE + slot) * params.depth;
            if (found(layer, s, at.record + ${STATE_WORDS}u * slot, kept)) { atomicAdd(&open, 1u); }
          } else {
            strengths[entry.place + (layer - begun - 1u) * at_first + states[at.state + ROWS + slot]] = s;
          }
          ${
            floor === 'none'
              ? ''
              : `goes_on = s >= floors[params.floors${floor === 'layers' ? ' + layer' : ''}] && (bitcast<u32>(s) & 0x7f800000u) != 0x7f800000u;`
          }
        }
        place[i] = u32(goes_on);
      }
      workgroupBarrier();
      for (var i = lane; i < n; i += ${lanes}u) {
        var before = 0u;
        for (var j = 0u; j < i; j++) { before += place[j]; }
        if (place[i] == 1u) { keep[before] = i; }
        if (i == n - 1u) {
          let over = finding && layer > 0u && atomicLoad(&open) == 0u;
          alive = select(before + place[i], 0u, over);
        }
      }
      let kept = workgroupUniformLoad(&alive);
      if (layer < params.depth && kept > 0u) { factorise(kept, lane, at); }
      layer++;
    }
    if (lane == 0u) {
      states[at.state] = alive;
      states[at.state + 1u] = ranked;
      states[at.state + 2u] = layer - 1u;
      atomicAdd(&counters.work, work);
      atomicMax(&counters.longest, work);
      let left = select(0u, alive, layer <= params.depth);
      if (left > 0u) { atomicAdd(&counters.alive, 1u); }
      if (finding) { states[params.left + params.first + next] = left; }
    }
  }
}
`;
}
