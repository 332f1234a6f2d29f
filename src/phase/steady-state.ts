import type { RecordBatch } from 'apache-arrow';
import { concatMap, endWith, from, ignoreElements, map, type Observable, of, tap, toArray } from 'rxjs';
import { ParameterError } from '../error.ts';
import type { PartitionContext } from '../pipeline.ts';
import { type PropagateOptions, propagate } from '../propagation/propagate.ts';
import { column, makeBatch } from '../schema/batch.ts';
import { readIds } from '../schema/int64.ts';
import type { Stage } from '../stage.ts';
import { TimeAverage } from './time-average.ts';

/** How a steady state is reached and averaged. */
export interface SteadyStateOptions {
  readonly engine: PropagateOptions['engine'];
  /** Layers that are left out before the average, ≥ 0. */
  readonly burnIn: number;
  /** Layers that are averaged, ≥ 1. */
  readonly window: number;
  /** Signal strength at layer 0: the nearer to the steady state, the shorter a burn-in will do. By default the ensemble's drive. */
  readonly start?: number;
  /** Half the distance of the two weight variances that are compared, relative to σw² (absolute at σw² = 0). Default 10⁻³. */
  readonly step?: number;
}

/** σw² a little below and a little above. */
export function neighbours(weightVariance: number, step: number): readonly [number, number] {
  const distance = step * (weightVariance > 0 ? weightVariance : 1);
  return [Math.max(0, weightVariance - distance), weightVariance + distance];
}

/**
 * Steady-state signal strength of each network and its derivative by σw²: `perturbation` batches in, `steady_state` batches out.
 *
 * Every perturbation is propagated twice, at σw²(1 − step) and σw²(1 + step), with the same random numbers: streams are keyed by
 * ensemble and perturbation, and what an engine draws is a continuous function of the variances. The difference of the two averages is
 * then the pathwise derivative along the recursion but for an error of order step², and its variance stays finite as step → 0 (Asmussen &
 * Glynn, Stochastic Simulation, 2007, chapter VII), where that of independent runs would grow as step⁻². The signal strength is the mean
 * of the two, off by order step² as well.
 *
 * So it is for the engines effective, annealed and quenched, whose recursion is one of signal strengths. With weights that are held (dense, naive)
 * the two runs are two nearby inputs of one network: the mean is the same, but towards the edge of chaos the difference spreads out, and beyond
 * it a small step only amplifies the noise: take a larger one there.
 * @throws ParameterError for options out of range
 */
export function steadyState(
  partition: Pick<PartitionContext, 'ensemble' | 'seed' | 'drained'>,
  options: SteadyStateOptions,
): Stage<'perturbation', 'steady_state'> {
  const { engine, burnIn, window, step = 1e-3, start = partition.ensemble.inputStrength } = options;
  if (!(Number.isInteger(burnIn) && burnIn >= 0 && Number.isInteger(window) && window >= 1)) {
    throw new ParameterError(
      `the steady state needs a burn-in of at least 0 and a window of at least 1 layers, got ${burnIn} and ${window}`,
    );
  }
  if (!(step > 0 && step < 1)) throw new ParameterError(`step must be a number between 0 and 1, got ${step}`);
  const { ensemble } = partition;
  const variances = neighbours(ensemble.weightVariance, step);

  /** Means of every perturbation of the batch at one weight variance. */
  const means = (batch: RecordBatch, weightVariance: number): Observable<Float64Array> => {
    const firstId = readIds(column(batch, 'perturbation'))[0] ?? 0;
    const average = new TimeAverage(firstId, batch.numRows, burnIn + 1, burnIn + window);
    const shifted = { ...ensemble, weightVariance, depth: burnIn + window, inputStrength: start };
    return of(batch).pipe(
      propagate({ ...partition, ensemble: shifted }, { engine, fullDepth: true, recycle: true }),
      tap((signal) => average.add(signal)),
      ignoreElements(),
      endWith(average),
      map((filled) => filled.means()),
    );
  };

  const joined = (batch: RecordBatch, low: Float64Array, high: Float64Array): RecordBatch => {
    const distance = variances[1] - variances[0];
    const columns = {
      ensemble: new Int32Array(batch.numRows).fill(ensemble.index),
      perturbation: column<BigInt64Array>(batch, 'perturbation'),
      strength: low.map((s, i) => (s + high[i]!) / 2),
      susceptibility: low.map((s, i) => (high[i]! - s) / distance),
    };
    return makeBatch('steady_state', columns, batch.numRows);
  };

  return concatMap((batch) =>
    from(variances).pipe(
      concatMap((weightVariance) => means(batch, weightVariance)),
      toArray(),
      map(([low, high]) => joined(batch, low!, high!)),
    ),
  );
}
