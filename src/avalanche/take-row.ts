import type { Branching } from '../shortcut.ts';
import type { DetectorSettings } from './detector-options.ts';
import type { Endings } from './endings.ts';
import { DURATION, EXCESS, LAYER, type OpenTraces, PEAK, SUM } from './open-traces.ts';
import type { ProfileRecorder } from './profile.ts';
import { floorsOf } from './threshold.ts';
import type { TraceFinder } from './trace-finder.ts';

/** Takes a row, whatever happens in it; its perturbation's id in two words. */
export type TakeRow = (low: number, high: number, layer: number, strength: number) => void;

/** Opens traces, begins, goes on with and ends avalanches, and ends traces; see `follow.ts` for rows in which none of it happens. */
export function takeRow(
  traces: OpenTraces,
  profiles: ProfileRecorder | null,
  finder: TraceFinder,
  endings: Endings,
  branching: Branching,
  { threshold, firstLayer, depth, drive, firstPassage, excessProfile, leavesOut }: DetectorSettings,
): TakeRow {
  const { floors, constant } = floorsOf(threshold);
  return (low, high, layer, strength) => {
    const slot = finder.slotOf(low, high, layer);
    if (slot < 0) return;
    const finite = strength - strength === 0;
    if (layer === firstLayer && drive !== undefined && finite) {
      branching.ancestors += drive;
      branching.descendants += strength;
    }
    const floor = floors === null ? constant : floors[layer]!;
    const { words } = traces;
    const duration = words[16 * slot + DURATION]!;
    if (strength >= floor && strength < Infinity) {
      const above = strength - floor;
      if (duration === 0) profiles?.start(slot);
      lengthen(traces, slot, duration, strength, above, leavesOut);
      words[16 * slot + LAYER] = layer;
      if (profiles !== null) profiles.append(slot, duration, excessProfile ? above : strength);
      if (layer === depth) endings.reachDepth(slot, strength);
      return;
    }
    if (!finite) endings.drop(slot);
    else if (duration !== 0) endings.fallBelow(slot, strength);
    else if (layer === firstLayer) endings.beginBelow(strength);
    words[16 * slot + LAYER] = layer;
    words[16 * slot + DURATION] = 0;
    if (firstPassage || layer === depth) endings.endTrace(slot);
  };
}

/** A layer more of the avalanche in a slot, after `duration` layers: it begins with it where that is 0. */
function lengthen(
  { words, doubles, first, last }: OpenTraces,
  slot: number,
  duration: number,
  strength: number,
  above: number,
  leavesOut: boolean,
): void {
  const at = 8 * slot;
  const begins = duration === 0;
  words[16 * slot + DURATION] = duration + 1;
  if (begins) {
    first[slot] = strength;
    doubles[at + SUM] = 0;
    doubles[at + EXCESS] = 0;
  }
  if (!leavesOut) {
    doubles[at + SUM]! += strength;
    doubles[at + EXCESS]! += above;
  } else {
    if (!begins) {
      doubles[at + SUM]! += last[2 * slot + 1]!;
      doubles[at + EXCESS]! += last[2 * slot]!;
    }
    last[2 * slot] = above;
  }
  last[2 * slot + 1] = strength;
  if (begins || strength > doubles[at + PEAK]!) doubles[at + PEAK] = strength;
}
