import type { RecordBatch } from 'apache-arrow';
import type { Reducer } from './reducer.ts';

/** A reducer that folds in only the batches that `wanted` says yes to, and takes no notice of the others. */
export function only<State, Result>(
  wanted: (batch: RecordBatch) => boolean,
  reducer: Reducer<State, Result>,
): Reducer<State, Result> {
  return { ...reducer, step: (state, batch) => (wanted(batch) ? reducer.step(state, batch) : state) };
}
