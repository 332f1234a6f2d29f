import type { RecordBatch } from 'apache-arrow';
import type { Observable } from 'rxjs';
import type { FirstPassage, Shortcut } from '../gpu/shortcut.ts';
import type { PartitionContext } from '../pipeline.ts';
import { column } from '../schema/batch.ts';
import { readIds } from '../schema/int64.ts';
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

/** What signals of the annealed engine on a graphics card can give without being made. */
export function webGpuShortcut(
  partition: Pick<PartitionContext, 'drained'>,
  perturbation$: Observable<RecordBatch>,
  settings: EngineOptions,
  signals: (ids: (batch: RecordBatch) => Float64Array) => Observable<RecordBatch>,
): Shortcut {
  const idsOf = (batch: RecordBatch): Float64Array => readIds(column(batch, 'perturbation'));
  return {
    firstPassage: (request: FirstPassage) =>
      goesFarEnough(settings.floor, request.threshold, settings.ensemble.depth) &&
      request.points * settings.ensemble.depth < 2 ** 32
        ? pulled(partition, async function* (batch: RecordBatch, halted) {
            const { followedWebGpu } = await import('./first-passage-webgpu.ts');
            yield* followedWebGpu(idsOf(batch), settings, request, halted);
          })(perturbation$)
        : undefined,
    every: (n) => signals((batch) => idsOf(batch).filter((id) => (id % 2 ** 32) % n === 0)),
  };
}
