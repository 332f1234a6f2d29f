import type { RecordBatch } from 'apache-arrow';
import type { DataPoints } from '../propagation/data-points.ts';
import { column, makeBatch } from '../schema/batch.ts';
import { readIds, writeIds } from '../schema/int64.ts';
import type { SavedRows } from '../weights/saved-rows.ts';
import { CALIBRATION } from './calibrate.ts';
import { partsOf, type TrainedValues } from './parameters.ts';

/** How perturbations are dealt out to data points: each point in use has as many of them, one after another. */
export interface Dealing {
  /** Perturbations a point. */
  readonly each: number;
  /** Points in use, spread evenly over the file where there are more. */
  readonly used: number;
}

/** All points are used where there are perturbations enough for them. */
export function dealing({ rows }: Pick<SavedRows, 'rows'>, perturbations: number): Dealing {
  const each = Math.ceil(perturbations / rows);
  return { each, used: Math.ceil(perturbations / each) };
}

/** Perturbations a partition of a saved network: whole points, so that blocks of errors have none in common; a single point is no reason. */
export function wholePoints({ each, used }: Dealing, values: TrainedValues): number {
  const parts = partsOf(values);
  return used === 1 ? Math.ceil(values.perturbations / parts) : each * Math.ceil(used / parts);
}

/** The n-th of `used` rows that are spread evenly over all. */
const spread = (n: number, used: number, rows: number): number => Math.floor((n * rows) / used);

/**
 * Data points of an ensemble's perturbations: a saved network's come in the order of the points; those of each network of a control are spread over
 * all of them, from beginnings of their own. Calibrations go over the file, too.
 * @param reuse perturbations that a network has
 */
export function dataPoints(
  rows: SavedRows,
  values: Pick<TrainedValues, 'perturbations' | 'calibration'>,
  reuse: number,
): DataPoints {
  const { perturbations, calibration } = values;
  const { each, used } = dealing(rows, perturbations);
  const networks = Math.ceil(perturbations / reuse);
  const calibrated = Math.min(calibration, rows.rows);
  return {
    width: rows.width,
    of(id) {
      if (id >= CALIBRATION) return spread((id - CALIBRATION) % calibrated, calibrated, rows.rows);
      const network = Math.floor(id / reuse);
      const own = Math.min(reuse, perturbations - network * reuse);
      const dealt = (perturbations * ((id % reuse) + (network + 0.5) / networks)) / own;
      return spread(Math.floor(dealt / each), used, rows.rows);
    },
    read: rows.read,
  };
}

/** The `data_point` batch of a `perturbation` batch: what each perturbation is added to. */
export function dataPointBatch(batch: RecordBatch, { of }: Pick<DataPoints, 'of'>): RecordBatch {
  const perturbation = column<BigInt64Array>(batch, 'perturbation');
  const columns = {
    ensemble: column<Int32Array>(batch, 'ensemble'),
    // A copy: the ids' memory is the next partition's.
    perturbation: perturbation.slice(),
    data_point: writeIds(readIds(perturbation).map(of)),
  };
  return makeBatch('data_point', columns, batch.numRows);
}
