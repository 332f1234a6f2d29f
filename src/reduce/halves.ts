/** Two halves of all blocks, disjoint, that make up all of them. */
export interface Halves<Result> {
  readonly one: Result;
  readonly other: Result;
  /** Blocks in each. */
  readonly blocks: readonly [number, number];
}

/** The walk over halves, and shares of it that several threads make. */
export interface HalvesWalk<Result> extends Iterable<Halves<Result>> {
  /** `halves` of a share; the walk is one by itself where it can't be shared out. */
  share?(share: Share): Iterable<Halves<Result>>;
}

/** One of so many shares. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

/** @param walk over a share, of all by default */
export class SharedWalk<Result> implements HalvesWalk<Result> {
  readonly #walk: (share?: Share) => Generator<Halves<Result>, undefined, Halves<Result> | undefined>;

  constructor(walk: (share?: Share) => Generator<Halves<Result>, undefined, Halves<Result> | undefined>) {
    this.#walk = walk;
  }

  [Symbol.iterator](): Generator<Halves<Result>, undefined, Halves<Result> | undefined> {
    return this.#walk();
  }

  share(share: Share): Iterable<Halves<Result>> {
    return { [Symbol.iterator]: () => this.#walk(share) };
  }
}

interface Pair<State> {
  readonly plus: State | undefined;
  readonly minus: State | undefined;
  readonly blocks: readonly [number, number];
}

/**
 * Balanced half-samples: block i belongs to one half or the other by the sign (−1)^(number of bits of r & i), row r of Sylvester's Hadamard
 * matrix of the smallest order M ≥ n, r = 1 … M − 1. Rows are orthogonal, so that M − 1 pairs know as much of a mean's variance as all
 * possible ones (McCarthy, Rev. Int. Stat. Inst. 37, 239 (1969)). By butterflies, as a fast Walsh–Hadamard transform that can only
 * add: about M·log₂M merges in all, at most 2·M states at a time.
 * @param sum of two states, in a state of its own, made of the memory of one that is no longer needed where there is one; neither argument
 * changes
 * @param finish makes a result of a state, in the memory of one that was handed back where there is one
 * @param free states that nobody reads any more; those that the walk made are left there
 * @param share which of so many shares of the walk, a power of two of them: one after the other they are all of it
 * @returns a walk to which a pair may be handed back that is no longer read: `next(pair)`
 */
export function* halves<State, Result>(
  states: readonly State[],
  sum: (a: State, b: State, spare?: State) => State,
  finish: (state: State, spare?: Result) => Result,
  free: State[] = [],
  share: Share = { index: 0, of: 1 },
): Generator<Halves<Result>, undefined, Halves<Result> | undefined> {
  let order = 1;
  while (order < states.length) order *= 2;
  const leaves = Array.from({ length: order }, (_, i): Pair<State> => {
    const known = i < states.length;
    return { plus: known ? states[i] : undefined, minus: undefined, blocks: [known ? 1 : 0, 0] };
  });
  function* rows(pairs: readonly Pair<State>[], { index, of }: Share): Generator<Pair<State>, undefined> {
    if (pairs.length === 1) {
      if (index === 0) yield pairs[0]!;
      return;
    }
    const half = pairs.length / 2;
    const second = of > 1 && index >= of / 2;
    const within = of > 1 ? { index: second ? index - of / 2 : index, of: of / 2 } : { index, of };
    for (const crossed of of > 1 ? [second] : [false, true]) {
      const made: State[] = [];
      const both = (a: State | undefined, b: State | undefined): State | undefined => {
        if (a === undefined || b === undefined) return a ?? b;
        const state = sum(a, b, free.pop());
        made.push(state);
        return state;
      };
      const joined = Array.from({ length: half }, (_, i): Pair<State> => {
        const a = pairs[i]!;
        const b = pairs[i + half]!;
        const [same, opposite] = crossed ? [b.minus, b.plus] : [b.plus, b.minus];
        const [left, right] = crossed ? [b.blocks[1], b.blocks[0]] : b.blocks;
        return {
          plus: both(a.plus, same),
          minus: both(a.minus, opposite),
          blocks: [a.blocks[0] + left, a.blocks[1] + right],
        };
      });
      yield* rows(joined, within);
      free.push(...made);
    }
  }
  let spare: Halves<Result> | undefined;
  for (const { plus, minus, blocks } of rows(leaves, share)) {
    // The first row has everything on one side.
    if (plus === undefined || minus === undefined) continue;
    spare = yield { one: finish(plus, spare?.one), other: finish(minus, spare?.other), blocks };
  }
}
