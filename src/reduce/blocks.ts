import { ParameterError } from '../error.ts';
import { copyState } from './copy-state.ts';
import { type HalvesWalk, halves, SharedWalk } from './halves.ts';
import type { Reducer } from './reducer.ts';

/** States of the inner reducer by block; only blocks that have seen a partition. */
export interface BlocksState<State> {
  /** Block that batches go to. */
  readonly block: number;
  readonly states: Map<number, State>;
}

/** What delete-one-block jackknife errors are computed from. */
export interface BlocksResult<Result> {
  /** The result of all data. */
  readonly all: Result;
  /** Blocks that hold data, n. */
  readonly blocks: number;
  /**
   * The result without block 1, without block 2, …: n of them; none where n < 2, and in a preview. Made one at a time, anew for each
   * walk, so that a run of many ensembles doesn't hold n results of each; see `handedBack`.
   */
  readonly leaveOneOut: Iterable<Result>;
  /** Pairs of disjoint halves of the blocks, see `halves`; none where n < 2, and in a preview. Made like `leaveOneOut`. */
  readonly halves: HalvesWalk<Result>;
}

const lent = new WeakSet<object>();

const isLent = (state: unknown): boolean => typeof state === 'object' && state !== null && lent.has(state);

/** A state to be changed: itself, or a copy where a result still reads it. */
export const owned = <State>(state: State): State => (isLent(state) ? copyState(state) : state);

/** Merges states and leaves all but the first as they are; `added` changes that one. */
function mergers<State>(reducer: Reducer<State, unknown>) {
  const added = (a: State | undefined, b: State): State => (a === undefined ? copyState(b) : reducer.merge(a, b));
  const sum = (a: State | undefined, b: State, spare?: State): State =>
    a === undefined ? copyState(b, spare) : reducer.merge(copyState(a, spare), b);
  return { sum, added };
}

/**
 * What the states of blocks come to, in their order. The result reads them again when errors are asked for: whoever goes on with a state
 * takes it by {@link owned}.
 */
export function resultOfBlocks<State, Result>(
  reducer: Reducer<State, Result>,
  parts: readonly State[],
): BlocksResult<Result> {
  for (const part of parts) if (typeof part === 'object' && part !== null) lent.add(part);
  const { sum, added } = mergers(reducer);
  /** Sums of walks that are over, whose memory the next one takes. */
  const free: State[] = [];
  function* leaveOneOut(): Generator<Result, undefined, Result | undefined> {
    const n = parts.length;
    if (n < 2) return;
    const after: (State | undefined)[] = new Array(n + 1).fill(undefined);
    for (let i = n - 1; i > 0; i--) after[i] = sum(after[i + 1], parts[i]!, free.pop());
    let before: State | undefined;
    let spare: Result | undefined;
    for (const [i, part] of parts.entries()) {
      const rest = after[i + 1];
      const without = rest === undefined ? undefined : sum(before, rest, free.pop());
      spare = yield reducer.finish(without ?? before!, spare);
      if (without !== undefined) free.push(without);
      if (rest !== undefined) free.push(rest);
      after[i + 1] = undefined;
      before = added(before, part);
    }
  }
  const finish = (state: State, spare?: Result): Result => reducer.finish(state, spare);
  const all = parts.reduce<State | undefined>(added, undefined);
  return {
    all: reducer.finish(all ?? reducer.init()),
    blocks: parts.length,
    leaveOneOut: { [Symbol.iterator]: leaveOneOut },
    halves: new SharedWalk((share) => halves(parts, sum, finish, free, share)),
  };
}

/**
 * Keeps a reducer's state in jackknife blocks, partition i in block i mod `count`. Partitions hold whole networks, so blocks are
 * independent. Walking the leave-one-out results costs about 3 merges a block: the states before and after each block are merged once.
 * @throws ParameterError for a count that is no integer ≥ 2
 */
export function blocks<State, Result>(
  reducer: Reducer<State, Result>,
  count = 32,
): Reducer<BlocksState<State>, BlocksResult<Result>> {
  if (!(Number.isInteger(count) && count >= 2)) {
    throw new ParameterError(`jackknife blocks must be an integer of at least 2, got ${count}`);
  }
  const { added } = mergers(reducer);
  return {
    name: `blocks(${reducer.name})`,
    init: (partition = 0) => ({ block: partition % count, states: new Map() }),
    step(state, batch) {
      const { block, states } = state;
      const before = states.get(block);
      states.set(block, reducer.step(before === undefined ? reducer.init() : owned(before), batch));
      return state;
    },
    merge(into, other) {
      for (const [block, state] of other.states) {
        const before = into.states.get(block);
        into.states.set(block, before === undefined ? copyState(state) : reducer.merge(owned(before), state));
      }
      return into;
    },
    release({ states }, take) {
      // What a result still reads isn't free.
      for (const state of states.values()) if (!isLent(state)) reducer.release?.(state, take);
    },
    preview({ states }) {
      let all: State | undefined;
      for (const block of [...states.keys()].sort((a, b) => a - b)) all = added(all, states.get(block)!);
      return { all: reducer.finish(all ?? reducer.init()), blocks: states.size, leaveOneOut: [], halves: [] };
    },
    finish({ states }) {
      const parts = [...states.entries()].sort(([a], [b]) => a - b).map(([, state]) => state);
      return resultOfBlocks(reducer, parts);
    },
  };
}
