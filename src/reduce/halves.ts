/** Two halves of all blocks, disjoint, that make up all of them. */
export interface Halves<Result> {
  readonly one: Result;
  readonly other: Result;
  /** Blocks in each. */
  readonly blocks: readonly [number, number];
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
 * @returns a walk to which a pair may be handed back that is no longer read: `next(pair)`
 */
export function* halves<State, Result>(
  states: readonly State[],
  sum: (a: State, b: State, spare?: State) => State,
  finish: (state: State, spare?: Result) => Result,
  free: State[] = [],
): Generator<Halves<Result>, undefined, Halves<Result> | undefined> {
  let order = 1;
  while (order < states.length) order *= 2;
  const leaves = Array.from({ length: order }, (_, i): Pair<State> => {
    const known = i < states.length;
    return { plus: known ? states[i] : undefined, minus: undefined, blocks: [known ? 1 : 0, 0] };
  });
  function* rows(pairs: readonly Pair<State>[]): Generator<Pair<State>, undefined> {
    if (pairs.length === 1) {
      yield pairs[0]!;
      return;
    }
    const half = pairs.length / 2;
    for (const crossed of [false, true]) {
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
      yield* rows(joined);
      free.push(...made);
    }
  }
  let spare: Halves<Result> | undefined;
  for (const { plus, minus, blocks } of rows(leaves)) {
    // The first row has everything on one side.
    if (plus === undefined || minus === undefined) continue;
    spare = yield { one: finish(plus, spare?.one), other: finish(minus, spare?.other), blocks };
  }
}
