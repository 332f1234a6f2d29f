import type { RecordBatch } from 'apache-arrow';
import type { Reducer } from './reducer.ts';

/** A reducer that sees only some batches of a stream. */
export function only<State, Result>(
  wanted: (batch: RecordBatch) => boolean,
  reducer: Reducer<State, Result>,
): Reducer<State, Result> {
  return { ...reducer, step: (state, batch) => (wanted(batch) ? reducer.step(state, batch) : state) };
}
