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

/** Row pieces of the walk: each sums its blocks anew, which takes twice the merges and a third of the memory of one that doesn't. */
const pieces = 8;

/** What a walk makes states by. Arguments don't change, but for the first of `join`. */
export interface Sums<State> {
  /** A state of its own, in the memory of one that is no longer needed where there is one. */
  copy(state: State, spare?: State): State;
  join(into: State, other: State): State;
}

/**
 * Balanced half-samples: block i belongs to one half or the other by the sign (−1)^(number of bits of r & i), row r of Sylvester's Hadamard
 * matrix of the smallest order M ≥ n, r = 1 … M − 1. Rows are orthogonal, so that M − 1 pairs know as much of a mean's variance as all
 * possible ones (McCarthy, Rev. Int. Stat. Inst. 37, 239 (1969)). Rows with the same highest bits are a piece, by butterflies, as a fast
 * Walsh–Hadamard transform that can only add: for M = 32, 320 merges in all and 14 states at a time.
 * @param finish makes a result of a state, in the memory of one that was handed back where there is one
 * @param free states that nobody reads any more; those that the walk made are left there
 * @param share which of so many shares of the walk, a power of two of them: one after the other they are all of it
 * @returns a walk to which a pair may be handed back that is no longer read: `next(pair)`
 */
export function* halves<State, Result>(
  states: readonly State[],
  { copy, join }: Sums<State>,
  finish: (state: State, spare?: Result) => Result,
  free: State[] = [],
  share: Share = { index: 0, of: 1 },
): Generator<Halves<Result>, undefined, Halves<Result> | undefined> {
  let order = 1;
  while (order < states.length) order *= 2;
  const among = Math.min(pieces, order);
  const width = order / among;

  /** The sum of states, if there are any, which changes none of them. */
  const total = (some: readonly (State | undefined)[], made: State[]): State | undefined => {
    const [first, second, ...rest] = some.filter((state) => state !== undefined);
    if (first === undefined || second === undefined) return first;
    let sum = join(copy(first, free.pop()), second);
    for (const state of rest) sum = join(sum, state);
    made.push(sum);
    return sum;
  };

  /** The sum over t of blocks width·t + j, by the signs that `piece` gives t. */
  const gathered = (piece: number, j: number, made: State[]): Pair<State> => {
    const [plus, minus]: [State[], State[]] = [[], []];
    for (let t = 0; width * t + j < states.length; t++) {
      const side = isOdd(piece & t) ? minus : plus;
      side.push(states[width * t + j]!);
    }
    return { plus: total(plus, made), minus: total(minus, made), blocks: [plus.length, minus.length] };
  };

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
      const joined = Array.from({ length: half }, (_, i): Pair<State> => {
        const a = pairs[i]!;
        const b = pairs[i + half]!;
        const [same, opposite] = crossed ? [b.minus, b.plus] : [b.plus, b.minus];
        const [left, right] = crossed ? [b.blocks[1], b.blocks[0]] : b.blocks;
        return {
          plus: total([a.plus, same], made),
          minus: total([a.minus, opposite], made),
          blocks: [a.blocks[0] + left, a.blocks[1] + right],
        };
      });
      yield* rows(joined, within);
      free.push(...made);
    }
  }

  // A share is some of the pieces, or one of so many parts of a piece.
  const parts = Math.max(1, share.of / among);
  const count = Math.max(1, among / share.of);
  const first = Math.floor(share.index / parts) * count;
  let spare: Halves<Result> | undefined;
  for (let piece = first; piece < first + count; piece++) {
    const made: State[] = [];
    const pairs = Array.from({ length: width }, (_, j) => gathered(piece, j, made));
    for (const { plus, minus, blocks } of rows(pairs, { index: share.index % parts, of: parts })) {
      // The first row has everything on one side.
      if (plus === undefined || minus === undefined) continue;
      spare = yield { one: finish(plus, spare?.one), other: finish(minus, spare?.other), blocks };
    }
    free.push(...made);
  }
}

/** Whether an odd number of bits is set. */
function isOdd(bits: number): boolean {
  let odd = 0;
  for (let rest = bits; rest > 0; rest &= rest - 1) odd ^= 1;
  return odd === 1;
}
