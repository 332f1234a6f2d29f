import type { StopRule } from '../pipeline.ts';

/** The unit of work, commitment, retry, resume and distribution: perturbations `first` … `first + count − 1` of an ensemble. */
export interface Partition {
  /** Position of the ensemble in the composition. */
  readonly ensemble: number;
  /** Position within the ensemble's list of partitions; part files are named by it. */
  readonly index: number;
  readonly first: number;
  readonly count: number;
}

/** Perturbations tried for every valid avalanche wanted, before a run gives up where avalanches are rare. */
export const tryLimit = 100;

const fewestPartitions = 64;
const largestPartition = 65_536;

/** A list of partitions that is never held: each is computed from its index. */
export interface PartitionList {
  readonly length: number;
  at(index: number): Partition;
}

/**
 * How many perturbations a partition takes: small enough for at least 64 partitions a run (jackknife blocks need them), at most 65,536,
 * and whole networks. Depends on parameters only, so a run's data doesn't depend on who computes it.
 */
export function partitionSize(stop: StopRule, reuse: number): number {
  const expected = Math.min(stop.perturbations ?? Infinity, (stop.valid ?? Infinity) * 2);
  const wanted = Math.min(Math.max(Math.ceil(expected / fewestPartitions), 1), largestPartition);
  return Math.ceil(wanted / reuse) * reuse;
}

/** All partitions that an ensemble may need under a stop rule. */
export function listPartitions(ensemble: number, stop: StopRule, size: number): PartitionList {
  const total = Math.min(stop.perturbations ?? Infinity, (stop.valid ?? Infinity) * tryLimit);
  return {
    length: Math.ceil(total / size),
    at: (index) => ({ ensemble, index, first: index * size, count: Math.min(size, total - index * size) }),
  };
}
