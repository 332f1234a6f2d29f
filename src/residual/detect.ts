import type { RecordBatch } from 'apache-arrow';
import { concat, defer, from, map, mergeMap, type Observable } from 'rxjs';
import { avalancheBatch } from '../avalanche/avalanches.ts';
import { createDetector, type Detector, type Tally } from '../avalanche/detector.ts';
import type { ProfileOptions } from '../avalanche/profile-options.ts';
import type { PartitionContext } from '../pipeline.ts';
import { type Calibration, thresholdsOf } from '../propagation/residual/runner.ts';
import { type Batch, column, makeBatch } from '../schema/batch.ts';
import type { Stage } from '../stage.ts';
import type { Model } from './models.ts';

const kinds = ['valid', 'dead', 'censored', 'nonFinite'] as const;

/** What a partition's networks say of themselves: calibrations as they come, avalanches at all thresholds, tallies. */
export interface Detection {
  listen(calibration: Calibration): void;
  /** Stage from `signal` batches, of one network each, to `avalanche` batches, of one ensemble each. */
  readonly avalanches: Stage<'signal', 'avalanche'>;
  /** A `network_calibration` batch for each network that begins in the partition, once the avalanches are done. */
  readonly calibration$: Observable<Batch<'network_calibration'>>;
  /** A `tally` batch for each ensemble, once the avalanches are done. */
  readonly tally$: Observable<Batch<'tally'>>;
}

/** A `network_calibration` batch. */
export function calibrationBatch({ network, mean, sd }: Calibration, ensemble: number): RecordBatch {
  const depth = mean.length - 1;
  return makeBatch(
    'network_calibration',
    {
      ensemble: new Int32Array(depth).fill(ensemble),
      network: new BigInt64Array(depth).fill(BigInt(network)),
      layer: Int32Array.from({ length: depth }, (_, i) => i + 1),
      mean: mean.slice(1),
      sd: sd.slice(1),
    },
    depth,
  );
}

/** Avalanches at several thresholds from one stream of signals; each network has thresholds of its own. */
export function detection(
  partition: Pick<PartitionContext, 'count'>,
  { ensembles }: Model,
  profile: ProfileOptions,
): Detection {
  const { reuse } = ensembles[0]!;
  /** Calibrations of networks that begin here: where one goes on from another partition, that one tells it. */
  const begun: Calibration[] = [];
  let latest: Calibration | undefined;
  const tallies = ensembles.map((): Tally => ({ valid: 0, dead: 0, censored: 0, nonFinite: 0 }));
  let current: Calibration | undefined;
  let detectors: Detector[] = [];

  /** Avalanches of one batch, or those under way at the end of a network, for each ensemble that has any. */
  const emit = (find: (detector: Detector) => ReturnType<Detector['finish']>): RecordBatch[] =>
    detectors.flatMap((detector, t) => {
      const before = { ...detector.tally };
      const found = find(detector);
      const more = { valid: 0, dead: 0, censored: 0, nonFinite: 0 };
      for (const kind of kinds) {
        more[kind] = detector.tally[kind] - before[kind];
        tallies[t]![kind] += more[kind];
      }
      partition.count(more);
      return found.length > 0 ? [avalancheBatch(found, ensembles[t]!, profile)] : [];
    });

  const turn = (first: number): RecordBatch[] => {
    const next = latest!;
    if (next === current) return [];
    const last = emit((detector) => detector.finish());
    current = next;
    if (first === next.network * reuse) begun.push(next);
    detectors = ensembles.map(({ depth, threshold = 0 }) =>
      createDetector({ threshold: thresholdsOf(next, threshold), depth, scale: 1, profile }),
    );
    return last;
  };

  const step = (batch: RecordBatch): RecordBatch[] => {
    const before = turn(Number(column<BigInt64Array>(batch, 'perturbation')[0]));
    const signal = {
      length: batch.numRows,
      perturbation: column<BigInt64Array>(batch, 'perturbation'),
      layer: column<Int32Array>(batch, 'layer'),
      strength: column<Float32Array>(batch, 'strength'),
    };
    return [...before, ...emit((detector) => detector.step(signal))];
  };

  return {
    listen: (calibration) => {
      latest = calibration;
    },
    avalanches: (signal$) =>
      concat(
        signal$.pipe(mergeMap((batch) => from(step(batch)), 1)),
        defer(() => from(emit((detector) => detector.finish()))),
      ),
    calibration$: defer(() => from(begun)).pipe(map((one) => calibrationBatch(one, ensembles[0]!.index))),
    tally$: defer(() => from(tallies.keys())).pipe(
      map((t) => {
        const { valid, dead, censored, nonFinite } = tallies[t]!;
        const row = { ensemble: ensembles[t]!.index, valid, dead, censored, non_finite: nonFinite };
        const columns = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Int32Array.of(value)]));
        return makeBatch('tally', columns, 1);
      }),
    ),
  };
}
