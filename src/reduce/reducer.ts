import type { RecordBatch } from 'apache-arrow';

/**
 * An incremental statistic whose partial states merge: what a stream of batches is folded into.
 *
 * The reducer holds no state. A state is structured-cloneable (it crosses threads, is checkpointed). Laws, held by one
 * shared property test: splitting the stream anywhere and merging the parts equals reducing the whole; merging an empty state
 * changes nothing; `finish` leaves the state usable; a cloned state behaves alike.
 *
 * @typeParam State what is accumulated
 * @typeParam Result what `finish` makes of it
 */
export interface Reducer<State = unknown, Result = unknown> {
  readonly name: string;
  /** A fresh state. `partition` is the index of the partition that will fill it; only `blocks` reads it. */
  init(partition?: number): State;
  /** Fold a batch in; may change `state` in place, returns the state to go on with. */
  step(state: State, batch: RecordBatch): State;
  /** Fold `other` into `into`; may change `into`, never `other`. */
  merge(into: State, other: State): State;
  /** The result so far. Doesn't change the state. `spare`: a result that nobody reads any more, whose memory it may take. */
  finish(state: State, spare?: Result): Result;
  /**
   * Gives the arrays of a state that nobody uses any more, nor anything of it, to `take`. Default: they are kept for the next states of this thread.
   */
  release?(state: State, take?: (array: Float64Array | Int32Array) => void): void;
  /** Tables without whose batches its result says nothing: a partition whose stages end before them is refused. Default: any will do. */
  readonly reads?: readonly string[];
  /** The result without what is costly and only the end needs (jackknife errors): for progress. Default: `finish`. */
  preview?(state: State): Result;
}

/** The result type of a reducer. */
export type ResultOf<R> = R extends Reducer<infer _State, infer Result> ? Result : never;
