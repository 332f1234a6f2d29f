import type { RecordBatch } from 'apache-arrow';
import type { Ensemble } from '../network/ensemble.ts';
import { column, makeBatch } from '../schema/batch.ts';
import { type HiddenAvalanches, readSignals, signalColumns } from './signal-columns.ts';

/** What an epoch of a run came to. */
export interface EpochRow {
  readonly run: number;
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  /** Avalanches of the network after this epoch, where they were looked at. */
  readonly signals?: HiddenAvalanches;
}

/** One epoch as a batch of the `learning` table; avalanches travel in further columns. */
export function learningBatch(ensemble: Ensemble, row: EpochRow): RecordBatch {
  const { index, width, depth, weightVariance, biasVariance } = ensemble;
  const columns = {
    ensemble: Int32Array.of(index),
    run: BigInt64Array.of(BigInt(row.run)),
    epoch: Int32Array.of(row.epoch),
    width: Int32Array.of(width),
    depth: Int32Array.of(depth),
    weight_variance: Float64Array.of(weightVariance),
    bias_variance: Float64Array.of(biasVariance),
    loss: Float64Array.of(row.loss),
    accuracy: Float64Array.of(row.accuracy),
  };
  return makeBatch('learning', columns, 1, row.signals === undefined ? [] : signalColumns(row.signals));
}

/** The rows of a `learning` batch. */
export function epochRows(batch: RecordBatch): EpochRow[] {
  const run = column<BigInt64Array>(batch, 'run');
  const epoch = column<Int32Array>(batch, 'epoch');
  const loss = column<Float64Array>(batch, 'loss');
  const accuracy = column<Float64Array>(batch, 'accuracy');
  return Array.from({ length: batch.numRows }, (_, i) => {
    const signals = readSignals(batch, i);
    return {
      run: Number(run[i]),
      epoch: epoch[i]!,
      loss: loss[i]!,
      accuracy: accuracy[i]!,
      ...(signals === undefined ? {} : { signals }),
    };
  });
}
