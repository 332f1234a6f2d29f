import type { RecordBatch } from 'apache-arrow';
import type { Observable } from 'rxjs';
import type { PartitionContext } from '../pipeline.ts';
import { column } from '../schema/batch.ts';
import { readIds } from '../schema/int64.ts';
import type { FirstPassage, Passed, Shortcut } from '../shortcut.ts';
import { pulled } from '../stage.ts';
import type { EngineOptions, SignalWindow } from './engine.ts';

/** Whether an engine with this floor follows every avalanche over the threshold to its end. */
function goesFarEnough(floor: EngineOptions['floor'], threshold: number | Float32Array, depth: number): boolean {
  if (floor === null) return true;
  const entry = (of: number | Float32Array, layer: number): number =>
    Math.fround(typeof of === 'number' ? of : of[layer]!);
  if (typeof floor === 'number' && typeof threshold === 'number') return entry(floor, 1) <= threshold;
  for (let layer = 1; layer <= depth; layer++) if (!(entry(floor, layer) <= entry(threshold, layer))) return false;
  return true;
}

/** Ids whose low word is a multiple of n: an array of its own, since others go by all of them. */
function multiples(ids: Float64Array, n: number): Float64Array {
  const some: number[] = [];
  for (let i = 0; i < ids.length; i++) if ((ids[i]! >>> 0) % n === 0) some.push(ids[i]!);
  return new Float64Array(some);
}

/** Follows perturbations by their ids: see {@link Shortcut.firstPassage}. */
export type Follow = (ids: Float64Array, request: FirstPassage, halted: () => boolean) => AsyncIterable<Passed>;

/** Signals that were kept of perturbations whose avalanches were found: of the first of those that are asked for. */
export interface KeptSignals {
  readonly window: SignalWindow;
  readonly perturbations: number;
}

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
  // Both ask for the same batches.
  const known = new WeakMap<RecordBatch, Float64Array>();
  const idsOf = (batch: RecordBatch): Float64Array => {
    const ids = known.get(batch) ?? readIds(column(batch, 'perturbation'));
    known.set(batch, ids);
    return ids;
  };
  let every = 0;
  return {
    firstPassage: (request) =>
      goesFarEnough(floor, request.threshold, ensemble.depth) && request.points * ensemble.depth < 2 ** 32
        ? pulled(partition, (batch: RecordBatch, halted) => follow(idsOf(batch), { ...request, every }, halted))(
            perturbation$,
          )
        : undefined,
    every: (n) => {
      every = n < 2 ** 31 ? n : 0;
      return signals((batch) => multiples(idsOf(batch), n));
    },
  };
}
