import { ParameterError, PipelineError, StoreError } from '../error.ts';
import type { PartitionList } from '../flow/partition.ts';
import type { StopRule } from '../pipeline.ts';
import type { ManifestHead } from '../store/manifest.ts';
import type { Composed } from './compose.ts';

/** One of several runs that share the partitions of one: partitions `index − 1`, `index − 1 + of`, … of each ensemble. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** How a run's ensembles are cut into partitions, where that isn't left to the parameters alone. */
export interface Split {
  readonly shard?: Shard;
  /** Perturbations a partition, by ensemble; the last one holds for those that follow. */
  readonly partitionSizes?: readonly number[];
}

/**
 * Throws unless a shard is one of those that there are.
 * @throws ParameterError
 */
function checkShard({ index, of }: Shard): void {
  if (Number.isSafeInteger(of) && of >= 1 && Number.isSafeInteger(index) && index >= 1 && index <= of) return;
  throw new ParameterError(`a shard must be one of 1/n to n/n, got ${index}/${of}`);
}

/**
 * Throws unless a run can be shared out.
 * @throws ParameterError for a shard that there isn't, or that has no folder; PipelineError where later ensembles depend on earlier ones
 */
export function checkShardable({ pipeline, composition }: Composed, shard: Shard, out: string | undefined): void {
  checkShard(shard);
  if (out === undefined) throw new ParameterError('a shard needs a run folder: give out');
  if (composition.next === undefined) return;
  throw new PipelineError(
    `runs of ${pipeline.name} can't be shared out where a first phase finds their ensembles: give these as parameters, or use a queue`,
  );
}

/** Throws for a folder that holds a shard. */
export function checkShardless(folder: string, { shard }: Pick<ManifestHead, 'shard'>): void {
  if (shard !== undefined)
    throw new StoreError(`${folder} is shard ${shard.index}/${shard.of}: merge all of them first`);
}

/** The partitions of a shard. */
export function shardOf(partitions: PartitionList, { index, of }: Shard): PartitionList {
  return {
    length: Math.max(0, Math.ceil((partitions.length - (index - 1)) / of)),
    at: (k) => partitions.at(index - 1 + k * of),
  };
}

/** Which of a shard's partitions one of the run is. */
export const ordinalIn = (index: number, shard: Shard | undefined): number =>
  shard === undefined ? index : (index - (shard.index - 1)) / shard.of;

/**
 * When a shard has enough: no shard sees the others' avalanches, so that each goes four standard errors of its share further. Where that
 * doesn't suffice, the merge computes the rest.
 */
export function shardStop(stop: StopRule, { of }: Shard): StopRule {
  if (stop.valid === undefined || of === 1) return stop;
  const share = stop.valid / of;
  return { ...stop, valid: Math.ceil(share + 4 * Math.sqrt(share)) };
}

/** The partition sizes of the whole run that a folder is of, or a shard of. */
export const sizesOf = ({ partition_sizes }: Pick<ManifestHead, 'partition_sizes'>): Split =>
  partition_sizes === undefined ? {} : { partitionSizes: partition_sizes };

/** How the partitions of a run folder were chosen. */
export const splitOf = (head: Pick<ManifestHead, 'shard' | 'partition_sizes'>): Split => ({
  ...(head.shard === undefined ? {} : { shard: head.shard }),
  ...sizesOf(head),
});
