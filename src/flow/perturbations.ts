import type { RecordBatch } from 'apache-arrow';
import type { Ensemble } from '../network/ensemble.ts';
import { makeBatch } from '../schema/batch.ts';
import type { Partition } from './partition.ts';

/** The `perturbation` batch that enters a partition's stages: one row a perturbation, no vectors (engines draw those). */
export function perturbationBatch(partition: Partition, ensemble: Ensemble): RecordBatch {
  const { first, count } = partition;
  const perturbation = new BigInt64Array(count);
  const network = new BigInt64Array(count);
  // A BigInt a row would cost more than the engine; ids are written as two 32-bit words (little-endian, as Arrow's).
  const ids = new Uint32Array(perturbation.buffer);
  const networks = new Uint32Array(network.buffer);
  for (let i = 0; i < count; i++) {
    const id = first + i;
    const owner = Math.floor(id / ensemble.reuse);
    ids[2 * i] = id >>> 0;
    ids[2 * i + 1] = Math.floor(id / 2 ** 32);
    networks[2 * i] = owner >>> 0;
    networks[2 * i + 1] = Math.floor(owner / 2 ** 32);
  }
  const columns = {
    ensemble: new Int32Array(count).fill(ensemble.index),
    network,
    perturbation,
    strength: new Float32Array(count).fill(ensemble.inputStrength),
  };
  return makeBatch('perturbation', columns, count);
}
