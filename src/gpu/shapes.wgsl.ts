import { parametersSource } from './params.wgsl.ts';

/** Invocations of a workgroup. */
export const SHAPE_GROUP = 64;

/**
 * Profiles in WGSL, from strengths that were kept: point g of G of an avalanche of D layers is the signal at l = g·D/G, linearly
 * interpolated. An entry is the row that the profile goes to, the slot that the strengths are of, and D.
 */
export const shapesSource = /* wgsl */ `
${parametersSource}struct Entry { row: u32, unused: u32, slot: u32, duration: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> list: array<Entry>;
@group(0) @binding(2) var<storage, read> floors: array<f32>;
@group(0) @binding(3) var<storage, read> strengths: array<f32>;
@group(0) @binding(4) var<storage, read_write> profiles: array<f32>;

fn value(slot: u32, layer: u32) -> f32 {
  if (layer == 0u) { return 0.0; }
  let s = strengths[slot * params.stride + layer - 1u];
  return select(s, s - floors[select(0u, layer, params.floor_mode == 2u)], params.excess == 1u);
}

@compute @workgroup_size(${SHAPE_GROUP})
fn follow(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let points = params.points;
  for (var i = id.x; i < params.count * points; i += groups.x * ${SHAPE_GROUP}u) {
    let entry = list[i / points];
    let g = i % points + 1u;
    let layer = (g * entry.duration + points - 1u) / points;
    let part = g * entry.duration - (layer - 1u) * points;
    let x = value(entry.slot, layer);
    let before = value(entry.slot, layer - 1u);
    let between = before + (x - before) * (f32(part) / f32(points));
    profiles[entry.row * points + g - 1u] = select(between, x, layer == 1u || part == points);
  }
}
`;

/**
 * Kept strengths of some slots, one after the other, in WGSL. An entry is the place that a slot's go to, the slot, and their number.
 */
export const gatherSource = /* wgsl */ `
${parametersSource}struct Entry { place: u32, unused: u32, slot: u32, layers: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> list: array<Entry>;
@group(0) @binding(2) var<storage, read> strengths: array<f32>;
@group(0) @binding(3) var<storage, read_write> gathered: array<f32>;

@compute @workgroup_size(${SHAPE_GROUP})
fn follow(
  @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32,
) {
  for (var i = group.x; i < params.count; i += groups.x) {
    let entry = list[i];
    for (var layer = lane; layer < entry.layers; layer += ${SHAPE_GROUP}u) {
      gathered[entry.place + layer] = strengths[entry.slot * params.stride + layer];
    }
  }
}
`;
