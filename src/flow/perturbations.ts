import type { RecordBatch } from 'apache-arrow';
import type { Ensemble } from '../network/ensemble.ts';
import { makeBatch } from '../schema/batch.ts';
import { writeIds } from '../schema/int64.ts';
import type { Partition } from './partition.ts';

/** The `perturbation` batch that enters a partition's stages: one row a perturbation, no vectors (engines draw those). */
export function perturbationBatch(partition: Partition, ensemble: Ensemble): RecordBatch {
  const { first, count } = partition;
  const { reuse } = ensemble;
  const ids = new Float64Array(count);
  for (let i = 0; i < count; i++) ids[i] = first + i;
  const perturbation = writeIds(ids);
  const columns = {
    ensemble: new Int32Array(count).fill(ensemble.index),
    network: reuse === 1 ? perturbation : writeIds(ids.map((id) => Math.floor(id / reuse))),
    perturbation,
    strength: new Float32Array(count).fill(ensemble.inputStrength),
  };
  return makeBatch('perturbation', columns, count);
}
