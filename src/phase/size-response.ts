import type { RecordBatch } from 'apache-arrow';
import { concatMap, from, map, of, reduce, toArray } from 'rxjs';
import { avalanches } from '../avalanche/avalanches.ts';
import { ParameterError } from '../error.ts';
import type { PartitionContext } from '../pipeline.ts';
import { type PropagateOptions, propagate } from '../propagation/propagate.ts';
import type { CovariancesResult } from '../reduce/covariances.ts';
import { column, makeBatch } from '../schema/batch.ts';
import { readIds } from '../schema/int64.ts';
import type { Stage } from '../stage.ts';
import { neighbours } from './steady-state.ts';

export interface SizeResponseOptions {
  readonly engine: PropagateOptions['engine'];
  /** Half the distance of the two weight variances that are compared, relative to σw² (absolute at σw² = 0). Default 0.02. */
  readonly step?: number;
}

/** Size of each perturbation's avalanche, 0 and not alive where it died at once. */
interface Sizes {
  readonly size: Float64Array;
  readonly alive: Int32Array;
}

/**
 * Avalanches of each network at a weight variance a little below and a little above that of its ensemble, with the same random numbers and the
 * same drive and threshold: `perturbation` batches in, `size_response` batches out. The means of both give d⟨S⟩/dσw² ({@link sizeSusceptibility}).
 *
 * The excess over the threshold is a continuous function of σw² but where an avalanche that ended goes on: there it jumps by all that follows. So a
 * pathwise derivative is biased (Asmussen & Glynn, Stochastic Simulation, 2007, chapter VII.2), the difference isn't, and its variance grows as
 * 1/step where few avalanches are near to a jump, in place of 1/step² for independent runs.
 * @throws ParameterError for a step out of range
 */
export function sizeResponse(
  partition: Pick<PartitionContext, 'ensemble' | 'seed' | 'drained'>,
  { engine, step = 0.02 }: SizeResponseOptions,
): Stage<'perturbation', 'size_response'> {
  if (!(step > 0 && step < 1)) throw new ParameterError(`size-step must be a number between 0 and 1, got ${step}`);
  const { ensemble } = partition;
  const variances = neighbours(ensemble.weightVariance, step);

  const sizesAt = (batch: RecordBatch, weightVariance: number) => {
    const firstId = readIds(column(batch, 'perturbation'))[0] ?? 0;
    const shifted = { ...partition, ensemble: { ...ensemble, weightVariance }, count: () => {} };
    return of(batch).pipe(
      propagate(shifted, { engine, recycle: true }),
      avalanches(shifted),
      reduce<RecordBatch, Sizes>(
        (sizes, found) => {
          const id = readIds(column(found, 'perturbation'));
          const size = column<Float64Array>(found, 'size');
          for (let i = 0; i < found.numRows; i++) {
            const at = id[i]! - firstId;
            sizes.size[at] = size[i]!;
            sizes.alive[at] = 1;
          }
          return sizes;
        },
        { size: new Float64Array(batch.numRows), alive: new Int32Array(batch.numRows) },
      ),
    );
  };

  return concatMap((batch) =>
    from(variances).pipe(
      concatMap((weightVariance) => sizesAt(batch, weightVariance)),
      toArray(),
      map(([low, high]) =>
        makeBatch(
          'size_response',
          {
            ensemble: new Int32Array(batch.numRows).fill(ensemble.index),
            perturbation: column<BigInt64Array>(batch, 'perturbation'),
            alive_low: low!.alive,
            alive_high: high!.alive,
            size_low: low!.size,
            size_high: high!.size,
          },
          batch.numRows,
        ),
      ),
    ),
  );
}

/** Columns of `size_response` in the order in which {@link sizeSusceptibility} takes their means and covariances. */
export const responseColumns = ['alive_low', 'alive_high', 'size_low', 'size_high'] as const;

/**
 * d⟨S⟩/dσw² of the mean size of the avalanches, the dead ones left out at either weight variance, with its standard error over networks: a
 * difference of two ratios of means, whose error comes from their covariances by the delta method.
 * @param found means and covariances of {@link responseColumns}
 * @param weightVariance σw² in the middle
 * @param step as given to {@link sizeResponse}
 * @returns NaN where fewer than two avalanches are left at either variance, or where a size wasn't finite
 */
export function sizeSusceptibility(
  { count, means, covariances, nonFinite }: CovariancesResult,
  weightVariance: number,
  step: number,
): { value: number; error: number } {
  const [low, high] = neighbours(weightVariance, step);
  const [aliveLow = 0, aliveHigh = 0, sizeLow = 0, sizeHigh = 0] = means;
  if (nonFinite > 0 || !(count * Math.min(aliveLow, aliveHigh) > 1.5)) return { value: Number.NaN, error: Number.NaN };
  const [meanLow, meanHigh] = [sizeLow / aliveLow, sizeHigh / aliveHigh];
  const gradient = [meanLow / aliveLow, -meanHigh / aliveHigh, -1 / aliveLow, 1 / aliveHigh];
  let variance = 0;
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) variance += gradient[i]! * covariances[4 * i + j]! * gradient[j]!;
  }
  const distance = high - low;
  return { value: (meanHigh - meanLow) / distance, error: Math.sqrt(Math.max(0, variance) / count) / distance };
}
