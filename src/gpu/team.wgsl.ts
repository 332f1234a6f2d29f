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
  readonly source: string;
}

const butterflies = (lanes: number): string =>
  [1, 2, 4, 8, 16]
    .filter((mask) => mask < lanes)
    .map((mask) => `s += subgroupShuffleXor(s, ${mask}u);`)
    .join(' ');

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
fn layer_sums(key: vec4u, layer: u32, f: f32, i: f32, lane: u32) -> vec2f {
  var s = lane_sums(key, layer, f, i, lane); ${butterflies(LANES)}
  return s;
}
fn take(lane: u32, in_subgroup: u32) -> u32 {
  var next = 0u;
  if (lane == 0u) { next = atomicAdd(&counters.next, 1u); }
  return subgroupShuffle(next, in_subgroup & ~${LANES - 1}u);
}
fn load(at: u32, lane: u32) -> State { return states[at]; }
`,
};

/** A workgroup for each perturbation: what is read is uniform, as barriers demand. */
const workgroupTeam = (subgroup: number): Team => ({
  perturbations: 1,
  workgroupSize: LANES,
  source: /* wgsl */ `
var<workgroup> bench: array<vec2f, ${LANES}>;
var<workgroup> total: vec2f;
var<workgroup> taken: u32;
var<workgroup> loaded: State;
fn layer_sums(key: vec4u, layer: u32, f: f32, i: f32, lane: u32) -> vec2f {
  var s = lane_sums(key, layer, f, i, lane); ${butterflies(subgroup)}
  bench[lane] = s;
  workgroupBarrier();
  if (lane == 0u) { total = ${tree(Array.from({ length: LANES / subgroup }, (_, g) => `bench[${g * subgroup}]`))}; }
  return workgroupUniformLoad(&total);
}
fn take(lane: u32, in_subgroup: u32) -> u32 {
  if (lane == 0u) { taken = atomicAdd(&counters.next, 1u); }
  return workgroupUniformLoad(&taken);
}
fn load(at: u32, lane: u32) -> State {
  if (lane == 0u) { loaded = states[at]; }
  return workgroupUniformLoad(&loaded);
}
`,
});

/** An invocation for each perturbation, which plays all lanes in turn; pairs of sums are added as soon as both are there. */
const invocationTeam: Team = {
  perturbations: 64,
  workgroupSize: 64,
  source: /* wgsl */ `
fn layer_sums(key: vec4u, layer: u32, f: f32, i: f32, lane: u32) -> vec2f {
  var waiting: array<vec2f, 6>;
  var s = vec2f(0.0);
  // Lanes without neurons would add nothing.
  let quads = (params.width + 3u) / 4u;
  var lanes = 1u;
  while (lanes < min(quads, ${LANES}u)) { lanes *= 2u; }
  for (var turn = 0u; turn < lanes; turn++) {
    s = lane_sums(key, layer, f, i, turn);
    var depth = 0;
    for (var rest = turn; (rest & 1u) == 1u; rest >>= 1u) { s = waiting[depth] + s; depth++; }
    waiting[depth] = s;
  }
  return s;
}
fn take(lane: u32, in_subgroup: u32) -> u32 { return atomicAdd(&counters.next, 1u); }
fn load(at: u32, lane: u32) -> State { return states[at]; }
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
