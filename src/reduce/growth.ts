import { column } from '../schema/batch.ts';
import type { Reducer } from './reducer.ts';

/** Steps from an active layer to the next, and how strength grew over them. */
export interface GrowthState {
  steps: number;
  /** Σ ln (s_(l+1) / s_l). */
  logGrowth: number;
}

/** Sums over steps, and the growth rate from them. */
export interface GrowthResult extends Readonly<GrowthState> {
  /** Σ ln (s_(l+1) / s_l) by the number of steps, a layer; NaN without steps. */
  readonly rate: number;
}

/**
 * The growth rate λ = Σ ln (s_(l+1)/s_l) / steps over all steps from an active layer to the next, the drive being the first: mean logarithmic growth a layer,
 * the Lyapunov exponent of a product of random matrices where the activation is linear (Cohen & Newman, Ann. Probab. 12, 283 (1984),
 * doi:10.1214/aop/1176993291). Whether a step counts is decided before it is taken, and the one that ends an avalanche does, so that by Wald's identity stopping
 * doesn't bias it: E Σ ln (s_(l+1)/s_l) = E[steps]·E ln (s_(l+1)/s_l). Steps to strength 0 are left out; it is then the mean of the others.
 *
 * Folds `growth` batches: `avalanches(partition, { growth: true })` emits one a partition.
 */
export function growth(): Reducer<GrowthState, GrowthResult> {
  return {
    name: 'growth',
    init: () => ({ steps: 0, logGrowth: 0 }),
    step(state, batch) {
      for (const steps of column<Float64Array>(batch, 'steps')) state.steps += steps;
      for (const sum of column<Float64Array>(batch, 'log_growth')) state.logGrowth += sum;
      return state;
    },
    merge(into, other) {
      into.steps += other.steps;
      into.logGrowth += other.logGrowth;
      return into;
    },
    finish: ({ steps, logGrowth }) => ({ steps, logGrowth, rate: logGrowth / steps }),
  };
}
