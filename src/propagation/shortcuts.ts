import type { RecordBatch } from 'apache-arrow';
import type { Observable } from 'rxjs';
import type { PartitionContext } from '../pipeline.ts';
import { column } from '../schema/batch.ts';
import { readIds } from '../schema/int64.ts';
import type { FirstPassage, FollowedBatch, Shortcut } from '../shortcut.ts';
import { pulled } from '../stage.ts';
import type { EngineOptions } from './engine.ts';

/** Whether an engine with this floor follows every avalanche over the threshold to its end. */
function goesFarEnough(floor: EngineOptions['floor'], threshold: number | Float32Array, depth: number): boolean {
  if (floor === null) return true;
  const entry = (of: number | Float32Array, layer: number): number =>
    Math.fround(typeof of === 'number' ? of : of[layer]!);
  if (typeof floor === 'number' && typeof threshold === 'number') return entry(floor, 1) <= threshold;
  for (let layer = 1; layer <= depth; layer++) if (!(entry(floor, layer) <= entry(threshold, layer))) return false;
  return true;
}

/** Follows perturbations by their ids, or gives their signals where the engine's law can't be followed. */
export type Follow = (
  ids: Float64Array,
  request: FirstPassage,
  halted: () => boolean,
) => AsyncIterable<FollowedBatch | RecordBatch>;

/** What signals can give without being made. */
export interface ShortcutParts {
  readonly settings: EngineOptions;
  readonly follow: Follow;
  /** The signals of the ids of a batch. */
  signals(ids: (batch: RecordBatch) => Float64Array): Observable<RecordBatch>;
}

/** The shortcut of an engine that can follow perturbations to the end of their avalanches. */
export function shortcut(
  partition: Pick<PartitionContext, 'drained'>,
  perturbation$: Observable<RecordBatch>,
  { settings, follow, signals }: ShortcutParts,
): Shortcut {
  const { floor, ensemble } = settings;
  const idsOf = (batch: RecordBatch): Float64Array => readIds(column(batch, 'perturbation'));
  return {
    firstPassage: (request) =>
      goesFarEnough(floor, request.threshold, ensemble.depth) && request.points * ensemble.depth < 2 ** 32
        ? pulled(partition, (batch: RecordBatch, halted) => follow(idsOf(batch), request, halted))(perturbation$)
        : undefined,
    every: (n) => signals((batch) => idsOf(batch).filter((id) => (id % 2 ** 32) % n === 0)),
  };
}
