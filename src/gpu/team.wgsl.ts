/** Lanes that a layer is shared out to, whatever the hardware has: the order of additions, hence the bits, depends on them alone. */
export const LANES = 32;

/** Who the lanes of a perturbation are: lanes of one subgroup, a workgroup, or turns of a single invocation. */
export type Shape = 'subgroup' | 'workgroup' | 'invocation';

/** Widths up to which an invocation follows a perturbation alone, beside lanes of a subgroup and of a workgroup. */
const ALONE = { subgroup: 64, workgroup: 256 };

/**
 * The shape for a width on an adapter. A program on the processor does better without workgroups, whose barriers it has to emulate.
 * @param subgroup fewest lanes of a subgroup, 1 where there are none
 */
export function shapeOf(adapter: { readonly software: boolean; readonly subgroup: number }, width: number): Shape {
  if (adapter.software) return 'invocation';
  const shared = adapter.subgroup >= LANES ? 'subgroup' : 'workgroup';
  return width <= ALONE[shared] ? 'invocation' : shared;
}

export interface Team {
  /** Perturbations that a workgroup follows at a time. */
  readonly perturbations: number;
  readonly workgroupSize: number;
  /** `take(…)`, `load(…)`, and `renew(…)` and `layer_key(…)`: keys of layers, by who has time for them. */
  readonly source: string;
  /** WGSL of a function that adds what a function of a lane sums. */
  added(name: string, laneSum: string): string;
}

/** The two sums of all lanes of a subgroup, up to 32: even lanes add the first of both, odd ones the second, which is half of the work. */
const butterflies = (lanes: number): string => {
  const masks = [2, 4, 8, 16].filter((mask) => mask < lanes);
  return /* wgsl */ `
fn added_up(sums: vec2f, lane: u32) -> vec2f {
  ${
    lanes === 1
      ? 'return sums;'
      : `let odd = (lane & 1u) == 1u;
  var s = select(sums.x, sums.y, odd) + subgroupShuffleXor(select(sums.y, sums.x, odd), 1u);
  ${masks.map((mask) => `s += subgroupShuffleXor(s, ${mask}u);`).join(' ')}
  let other = subgroupShuffleXor(s, 1u);
  return vec2f(select(s, other, odd), select(other, s, odd));`
  }
}`;
};

/** ((g0 + g1) + (g2 + g3)) + …: what the remaining butterflies would add. */
function tree(groups: readonly string[]): string {
  if (groups.length === 1) return groups[0]!;
  const half = groups.length / 2;
  return `(${tree(groups.slice(0, half))} + ${tree(groups.slice(half))})`;
}

/** A subgroup, or half of one of 64, for each perturbation; no barriers, so that those of a workgroup go their own ways. */
const subgroupTeam: Team = {
  perturbations: 4,
  workgroupSize: 4 * LANES,
  source: /* wgsl */ `
${butterflies(LANES)}
/** Each lane has the key of one of ${LANES} layers. */
var<private> keys: vec4u;
fn renew(key: vec4u, layer: u32, lane: u32) { keys = hashed(key, (layer & ~${LANES - 1}u) + lane); }
fn layer_key(key: vec4u, layer: u32, in_subgroup: u32) -> vec4u {
  return subgroupShuffle(keys, (in_subgroup & ~${LANES - 1}u) | (layer & ${LANES - 1}u));
}
fn take(lane: u32, in_subgroup: u32) -> u32 {
  var next = 0u;
  if (lane == 0u) { next = atomicAdd(&counters.next, 1u); }
  return subgroupShuffle(next, in_subgroup & ~${LANES - 1}u);
}
fn load(at: u32, lane: u32) -> State { return states[at]; }
`,
  added: (name, laneSum) => /* wgsl */ `
fn ${name}(key: vec4u, v: f32, i: f32, lane: u32) -> vec2f { return added_up(${laneSum}(key, v, i, lane), lane); }
`,
};

/** A workgroup for each perturbation: what is read is uniform, as barriers demand. */
const workgroupTeam = (subgroup: number): Team => ({
  perturbations: 1,
  workgroupSize: LANES,
  source: /* wgsl */ `
${butterflies(subgroup)}
var<workgroup> bench: array<vec2f, ${LANES}>;
var<workgroup> total: vec2f;
var<workgroup> taken: u32;
var<workgroup> loaded: State;
/** Keys of ${LANES} layers. Between the last look at one and the next of all there is a barrier of a sum, or of a perturbation taken. */
var<workgroup> keys: array<vec4u, ${LANES}>;
fn renew(key: vec4u, layer: u32, lane: u32) {
  keys[lane] = hashed(key, (layer & ~${LANES - 1}u) + lane);
  workgroupBarrier();
}
fn layer_key(key: vec4u, layer: u32, in_subgroup: u32) -> vec4u { return keys[layer & ${LANES - 1}u]; }
fn take(lane: u32, in_subgroup: u32) -> u32 {
  if (lane == 0u) { taken = atomicAdd(&counters.next, 1u); }
  return workgroupUniformLoad(&taken);
}
fn load(at: u32, lane: u32) -> State {
  if (lane == 0u) { loaded = states[at]; }
  return workgroupUniformLoad(&loaded);
}
`,
  added: (name, laneSum) => /* wgsl */ `
fn ${name}(key: vec4u, v: f32, i: f32, lane: u32) -> vec2f {
  bench[lane] = added_up(${laneSum}(key, v, i, lane), lane);
  workgroupBarrier();
  if (lane == 0u) { total = ${tree(Array.from({ length: LANES / subgroup }, (_, g) => `bench[${g * subgroup}]`))}; }
  return workgroupUniformLoad(&total);
}
`,
});

/** An invocation for each perturbation, which plays all lanes in turn; pairs of sums are added as soon as both are there. */
const invocationTeam: Team = {
  perturbations: 64,
  workgroupSize: 64,
  source: /* wgsl */ `
fn renew(key: vec4u, layer: u32, lane: u32) {}
fn layer_key(key: vec4u, layer: u32, in_subgroup: u32) -> vec4u { return hashed(key, layer); }
fn take(lane: u32, in_subgroup: u32) -> u32 { return atomicAdd(&counters.next, 1u); }
fn load(at: u32, lane: u32) -> State { return states[at]; }
`,
  added: (name, laneSum) => /* wgsl */ `
fn ${name}(key: vec4u, v: f32, i: f32, lane: u32) -> vec2f {
  var waiting: array<vec2f, 6>;
  var s = vec2f(0.0);
  // Lanes without neurons would add nothing.
  let quads = (params.width + 3u) / 4u;
  let lanes = select(${LANES}u, 1u << (32u - countLeadingZeros(quads - 1u)), quads < ${LANES}u);
  for (var turn = 0u; turn < ${LANES}u; turn++) {
    if (turn >= lanes) { break; }
    s = ${laneSum}(key, v, i, turn);
    let pairs = countTrailingZeros(~turn);
    for (var depth = 0u; depth < ${Math.log2(LANES)}u; depth++) {
      if (depth >= pairs) { break; }
      s = waiting[depth] + s;
    }
    waiting[pairs] = s;
  }
  return s;
}
`,
};

/**
 * How a perturbation's layer is drawn and added up in WGSL: 32 lanes take four neurons in turn and are added in pairs at distance 1, 2, 4, 8
 * and 16. Every shape adds in this tree, so that neither the shape nor the size of subgroups matters to the sum.
 */
export function teamOf(shape: Shape, subgroup: number): Team {
  if (shape === 'subgroup') return subgroupTeam;
  return shape === 'workgroup' ? workgroupTeam(Math.min(subgroup, LANES)) : invocationTeam;
}
