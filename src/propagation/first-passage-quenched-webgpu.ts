import { STATE_WORDS } from '../gpu/annealed.wgsl.ts';
import { type Gpu, OutOfMemory, openGpu } from '../gpu/device.ts';
import { keepsLayers, QuenchedGpu } from '../gpu/quenched.ts';
import type { NetworkPlan } from '../gpu/quenched-plan.ts';
import type { AvalancheColumns, FirstPassage } from '../shortcut.ts';
import type { EngineOptions } from './engine.ts';
import { followInTurns } from './follow-in-turns.ts';
import { FollowedStates } from './followed-states.ts';
import { Idle } from './idle.ts';
import { signalsOf, whileKept } from './kept-signals.ts';
import { quenchedLaw, type Share, shares } from './network-shares.ts';
import type { KeptSignals } from './shortcuts.ts';

/** A kernel, the states it returns, and where the perturbations of those states are on the card. */
interface Prepared {
  readonly kernel: QuenchedGpu;
  readonly states: FollowedStates;
  places: Int32Array;
}

const idle = new Idle<Prepared>(({ kernel }) => kernel.close());
/** Networks at a time that cards were found to have memory for. */
let room = Infinity;

/** Kernel and states for up to so many networks: those used last, if they fit. */
async function prepared(
  gpu: Gpu,
  last: Prepared | undefined,
  options: EngineOptions,
  { threshold, leavesOut, points, excessProfile }: FirstPassage,
  networks: number,
): Promise<Prepared> {
  const setup = quenchedLaw(options);
  const plan: NetworkPlan = { output: 'avalanches', threshold, leavesOut, points, excessProfile };
  if (last !== undefined) idle.put(last);
  for (;;) {
    const most = QuenchedGpu.most(setup, gpu.device.limits.maxStorageBufferBindingSize, plan);
    const slots = Math.min(networks, most, room);
    const kept = idle.take(({ kernel }) => kernel.serves(gpu, setup, slots, plan));
    if (kept !== undefined) return kept;
    const kernel = new QuenchedGpu(gpu, setup, slots, plan);
    try {
      const states = new FollowedStates(kernel.perturbations);
      return { kernel: await kernel.start(), states, places: new Int32Array(0) };
    } catch (error) {
      kernel.close();
      if (!(error instanceof OutOfMemory) || slots === 1) throw error;
      room = slots >> 1;
    }
  }
}

/** Follows all networks, round by round, until their avalanches have ended; false where the work was called off. */
async function toTheEnd(kernel: QuenchedGpu, networks: readonly Share[], halted: () => boolean): Promise<boolean> {
  const { reuse } = kernel.setup;
  let live = networks.map((_, slot) => slot);
  const left = new Int32Array(networks.length).fill(reuse);
  for (let fresh = true; live.length > 0; fresh = false) {
    if (halted()) return false;
    live.forEach((slot, at) => {
      kernel.enter(at, networks[slot]!.network, slot, fresh, left[slot]!);
    });
    const going = await kernel.go(live.length);
    live.forEach((slot, at) => {
      left[slot] = going[at]!;
    });
    live = live.filter((slot) => left[slot]! > 0);
  }
  return true;
}

/** Records of the perturbations that are asked for, where others share their networks. */
function chosen(records: ArrayBuffer, places: Int32Array): ArrayBuffer {
  if (places.every((place, i) => place === i)) return records;
  const words = new Uint32Array(records);
  const own = new Uint32Array(STATE_WORDS * places.length);
  places.forEach((place, i) => {
    own.set(words.subarray(STATE_WORDS * place, STATE_WORDS * (place + 1)), STATE_WORDS * i);
  });
  return own.buffer;
}

/** Shapes of the avalanches that were found. */
async function shapesOf({ kernel, states, places }: Prepared, points: number, recycle: boolean): Promise<void> {
  const { kept } = kernel;
  if (kept === undefined || states.length === 0) return;
  let entries = 0;
  for (let row = 0; row < states.length; row++) {
    const duration = states.duration(row);
    if (duration > 0) kept.enter(entries++, row, places[states.slot[row]!]!, duration);
  }
  await kept.shapes(entries, states.length, (bytes) => states.takeProfiles(bytes, points, recycle));
}

/**
 * Follows networks that perturbations share to the end of all their avalanches on a graphics card: what `quenchedWebGpu` and a detector after it give, to
 * float32 rounding of the sums, without the strengths ever leaving the card. Undefined where shapes are asked for of networks too deep to keep strengths.
 * @param halted whether nobody waits for it any more
 */
export function followedQuenched(
  ids: Float64Array,
  options: EngineOptions,
  request: FirstPassage,
  halted: () => boolean,
): AsyncIterable<AvalancheColumns> | undefined {
  const { points } = request;
  if (points > 0 && !keepsLayers(options.ensemble)) return undefined;
  return followed(ids, options, request, halted);
}

async function* followed(
  ids: Float64Array,
  options: EngineOptions,
  request: FirstPassage,
  halted: () => boolean,
): AsyncGenerator<AvalancheColumns, void> {
  const { points } = request;
  const { recycle = false, ensemble } = options;
  const { reuse } = ensemble;
  const networks = shares(ids, reuse);
  let held: Prepared | undefined;
  try {
    yield* followInTurns(networks.length, request, recycle, async (gpu, first, sums) => {
      const last = held;
      held = undefined;
      held = await prepared(gpu, last, options, request, networks.length - first);
      const { kernel, states } = held;
      const some = networks.slice(first, first + kernel.slots);
      const own = ids.subarray(some[0]!.from, some.at(-1)!.to);
      states.forget();
      if (!(await toTheEnd(kernel, some, halted))) return undefined;
      const places = new Int32Array(own.length);
      some.forEach(({ network, from, to }, slot) => {
        for (let i = from; i < to; i++) places[i - some[0]!.from] = slot * reuse + ids[i]! - network * reuse;
      });
      held.places = places;
      await kernel.records(some.length, (bytes) => states.take(chosen(bytes, places), own, sums));
      await shapesOf(held, points, recycle);
      return { states, followed: some.length };
    });
  } finally {
    if (held !== undefined) idle.put(held);
  }
}

/**
 * Signals of perturbations whose avalanches were the last to be found in networks on this thread's card, while their strengths are still there: what
 * `quenchedWebGpu` gives, perturbation after perturbation. Undefined where they aren't, or the card was lost.
 */
export async function keptQuenched(ids: Float64Array, options: EngineOptions): Promise<KeptSignals | undefined> {
  const { floor, recycle = false } = options;
  if (ids.length === 0 || typeof floor !== 'number') return undefined;
  const gpu = await openGpu();
  return whileKept(idle, async ({ kernel, states, places }) => {
    const { kept, plan } = kernel;
    // Signals end where avalanches did.
    const ends = { ...plan, threshold: Math.fround(floor) };
    if (kept === undefined || !kernel.serves(gpu, quenchedLaw(options), 1, ends)) return undefined;
    const strengths = {
      room: kept.room,
      enter: (at: number, place: number, slot: number, layers: number) => kept.enter(at, place, places[slot]!, layers),
      gather: kept.gather.bind(kept),
    };
    return signalsOf(ids, states, strengths, recycle);
  });
}
