import { Ended, STATE_WORDS } from './annealed.wgsl.ts';
import { twoSumSource } from './two-sum.wgsl.ts';

/** Bits of `finds`: avalanches are found, thresholds are another for every layer, the last layer is left out, strengths are kept. */
export const Finds = { avalanches: 1, byLayer: 2, leavesOut: 4, kept: 8 } as const;

/**
 * Avalanches by the first-passage rule in WGSL: `found(layer, s, at, place)` goes on with the record of a perturbation, which is laid out as a state of
 * engine annealed, and says whether its avalanche is under way; `place` is where strengths go that are kept. The perturbation may be followed all the same:
 * others of its network need it as long as it is above the engine's own floor.
 */
export const avalanchesSource = /* wgsl */ `
${twoSumSource}
fn finds(what: u32) -> bool { return (params.finds & what) != 0u; }
fn found(layer: u32, s: f32, at: u32, place: u32) -> bool {
  if (states[at + 3u] != ${Ended.no}u) { return false; }
  let bits = bitcast<u32>(s);
  states[at + 2u] = layer;
  if (layer == 1u) { states[at + 6u] = bits; }
  states[at + 7u] = bits;
  // As bits, floats that are not negative are in their order.
  let threshold = bitcast<u32>(floors[select(0u, layer, finds(${Finds.byLayer}u))]);
  if (bits - threshold >= 0x7f800000u - threshold) {
    states[at + 3u] = select(${Ended.below}u, ${Ended.nonFinite}u, (bits & 0x7f800000u) == 0x7f800000u);
    return false;
  }
  let duration = states[at + 4u];
  // One whose last layer is left out is a layer behind.
  let late = finds(${Finds.leavesOut}u);
  if (!late || duration > 0u) {
    let sum = added(vec2f(bitcast<f32>(states[at + 8u]), bitcast<f32>(states[at + 9u])), select(s, bitcast<f32>(states[at + 10u]), late));
    states[at + 8u] = bitcast<u32>(sum.x);
    states[at + 9u] = bitcast<u32>(sum.y);
  }
  states[at + 10u] = bits;
  states[at + 4u] = duration + 1u;
  states[at + 5u] = max(states[at + 5u], bits);
  if (finds(${Finds.kept}u)) { strengths[place + layer - 1u] = s; }
  if (layer < params.depth) { return true; }
  states[at + 3u] = ${Ended.depth}u;
  return false;
}
/** Nothing of a network's avalanches yet. */
fn forget(at: u32, lane: u32, lanes: u32) {
  for (var i = lane; i < ${STATE_WORDS}u * REUSE; i += lanes) { states[at + i] = 0u; }
}
`;
