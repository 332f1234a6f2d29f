import { AnnealedGpu, keepsStrengths } from '../gpu/annealed.ts';
import { STATE_WORDS } from '../gpu/annealed.wgsl.ts';
import { type Gpu, OutOfMemory, openGpu } from '../gpu/device.ts';
import type { AvalancheColumns, FirstPassage } from '../shortcut.ts';
import { annealedLaw } from './annealed-law.ts';
import type { EngineOptions } from './engine.ts';
import { followInTurns } from './follow-in-turns.ts';
import { FollowedStates } from './followed-states.ts';
import { Idle } from './idle.ts';
import { signalsOf, whileKept } from './kept-signals.ts';
import type { KeptSignals } from './shortcuts.ts';

/** Perturbations followed at a time: so many that the longest-lived take a small part of it; and the fewest, for cards with little memory. */
const SLOTS = 2 ** 20;
const FEWEST = 1024;
/** Bytes that strengths which are kept, or profiles, may take. */
const STRENGTHS = 2 ** 28;

/** A kernel, and room for what comes of it. */
interface Prepared {
  readonly kernel: AnnealedGpu;
  readonly states: FollowedStates;
}

const close = ({ kernel }: Prepared): void => kernel.close();
const idle = new Idle<Prepared>(close);
/** Perturbations at a time that cards were found to have memory for. */
let room = SLOTS;

function slotsFor({ points }: FirstPassage, depth: number, gpu: Gpu): number {
  const bytes = 4 * (keepsStrengths(points, depth) ? Math.max(depth, points) : Math.max(STATE_WORDS, points));
  const most = Math.min(STRENGTHS, gpu.device.limits.maxStorageBufferBindingSize);
  return Math.max(1, Math.min(room, Math.floor(most / bytes)));
}

/** Kernel and states for up to so many perturbations: those used last, if they fit. */
async function prepared(
  gpu: Gpu,
  last: Prepared | undefined,
  options: EngineOptions,
  request: FirstPassage,
  perturbations: number,
): Promise<Prepared> {
  const { leavesOut, points, excessProfile, threshold } = request;
  const setup = { ...annealedLaw(options), floor: threshold };
  if (last !== undefined) idle.put(last);
  for (;;) {
    const slots = Math.min(perturbations, slotsFor(request, setup.depth, gpu));
    const plan = { output: 'avalanches', slots, leavesOut, points, excessProfile } as const;
    const kept = idle.take(({ kernel }) => kernel.serves(gpu, setup, plan));
    if (kept !== undefined) return kept;
    const kernel = new AnnealedGpu(gpu, setup, plan);
    try {
      return { kernel: await kernel.start(), states: new FollowedStates(slots) };
    } catch (error) {
      kernel.close();
      if (!(error instanceof OutOfMemory) || slots <= FEWEST) throw error;
      room = slots >> 1;
    }
  }
}

/** Follows all perturbations to their ends, in rounds of as many layers as a dispatch has time for; false where the work was called off. */
async function toTheEnd(
  kernel: AnnealedGpu,
  entries: number,
  halted: () => boolean,
  output = kernel.output,
): Promise<boolean> {
  let going: number | undefined;
  while (going !== 0) {
    if (halted()) return false;
    going = await kernel.round(entries, kernel.layersFor(going ?? entries), output, going);
  }
  return true;
}

/** Profiles of the avalanches in `states`; false where the work was called off. */
async function profilesOf(
  { kernel, states }: Prepared,
  ids: Float64Array,
  points: number,
  recycle: boolean,
  halted: () => boolean,
): Promise<boolean> {
  const rows = states.length;
  if (points === 0 || rows === 0) return true;
  const kept = kernel.output === 'kept';
  let entries = 0;
  for (let row = 0; row < rows; row++) {
    const duration = states.duration(row);
    if (duration === 0) continue;
    const slot = states.slot[row]!;
    if (kept) kernel.enter(entries++, row, slot, duration);
    // The same numbers once more, now that durations are known.
    else kernel.enter(entries++, ids[slot]!, row, duration);
  }
  const take = (bytes: ArrayBuffer): void => states.takeProfiles(bytes, points, recycle);
  if (kept) {
    await kernel.shapes(entries, rows, take);
    return true;
  }
  if (!(await toTheEnd(kernel, entries, halted, 'profiles'))) return false;
  await kernel.read('strengths', rows, take);
  return true;
}

/**
 * Follows perturbations to the end of their avalanches on a graphics card: what `annealedWebGpu` and a detector after it give, to float32
 * rounding of the sums, without the strengths ever leaving the card.
 * @param halted whether nobody waits for it any more
 */
export async function* followedWebGpu(
  ids: Float64Array,
  options: EngineOptions,
  request: FirstPassage,
  halted: () => boolean,
): AsyncGenerator<AvalancheColumns, void> {
  const { points } = request;
  const { recycle = false } = options;
  let held: Prepared | undefined;
  try {
    yield* followInTurns(ids.length, request, recycle, async (gpu, first, own) => {
      const last = held;
      held = undefined;
      held = await prepared(gpu, last, options, request, ids.length - first);
      const { kernel, states } = held;
      const some = ids.subarray(first, first + kernel.plan.slots);
      states.forget();
      for (let slot = 0; slot < some.length; slot++) kernel.enter(slot, some[slot]!, slot, 1);
      if (!(await toTheEnd(kernel, some.length, halted))) return undefined;
      await kernel.read('states', some.length, (bytes) => states.take(bytes, some, own));
      if (!(await profilesOf(held, some, points, recycle, halted))) return undefined;
      return { states, followed: some.length };
    });
  } finally {
    if (held !== undefined) idle.put(held);
  }
}

/**
 * Signals of perturbations whose avalanches were the last to be found on this thread's card, while their strengths are still there: what
 * `annealedWebGpu` gives, perturbation after perturbation. Undefined where they aren't, or the card was lost.
 */
export async function keptWebGpu(ids: Float64Array, options: EngineOptions): Promise<KeptSignals | undefined> {
  const { floor, recycle = false } = options;
  if (ids.length === 0 || typeof floor !== 'number') return undefined;
  const setup = { ...annealedLaw(options), floor: Math.fround(floor) };
  const gpu = await openGpu();
  return whileKept(idle, async ({ kernel, states }) =>
    kernel.serves(gpu, setup, { ...kernel.plan, slots: 1 }) ? signalsOf(ids, states, kernel, recycle) : undefined,
  );
}
