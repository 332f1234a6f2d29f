import type { Reducer } from '../reduce/reducer.ts';
import { column } from '../schema/batch.ts';
import { readIds } from '../schema/int64.ts';

/** Signal strength of one perturbation, index l − 1 for layer l. */
export interface TracesState {
  readonly strengths: Map<number, number[]>;
}

/** Keeps the whole `signal` trace of perturbations 0 … count − 1. */
export function firstTraces(count: number): Reducer<TracesState, ReadonlyMap<number, readonly number[]>> {
  return {
    name: `traces(${count})`,
    init: () => ({ strengths: new Map() }),
    step(state, batch) {
      const ids = readIds(column(batch, 'perturbation'));
      const strength = column<Float32Array>(batch, 'strength');
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i]!;
        if (id >= count) continue;
        const trace = state.strengths.get(id);
        if (trace === undefined) state.strengths.set(id, [strength[i]!]);
        else trace.push(strength[i]!);
      }
      return state;
    },
    merge(into, other) {
      // A split stream may cut a trace: its parts come in the order of the layers.
      for (const [id, more] of other.strengths) {
        into.strengths.set(id, [...(into.strengths.get(id) ?? []), ...more]);
      }
      return into;
    },
    finish: ({ strengths }) => new Map([...strengths].sort(([a], [b]) => a - b).map(([id, trace]) => [id, [...trace]])),
  };
}
