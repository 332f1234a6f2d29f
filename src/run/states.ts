import { type Kept, stateOf } from '../flow/kept.ts';
import { movable } from '../flow/movable.ts';
import { freeIdle, freeNow } from '../idle-memory.ts';
import type { Composition, Counts, EnsembleResult } from '../pipeline.ts';
import { shared } from '../store/apart.ts';
import { pack } from '../store/packed.ts';
import { StateMemory } from './state-memory.ts';

/** What a checkpoint holds of one ensemble: its merged prefix. */
export type Progress = { readonly merged: number; readonly counts: Counts } & Kept;

type Reducing = Pick<Composition, 'ensembles' | 'reducer'>;

/**
 * The results of ensembles, each made from its kept state when it is read, since those of many ensembles don't fit into memory together. The
 * one read last is kept, for callers that read it several times in a row.
 */
export function resultsOf(
  { ensembles, reducer }: Reducing,
  progress: readonly Progress[],
  blamed: (make: () => unknown) => unknown = (make) => make(),
): EnsembleResult<unknown>[] {
  let last: { readonly l: number; readonly result: unknown } | undefined;
  return ensembles.map((ensemble, l) => ({
    ensemble,
    counts: progress[l]!.counts,
    get result() {
      if (last?.l !== l) {
        last = undefined;
        last = { l, result: blamed(() => reducer.finish(stateOf(progress[l]!))) };
      }
      return last.result;
    },
  }));
}

/** The states of a run's ensembles. */
export interface States {
  /** The state of an ensemble, to look at. */
  look(l: number): unknown;
  merge(l: number, state: unknown): void;
  /** Packs the state of an ensemble into which nothing more is merged for now. */
  done(l: number): Promise<void>;
  /** Lets threads share the memory of a state into which nothing more is merged. */
  share(l: number): void;
  kept(l: number): Kept;
}

/** @param from where a checkpoint, an earlier phase or a merge left off */
export function openStates({ ensembles, reducer }: Reducing, from?: readonly Kept[]): States {
  const all = ensembles.map((_, l): Kept => {
    const kept = from?.[l];
    if (kept === undefined) return { state: reducer.init() };
    return 'packed' in kept ? { packed: kept.packed } : { state: kept.state };
  });
  /** By ensemble, while it is merged into. */
  const memories = new Map<number, StateMemory>();
  const spare: StateMemory[] = [];
  const memoryOf = (l: number): StateMemory => {
    const memory = memories.get(l) ?? spare.pop() ?? new StateMemory(reducer);
    memories.set(l, memory);
    return memory;
  };
  return {
    look: (l) => stateOf(all[l]!),
    merge(l, state) {
      all[l] = { state: memoryOf(l).merged(reducer.merge(stateOf(all[l]!), state)) };
    },
    async done(l) {
      const kept = all[l]!;
      if ('packed' in kept) return;
      const packed = await pack(kept.state);
      // Unless more was merged into it meanwhile.
      if (packed === undefined || all[l] !== kept) return;
      all[l] = { packed };
      freeNow(movable(reducer, kept.state));
      const memory = memories.get(l);
      if (memory === undefined) return;
      memories.delete(l);
      memory.clear();
      spare.push(memory);
    },
    share(l) {
      const state = memoryOf(l).gather(stateOf(all[l]!));
      all[l] = { state: shared(state) };
      freeNow(movable(reducer, state));
      freeIdle();
    },
    kept: (l) => all[l]!,
  };
}
