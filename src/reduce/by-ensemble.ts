import type { RecordBatch } from 'apache-arrow';
import { column } from '../schema/batch.ts';
import { copyState } from './copy-state.ts';
import type { Reducer } from './reducer.ts';

/** States of the inner reducer by the number of the ensemble. */
export interface ByEnsembleState<State> {
  readonly partition: number | undefined;
  readonly states: Map<number, State>;
}

/**
 * One state of a reducer for each ensemble that a stream's batches name in their column `ensemble`; a batch belongs to the ensemble of its
 * first row.
 */
export function byEnsemble<State, Result>(
  reducer: Reducer<State, Result>,
): Reducer<ByEnsembleState<State>, ReadonlyMap<number, Result>> {
  const each = ({ states }: ByEnsembleState<State>, finish: (state: State) => Result): ReadonlyMap<number, Result> =>
    new Map([...states].map(([ensemble, state]) => [ensemble, finish(state)]));
  return {
    name: `by ensemble: ${reducer.name}`,
    init: (partition) => ({ partition, states: new Map() }),
    step(state, batch: RecordBatch) {
      const ensemble = column<Int32Array>(batch, 'ensemble')[0];
      if (ensemble === undefined) return state;
      const before = state.states.get(ensemble) ?? reducer.init(state.partition);
      state.states.set(ensemble, reducer.step(before, batch));
      return state;
    },
    merge(into, other) {
      for (const [ensemble, state] of other.states) {
        const own = into.states.get(ensemble);
        into.states.set(ensemble, own === undefined ? copyState(state) : reducer.merge(own, state));
      }
      return into;
    },
    finish: (state) => each(state, (own) => reducer.finish(own)),
    preview: (state) => each(state, (own) => (reducer.preview ?? reducer.finish)(own)),
  };
}
