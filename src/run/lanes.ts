import { listPartitions, partitionSize } from '../flow/partition.ts';
import { createLane, type Lane } from '../flow/schedule.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { Composition, Counts, StopRule } from '../pipeline.ts';

/** The stop rule of an ensemble: its own where the composition has one for it, or the run's. */
export function stopOf(composition: Composition, ensemble: Ensemble): StopRule {
  return composition.stopOf?.(ensemble) ?? composition.stop;
}

/** One lane an ensemble, at the start or where a checkpoint left off. */
export function lanesOf(
  composition: Composition,
  from?: readonly { readonly merged: number; readonly counts: Counts }[],
): Lane[] {
  return composition.ensembles.map((ensemble, l) => {
    const stop = stopOf(composition, ensemble);
    const size = composition.partitionSize ?? partitionSize(stop, ensemble.reuse);
    const done = from?.[l];
    return createLane(listPartitions(l, stop, size), stop, done?.merged, done?.counts);
  });
}
