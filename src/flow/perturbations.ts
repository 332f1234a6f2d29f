import type { RecordBatch } from 'apache-arrow';
import type { Ensemble } from '../network/ensemble.ts';
import { makeBatch } from '../schema/batch.ts';
import { constantFloat32, constantInt32 } from '../schema/constant-column.ts';
import { writeId } from '../schema/int64.ts';
import type { Partition } from './partition.ts';

/** The `perturbation` batch that enters a partition's stages: one row a perturbation, no vectors (engines draw those). */
export function perturbationBatch(partition: Partition, ensemble: Ensemble): RecordBatch {
  const { first, count } = partition;
  const { reuse } = ensemble;
  const column = (idOf: (i: number) => number): BigInt64Array => {
    const words = new Int32Array(2 * count);
    for (let i = 0; i < count; i++) writeId(words, i, idOf(i));
    return new BigInt64Array(words.buffer);
  };
  const perturbation = column((i) => first + i);
  const columns = {
    ensemble: constantInt32(ensemble.index, count),
    network: reuse === 1 ? perturbation : column((i) => Math.floor((first + i) / reuse)),
    perturbation,
    strength: constantFloat32(Math.fround(ensemble.inputStrength), count),
  };
  return makeBatch('perturbation', columns, count);
}
