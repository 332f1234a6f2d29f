import { PipelineError } from '../error.ts';
import { cloned } from './cloned.ts';
import { difference } from './difference.ts';
import type { Reducer } from './reducer.ts';

/** Relative rounding error that sums may have which were added in another order. */
export const rounding = 1e-9;

/**
 * The law of the empty state: merged with another one, on either side, it changes nothing. `state` is left alone.
 * @param partition the index of the one that filled the state
 * @throws PipelineError that names the reducer, the side and what differs
 */
export function checkNeutral(reducer: Reducer, state: unknown, partition = 0, tolerance = rounding): void {
  const expected = reducer.finish(cloned(reducer, state));
  const sides: readonly (readonly [string, () => unknown])[] = [
    ['merge(init(), state)', () => reducer.merge(reducer.init(), cloned(reducer, state))],
    ['merge(state, init())', () => reducer.merge(cloned(reducer, state), reducer.init(partition))],
  ];
  for (const [side, merge] of sides) {
    const merged = merge();
    if (merged === undefined && state !== undefined)
      throw new PipelineError(`merge of reducer '${reducer.name}' must return the merged state, got undefined`);
    const differs = difference(reducer.finish(merged), expected, tolerance);
    if (differs === undefined) continue;
    throw new PipelineError(
      `reducer '${reducer.name}' must be left as it is by an empty state, but after ${side} ${differs}`,
    );
  }
}
