import { Field, Float64, makeData, type RecordBatch } from 'apache-arrow';
import { ParameterError } from '../error.ts';
import type { PartitionContext } from '../pipeline.ts';
import { propagatePairs } from '../propagation/correlation.ts';
import { type Batch, column, makeBatch } from '../schema/batch.ts';
import { readIds } from '../schema/int64.ts';
import { pulled, type Stage } from '../stage.ts';

export interface PairsOptions {
  /** Correlation c_0 of the two inputs, −1 to 1. */
  readonly correlation: number;
  /** Correlation of the inputs of a second pair that the distance is taken from, such as the fixed point c*; NaN for none. */
  readonly reference: number;
}

const distanceField = new Field(
  'distance',
  new Float64(),
  false,
  new Map([
    ['unit', '1'],
    ['doc', 'Correlation less that of the reference pair, which has the same random numbers; NaN without one.'],
  ]),
);

const names = ['ensemble', 'network', 'layer', 'energy_a', 'energy_b', 'correlation'] as const;

/** A `correlation` batch with the further column `distance` from the correlations of the reference. */
function withDistance(batch: RecordBatch, reference: (row: number) => number): Batch<'correlation'> {
  const columns = Object.fromEntries(names.map((name) => [name, column(batch, name)]));
  const distance = column<Float64Array>(batch, 'correlation').map((c, row) => c - reference(row));
  const data = makeData({ type: new Float64(), length: batch.numRows, nullCount: 0, data: distance });
  return makeBatch('correlation', columns, batch.numRows, [{ field: distanceField, data }]);
}

/**
 * Stage from `perturbation` batches to batches of the `correlation` table: in place of each perturbation a pair of inputs of correlation c_0
 * goes through a network of its own, to the full depth. Batches carry a further column `distance`: c_l less the correlation of a reference
 * pair, sent through with the same random numbers. Started at the fixed point c*, the reference fluctuates about it as c_l does, so that the
 * distance goes to 0 without a floor of noise, at the rate at which c_l goes to c*. A reference of 1 stays 1 and isn't propagated.
 * @throws ParameterError for a correlation outside [−1, 1]
 */
export function pairs(
  partition: Pick<PartitionContext, 'ensemble' | 'seed' | 'drained'>,
  { correlation, reference }: PairsOptions,
): Stage<'perturbation', 'correlation'> {
  if (Math.abs(reference) > 1) throw new ParameterError(`reference must be from -1 to 1, got ${reference}`);
  const moving = Math.abs(reference) < 1;
  return pulled(partition, function* (batch) {
    const first = readIds(column(batch, 'perturbation'))[0] ?? 0;
    const options = { ...partition, first, count: batch.numRows };
    // Windows of both have the same rows: every pair goes to the full depth.
    const references = moving ? propagatePairs({ ...options, correlation: reference }) : undefined;
    for (const window of propagatePairs({ ...options, correlation })) {
      const other = references?.next().value;
      const values = other === undefined ? undefined : column<Float64Array>(other, 'correlation');
      yield withDistance(window, (row) => values?.[row] ?? reference);
    }
  });
}
