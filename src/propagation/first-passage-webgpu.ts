import { AnnealedGpu } from '../gpu/annealed.ts';
import { Ended, STATE_WORDS } from '../gpu/annealed.wgsl.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Detection, Ending, Followed, FollowedBatch } from '../shortcut.ts';
import { annealedLaw } from './annealed-law.ts';
import { withDevice } from './annealed-webgpu.ts';
import type { EngineOptions } from './engine.ts';

/** Perturbations at a time, and bytes that their profiles may take: both follow from options alone. */
const SLOTS = 65_536;
const PROFILES = 2 ** 26;

const endings: Readonly<Record<number, Ending>> = {
  [Ended.below]: 'below',
  [Ended.depth]: 'depth',
  [Ended.nonFinite]: 'not-finite',
};

/** Reads states as the kernel lays them out. */
function stateReader(states: ArrayBuffer): (slot: number) => Followed {
  const words = new Uint32Array(states);
  const floats = new Float32Array(states);
  return (slot) => {
    const at = STATE_WORDS * slot;
    const pair = (i: number): number => floats[at + i]! + floats[at + i + 1]!;
    return {
      layers: words[at + 2]!,
      ending: endings[words[at + 3]!]!,
      duration: words[at + 4]!,
      peak: floats[at + 5]!,
      first: floats[at + 6]!,
      final: floats[at + 7]!,
      sum: pair(8),
      excess: pair(10),
      left: floats[at + 13]!,
    };
  };
}

async function follow(
  gpu: Gpu,
  ids: Float64Array,
  options: EngineOptions,
  request: Detection,
  halted: () => boolean,
): Promise<FollowedBatch | undefined> {
  const { leavesOut, points, excessProfile, threshold } = request;
  const setup = { ...annealedLaw(options), floor: threshold };
  const kernel = new AnnealedGpu(gpu, setup, {
    output: 'avalanches',
    slots: ids.length,
    leavesOut,
    points,
    excessProfile,
  });
  /** Round after round, each in as many layers as a dispatch has time for, until all have ended. */
  const toTheEnd = async (output: 'avalanches' | 'profiles', entries: number): Promise<boolean> => {
    let again = false;
    for (let alive = entries; alive > 0; again = true) {
      if (halted()) return false;
      alive = await kernel.round(entries, kernel.layersFor(alive), output, again);
    }
    return true;
  };
  try {
    await kernel.start();
    ids.forEach((id, slot) => {
      kernel.enter(slot, id, slot, 1);
    });
    if (!(await toTheEnd('avalanches', ids.length))) return undefined;
    const at = stateReader(await kernel.read('states', ids.length));
    if (points === 0) return { ids, at, profiles: new Float32Array(0) };
    // The same numbers once more, now that durations are known: strengths needn't be kept.
    let entries = 0;
    ids.forEach((id, slot) => {
      const { ending, duration } = at(slot);
      const counted = duration - (leavesOut ? 1 : 0);
      if (ending === 'below' && counted > 0) kernel.enter(entries++, id, slot, counted);
    });
    if (!(await toTheEnd('profiles', entries))) return undefined;
    return { ids, at, profiles: new Float32Array(await kernel.read('strengths', ids.length)) };
  } finally {
    kernel.close();
  }
}

/**
 * Follows perturbations to the end of their avalanches on a graphics card: what `annealedWebGpu` and a detector after it give, to float32
 * rounding of the sums, without the strengths ever leaving the card.
 * @param halted whether nobody waits for it any more
 */
export async function* followedWebGpu(
  ids: Float64Array,
  options: EngineOptions,
  request: Detection,
  halted: () => boolean,
): AsyncGenerator<FollowedBatch, void> {
  const size = Math.max(1, Math.min(SLOTS, request.points > 0 ? Math.floor(PROFILES / (4 * request.points)) : SLOTS));
  for (let first = 0; first < ids.length; first += size) {
    const some = ids.slice(first, first + size);
    const followed = await withDevice((gpu) => follow(gpu, some, options, request, halted));
    if (followed === undefined) return;
    yield followed;
  }
}
