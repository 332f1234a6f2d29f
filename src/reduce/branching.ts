import { column } from '../schema/batch.ts';
import type { Reducer } from './reducer.ts';

/** Sums over steps from an active layer to the next. */
export interface BranchingState {
  ancestors: number;
  descendants: number;
}

/** Sums over steps, and the branching ratio from them. */
export interface BranchingResult extends Readonly<BranchingState> {
  /** Σ s_(l+1) / Σ s_l; NaN without steps. */
  readonly ratio: number;
}

/**
 * The branching ratio m = Σ s_(l+1) / Σ s_l over all steps from an active layer to the next, the drive being the first ancestor: the mean gain
 * of a layer, weighted by activity, 1 where activity neither grows nor decays. Which steps count is decided before they are taken, so that dead
 * perturbations and the step on which an avalanche ends belong to it, and stopping doesn't bias it; over surviving layers alone it would exceed
 * the gain. It is the classical estimate Σ descendants / Σ ancestors of neuronal avalanches (Beggs & Plenz, J. Neurosci. 23, 11167 (2003)) with
 * signal strength for the number of active units.
 *
 * Sums telescope: 1 − m = (s0 − ⟨s_end⟩) / (s0 + ⟨Σ s_l⟩) under the first-passage rule, with s_end the last strength seen of a perturbation, the
 * counterpart of 1 − m = 1/⟨S⟩ of a branching process.
 *
 * Folds `branching` batches: `avalanches(partition, { branching: true })` emits one a partition.
 */
export function branching(): Reducer<BranchingState, BranchingResult> {
  return {
    name: 'branching',
    init: () => ({ ancestors: 0, descendants: 0 }),
    step(state, batch) {
      for (const name of ['ancestors', 'descendants'] as const) {
        for (const sum of column<Float64Array>(batch, name)) state[name] += sum;
      }
      return state;
    },
    merge(into, other) {
      into.ancestors += other.ancestors;
      into.descendants += other.descendants;
      return into;
    },
    finish: ({ ancestors, descendants }) => ({ ancestors, descendants, ratio: descendants / ancestors }),
  };
}
