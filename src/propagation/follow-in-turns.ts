import type { Gpu } from '../gpu/device.ts';
import type { AvalancheColumns, FirstPassage } from '../shortcut.ts';
import { withDevice } from './annealed-webgpu.ts';
import type { FollowedStates } from './followed-states.ts';

/** The outcome of one turn: how many perturbations or networks were followed, and their final states. */
export interface Followed {
  readonly states: FollowedStates;
  readonly followed: number;
}

/**
 * Follows so many perturbations, or networks, as a card has room for, until all are followed. What a turn adds to the sums counts once all of it has
 * been read: a device that is lost meanwhile does it again.
 * @param turn follows some, from number `first` on; undefined where nobody waits for them any more
 */
export async function* followInTurns(
  count: number,
  request: FirstPassage,
  recycle: boolean,
  turn: (gpu: Gpu, first: number, request: FirstPassage) => Promise<Followed | undefined>,
): AsyncGenerator<AvalancheColumns, void> {
  const { points, sums } = request;
  for (let first = 0; first < count; ) {
    const done = await withDevice(async (gpu) => {
      const own = { tally: { ...sums.tally }, branching: { ...sums.branching }, growth: { ...sums.growth } };
      const found = await turn(gpu, first, { ...request, sums: own });
      return found === undefined ? undefined : { ...found, own };
    });
    if (done === undefined) return;
    first += done.followed;
    Object.assign(sums.tally, done.own.tally);
    Object.assign(sums.branching, done.own.branching);
    Object.assign(sums.growth, done.own.growth);
    yield* done.states.columns(points, recycle);
  }
}
