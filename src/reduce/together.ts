import type { Reducer, ResultOf } from './reducer.ts';

/** The state type of a reducer. */
export type StateOf<R> = R extends Reducer<infer State, infer _Result> ? State : never;

/** States of reducers by name. */
export type StatesOf<Parts> = { readonly [K in keyof Parts]: StateOf<Parts[K]> };

/** Results of reducers by name. */
export type ResultsOf<Parts> = { readonly [K in keyof Parts]: ResultOf<Parts[K]> };

/** Several reducers over the same batches as one; states and results are records of theirs, by the same names. */
export function together<Parts extends Record<string, Reducer>>(
  parts: Parts,
): Reducer<StatesOf<Parts>, ResultsOf<Parts>> {
  const entries = Object.entries(parts);
  const each = (next: (key: string, reducer: Reducer) => unknown) =>
    Object.fromEntries(entries.map(([key, reducer]) => [key, next(key, reducer)]));
  const of = (state: StatesOf<Parts>, key: string): unknown => (state as Record<string, unknown>)[key];
  return {
    name: `together(${entries.map(([key, reducer]) => (key === reducer.name ? key : `${key}: ${reducer.name}`)).join(', ')})`,
    init: (partition) => each((_, reducer) => reducer.init(partition)) as StatesOf<Parts>,
    step: (state, batch) => each((key, reducer) => reducer.step(of(state, key), batch)) as StatesOf<Parts>,
    merge: (into, other) => each((key, reducer) => reducer.merge(of(into, key), of(other, key))) as StatesOf<Parts>,
    finish: (state, spare) =>
      each((key, reducer) =>
        reducer.finish(of(state, key), (spare as Record<string, unknown> | undefined)?.[key]),
      ) as ResultsOf<Parts>,
    release: (state, take) => {
      for (const [key, reducer] of entries) reducer.release?.(of(state, key), take);
    },
    preview: (state) => each((key, reducer) => (reducer.preview ?? reducer.finish)(of(state, key))) as ResultsOf<Parts>,
  };
}
