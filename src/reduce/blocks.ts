import { ParameterError } from '../error.ts';
import { copyState } from './copy-state.ts';
import { type HalvesWalk, halves, SharedWalk, type Sums } from './halves.ts';
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

const inOrder = <State>(states: ReadonlyMap<number, State>): State[] =>
  [...states.entries()].sort(([a], [b]) => a - b).map(([, state]) => state);

/** The sum of states, in one of its own. */
function sumOf<State>(reducer: Reducer<State, unknown>, [first, ...rest]: readonly State[]): State {
  if (first === undefined) return reducer.init();
  return rest.reduce((into, part) => reducer.merge(into, part), copyState(first));
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
  const all = sumOf(reducer, parts);
  const sums: Sums<State> = {
    // Room for whatever is added later: arrays that grow leave those behind that they grew out of.
    copy: (state, spare = copyState(all)) => copyState(state, spare),
    join: (into, other) => reducer.merge(into, other),
  };
  /** Sums of walks that are over, whose memory the next one takes. */
  const free: State[] = [];
  function* leaveOneOut(): Generator<Result, undefined, Result | undefined> {
    let spare: Result | undefined;
    /** The results without each block from `low` to below `high`, where `outside` is the sum of all others. */
    function* without(low: number, high: number, outside?: State): Generator<Result, undefined, Result | undefined> {
      if (high - low === 1) {
        spare = yield reducer.finish(outside!, spare);
        return;
      }
      const middle = (low + high) >> 1;
      for (const [from, to, ...others] of [
        [low, middle, middle, high],
        [middle, high, low, middle],
      ] as const) {
        const [first, ...rest] = [...(outside === undefined ? [] : [outside]), ...parts.slice(...others)];
        const sum = rest.reduce((into, part) => sums.join(into, part), sums.copy(first!, free.pop()));
        yield* without(from, to, sum);
        free.push(sum);
      }
    }
    if (parts.length > 1) yield* without(0, parts.length);
  }
  const finish = (state: State, spare?: Result): Result => reducer.finish(state, spare);
  return {
    all: reducer.finish(all),
    blocks: parts.length,
    leaveOneOut: { [Symbol.iterator]: leaveOneOut },
    halves: new SharedWalk((share) => halves(parts, sums, finish, free, share)),
  };
}

/**
 * Keeps a reducer's state in jackknife blocks, partition i in block i mod `count`. Partitions hold whole networks, so blocks are
 * independent. Walking the leave-one-out results of n blocks costs about n·log₂n merges, and the memory of log₂n states.
 * @throws ParameterError for a count that is no integer ≥ 2
 */
export function blocks<State, Result>(
  reducer: Reducer<State, Result>,
  count = 32,
): Reducer<BlocksState<State>, BlocksResult<Result>> {
  if (!(Number.isInteger(count) && count >= 2)) {
    throw new ParameterError(`jackknife blocks must be an integer of at least 2, got ${count}`);
  }
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
      const all = sumOf(reducer, inOrder(states));
      return { all: reducer.finish(all), blocks: states.size, leaveOneOut: [], halves: [] };
    },
    finish: ({ states }) => resultOfBlocks(reducer, inOrder(states)),
  };
}
