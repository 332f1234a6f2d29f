import type { SignalColumns } from './detector.ts';
import type { DetectorSettings } from './detector-options.ts';
import { BUFFER, DURATION, EXCESS, HIGH, LAYER, LOW, NEXT, type OpenTraces, PEAK, ROOM, SUM } from './open-traces.ts';
import type { ProfileRecorder } from './profile.ts';
import { floorsOf } from './threshold.ts';

/**
 * Takes rows from `from` on for as long as nothing happens: no trace begins or ends, no avalanche begins or ends, no row comes out of
 * order. Nearly all rows are of this kind. Free of calls and only for float32 strengths, so that it
 * compiles to a tight loop on one kind of array. Returns the row where it stopped.
 */
export type Follow = (signal: SignalColumns<Float32Array>, ids: Int32Array, from: number) => number;

/** Follows the trace of the last row, with its state in locals: perturbation-major input. */
export function followTrace(traces: OpenTraces, profiles: ProfileRecorder | null, settings: DetectorSettings): Follow {
  const { threshold, firstPassage, excessProfile } = settings;
  const { floors, constant } = floorsOf(threshold);
  const lastLayer = Math.min(settings.depth, 2 ** 31 - 1);
  return ({ length, layer: layers, strength: strengths }, ids, from) => {
    const { words, doubles, cursor } = traces;
    if (cursor < 0) return from;
    const arena = profiles === null ? null : profiles.arena;
    const at = cursor << 4;
    const low = words[at | LOW]!;
    const high = words[at | HIGH]!;
    const buffer = words[at | BUFFER]!;
    const room = words[at | ROOM]!;
    let layer = words[at | LAYER]!;
    let duration = words[at | DURATION]!;
    let sum = doubles[(cursor << 3) | SUM]!;
    let peak = doubles[(cursor << 3) | PEAK]!;
    let excess = doubles[(cursor << 3) | EXCESS]!;
    let i = from;
    for (; i < length && ids[i << 1] === low && ids[(i << 1) | 1] === high; i++) {
      if (layers[i] !== layer + 1 || layer + 1 >= lastLayer) break;
      const strength = strengths[i]!;
      const floor = floors === null ? constant : floors[layer + 1]!;
      if (strength >= floor) {
        if (duration === 0 || duration >= room || strength === Infinity) break;
        const above = strength - floor;
        if (arena !== null) arena[buffer + duration] = excessProfile ? above : strength;
        duration++;
        sum += strength;
        excess += above;
        if (strength > peak) peak = strength;
      } else if (firstPassage || duration !== 0 || !(strength > -Infinity)) break;
      layer++;
    }
    if (duration !== words[at | DURATION]!) traces.last[(cursor << 1) | 1] = strengths[i - 1]!;
    words[at | LAYER] = layer;
    words[at | DURATION] = duration;
    doubles[(cursor << 3) | SUM] = sum;
    doubles[(cursor << 3) | PEAK] = peak;
    doubles[(cursor << 3) | EXCESS] = excess;
    return i;
  };
}

/** Follows the ring, each row being of the trace after the last one's: layer-major input. */
export function followRing(traces: OpenTraces, profiles: ProfileRecorder | null, settings: DetectorSettings): Follow {
  const { threshold, firstPassage, excessProfile } = settings;
  const { floors, constant } = floorsOf(threshold);
  const lastLayer = Math.min(settings.depth, 2 ** 31 - 1);
  return ({ length, layer: layers, strength: strengths }, ids, from) => {
    const { words, doubles, last } = traces;
    let { cursor } = traces;
    if (cursor < 0) return from;
    const arena = profiles === null ? null : profiles.arena;
    let i = from;
    for (; i < length; i++) {
      const slot = words[(cursor << 4) | NEXT]!;
      const at = slot << 4;
      if (words[at | LOW] !== ids[i << 1] || words[at | HIGH] !== ids[(i << 1) | 1]) break;
      const layer = layers[i]!;
      if (words[at | LAYER] !== layer - 1 || layer >= lastLayer) break;
      const strength = strengths[i]!;
      const duration = words[at | DURATION]!;
      const floor = floors === null ? constant : floors[layer]!;
      if (strength >= floor) {
        if (duration === 0 || duration >= words[at | ROOM]! || strength === Infinity) break;
        const above = strength - floor;
        if (arena !== null) arena[words[at | BUFFER]! + duration] = excessProfile ? above : strength;
        words[at | DURATION] = duration + 1;
        last[(slot << 1) | 1] = strength;
        doubles[(slot << 3) | SUM]! += strength;
        doubles[(slot << 3) | EXCESS]! += above;
        if (strength > doubles[(slot << 3) | PEAK]!) doubles[(slot << 3) | PEAK] = strength;
      } else if (firstPassage || duration !== 0 || !(strength > -Infinity)) break;
      words[at | LAYER] = layer;
      cursor = slot;
    }
    traces.cursor = cursor;
    return i;
  };
}
