import { ParameterError } from '../error.ts';
import { type Halves, halves } from './halves.ts';
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
   * walk, so that a run of many ensembles doesn't hold n results of each.
   */
  readonly leaveOneOut: Iterable<Result>;
  /** Pairs of disjoint halves of the blocks, see {@link halves}; none where n < 2, and in a preview. Made like `leaveOneOut`. */
  readonly halves: Iterable<Halves<Result>>;
}

const lent = new WeakSet<object>();

/** A state to be changed: itself, or a copy where a result that was given out still reads it. */
export function owned<State>(state: State): State {
  return typeof state === 'object' && state !== null && lent.has(state) ? structuredClone(state) : state;
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
  const sum = (a: State | undefined, b: State): State =>
    a === undefined ? structuredClone(b) : reducer.merge(structuredClone(a), b);
  const added = (a: State | undefined, b: State): State => (a === undefined ? structuredClone(b) : reducer.merge(a, b));
  function* leaveOneOut(parts: readonly State[]): Generator<Result, undefined> {
    const n = parts.length;
    if (n < 2) return;
    const after: (State | undefined)[] = new Array(n + 1).fill(undefined);
    for (let i = n - 1; i > 0; i--) after[i] = sum(after[i + 1], parts[i]!);
    let before: State | undefined;
    for (const [i, part] of parts.entries()) {
      const rest = after[i + 1];
      yield reducer.finish(rest === undefined ? before! : sum(before, rest));
      after[i + 1] = undefined;
      before = added(before, part);
    }
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
        into.states.set(block, before === undefined ? structuredClone(state) : reducer.merge(owned(before), state));
      }
      return into;
    },
    preview({ states }) {
      let all: State | undefined;
      for (const block of [...states.keys()].sort((a, b) => a - b)) all = added(all, states.get(block)!);
      return { all: reducer.finish(all ?? reducer.init()), blocks: states.size, leaveOneOut: [], halves: [] };
    },
    finish({ states }) {
      const parts = [...states.entries()].sort(([a], [b]) => a - b).map(([, state]) => state);
      for (const part of parts) if (typeof part === 'object' && part !== null) lent.add(part);
      const all = parts.reduce<State | undefined>(added, undefined);
      return {
        all: reducer.finish(all ?? reducer.init()),
        blocks: parts.length,
        leaveOneOut: { [Symbol.iterator]: () => leaveOneOut(parts) },
        halves: { [Symbol.iterator]: () => halves(parts, sum, reducer.finish) },
      };
    },
  };
}
