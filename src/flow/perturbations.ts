import type { RecordBatch } from 'apache-arrow';
import { keepsIdle } from '../idle-memory.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { column, makeBatch } from '../schema/batch.ts';
import { constantFloat32, constantInt32, forgetConstants } from '../schema/constant-column.ts';
import { writeId } from '../schema/int64.ts';
import type { Partition } from './partition.ts';

/** Ids that a partition is done with, for the next one's. */
let idle: ArrayBuffer | undefined;

keepsIdle(() => {
  forgetConstants();
  const all = idle === undefined ? [] : [idle];
  idle = undefined;
  return all;
});

function memoryFor(count: number): ArrayBuffer {
  const kept = idle;
  idle = undefined;
  return kept !== undefined && kept.byteLength >= 8 * count ? kept : new ArrayBuffer(8 * count);
}

/** The `perturbation` batch that enters a partition's stages: one row a perturbation, no vectors (engines draw those). */
export function perturbationBatch(partition: Partition, ensemble: Ensemble): RecordBatch {
  const { first, count } = partition;
  const { reuse } = ensemble;
  const ids = (idOf: (i: number) => number): BigInt64Array => {
    const buffer = memoryFor(count);
    const words = new Int32Array(buffer);
    for (let i = 0; i < count; i++) writeId(words, i, idOf(i));
    return new BigInt64Array(buffer, 0, count);
  };
  const perturbation = ids((i) => first + i);
  const columns = {
    ensemble: constantInt32(ensemble.index, count),
    network: reuse === 1 ? perturbation : ids((i) => Math.floor((first + i) / reuse)),
    perturbation,
    strength: constantFloat32(Math.fround(ensemble.inputStrength), count),
  };
  return makeBatch('perturbation', columns, count);
}

/** Takes the memory of a batch, which nobody reads any more, for the next one. */
export function releasePerturbations(batch: RecordBatch): void {
  idle = column<BigInt64Array>(batch, 'perturbation').buffer as ArrayBuffer;
}
