import type { RecordBatch } from 'apache-arrow';
import type { Observable } from 'rxjs';
import type { PartitionContext } from '../pipeline.ts';
import { column, taken } from '../schema/batch.ts';
import { readIds } from '../schema/int64.ts';
import type { FirstPassage, Passed, Shortcut } from '../shortcut.ts';
import { pulled } from '../stage.ts';
import type { EngineOptions, SignalWindow } from './engine.ts';
import { Idle } from './idle.ts';

/** Whether an engine with this floor follows every avalanche over the threshold to its end. */
function goesFarEnough(floor: EngineOptions['floor'], threshold: number | Float32Array, depth: number): boolean {
  if (floor === null) return true;
  const entry = (of: number | Float32Array, layer: number): number =>
    Math.fround(typeof of === 'number' ? of : of[layer]!);
  if (typeof floor === 'number' && typeof threshold === 'number') return entry(floor, 1) <= threshold;
  for (let layer = 1; layer <= depth; layer++) if (!(entry(floor, layer) <= entry(threshold, layer))) return false;
  return true;
}

/** Ids of a column whose low word is a multiple of n. */
function multiples(ids: BigInt64Array, n: number): Float64Array {
  const words = new Uint32Array(ids.buffer, ids.byteOffset, 2 * ids.length);
  const some: number[] = [];
  for (let i = 0; i < words.length; i += 2) if (words[i]! % n === 0) some.push(words[i]! + 2 ** 32 * words[i + 1]!);
  return new Float64Array(some);
}

/** Memory of ids that a batch is done with, for the next one. */
const idle = new Idle<Float64Array>(undefined, ({ buffer }) => [buffer]);

/** Hands out the ids of a column, so many at a time, while something is made of them. */
async function* withIds<Made>(
  column: BigInt64Array,
  atOnce: number,
  make: (ids: Float64Array) => AsyncIterable<Made>,
): AsyncGenerator<Made, void> {
  const most = Math.min(atOnce, column.length);
  const room = idle.take(({ length }) => length >= most) ?? new Float64Array(most);
  try {
    for (let from = 0; from < column.length; from += most)
      yield* make(readIds(column.subarray(from, from + most), room));
  } finally {
    idle.put(room);
  }
}

/** Follows perturbations by their ids: see {@link Shortcut.firstPassage}. */
export type Follow = (ids: Float64Array, request: FirstPassage, halted: () => boolean) => AsyncIterable<Passed>;

/** Signals that were kept of perturbations whose avalanches were found: of the first of those that are asked for. */
export interface KeptSignals {
  readonly window: SignalWindow;
  readonly perturbations: number;
  /** Says that the window is read and may be overwritten. */
  release?(): void;
}

/** What signals can give without being made. */
export interface ShortcutParts {
  readonly settings: EngineOptions;
  readonly follow: Follow;
  /** Perturbations that are followed at once: all of a batch, or fewer where their ids would take more memory than they are worth. */
  readonly atOnce: number;
  /** The signals of the ids of a batch. */
  signals(ids: (batch: RecordBatch) => Float64Array): Observable<RecordBatch>;
}

/** The shortcut of an engine that can follow perturbations to the end of their avalanches. */
export function shortcut(
  partition: Pick<PartitionContext, 'drained'>,
  perturbation$: Observable<RecordBatch>,
  { settings, follow, atOnce, signals }: ShortcutParts,
): Shortcut {
  const { floor, ensemble } = settings;
  const idsOf = (batch: RecordBatch): BigInt64Array =>
    column(taken('propagate', 'perturbation', batch), 'perturbation');
  let every = 0;
  return {
    firstPassage: (request) =>
      goesFarEnough(floor, request.threshold, ensemble.depth) && request.points * ensemble.depth < 2 ** 32
        ? pulled(partition, (batch: RecordBatch, halted) =>
            withIds(idsOf(batch), atOnce, (ids) => follow(ids, { ...request, every }, halted)),
          )(perturbation$)
        : undefined,
    every: (n) => {
      every = n < 2 ** 31 ? n : 0;
      return signals((batch) => multiples(idsOf(batch), n));
    },
  };
}
