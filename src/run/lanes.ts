import { listPartitions, partitionSize } from '../flow/partition.ts';
import { createLane, type Lane } from '../flow/schedule.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { Composition, Counts, StopRule } from '../pipeline.ts';
import { type Split, shardOf, shardStop } from './split.ts';

/** The stop rule of an ensemble: its own where the composition has one for it, or the run's. */
export function stopOf(composition: Composition, ensemble: Ensemble): StopRule {
  return composition.stopOf?.(ensemble) ?? composition.stop;
}

/**
 * Perturbations that a partition of each ensemble takes: whole networks, or, where the composition divides a network, whole parts of it, as
 * errors of a single network come from its parts.
 */
export function partitionSizes(composition: Composition, { partitionSizes: given }: Split = {}): number[] {
  return composition.ensembles.map((ensemble, l) => {
    const { partitionSize: declared } = composition;
    const own = typeof declared === 'function' ? declared(ensemble) : declared;
    const size = given?.[l] ?? given?.at(-1);
    if (size === undefined) return own ?? partitionSize(stopOf(composition, ensemble), ensemble.reuse);
    const least = Math.min(own ?? ensemble.reuse, ensemble.reuse);
    return Math.ceil(size / least) * least;
  });
}

/** One lane an ensemble, at the start or where a checkpoint left off. */
export function lanesOf(
  composition: Composition,
  from?: readonly { readonly merged: number; readonly counts: Counts }[],
  split: Split = {},
): Lane[] {
  const sizes = partitionSizes(composition, split);
  const { shard } = split;
  return composition.ensembles.map((ensemble, l) => {
    const stop = stopOf(composition, ensemble);
    const all = listPartitions(l, stop, sizes[l]!);
    const done = from?.[l];
    return shard === undefined
      ? createLane(all, stop, done?.merged, done?.counts)
      : createLane(shardOf(all, shard), shardStop(stop, shard), done?.merged, done?.counts);
  });
}
