import { defer, EMPTY, from, map, type Observable, of } from 'rxjs';
import { floorOf, type Threshold } from '../avalanche/threshold.ts';
import { type AnalysedTable, analysedAvalanches } from '../crackling/analysed-avalanches.ts';
import { ParameterError } from '../error.ts';
import type { PartitionContext } from '../pipeline.ts';
import { dense } from '../propagation/dense.ts';
import type { LayerWeights } from '../propagation/dense-weights.ts';
import type { Engine } from '../propagation/engine.ts';
import { type Calibration, thresholdsOf } from '../propagation/residual/runner.ts';
import { calibrationBatch } from '../residual/detect.ts';
import type { Batch } from '../schema/batch.ts';
import type { Stage } from '../stage.ts';
import { dataPointBatch } from './around.ts';
import { calibrate } from './calibrate.ts';
import { controlWeights } from './controls.ts';
import type { TrainedEnsemble } from './ensembles.ts';
import type { TrainedValues } from './parameters.ts';

/** The network that the perturbations of a partition go through, calibrated. */
export interface TrainedPartition {
  readonly engine: Engine;
  /** What `propagate` stops following perturbations below. */
  readonly floor: number | Float32Array;
  /** Stage from `signal` batches to `avalanche` batches. */
  readonly avalanches: Stage<'signal', AnalysedTable>;
  /** `data_point` batches: what its perturbations are added to; none where that is zero. */
  readonly dataPoint$: Observable<Batch<'data_point'>>;
  /** Its `network_calibration` batch, once a network; to follow the avalanches. */
  readonly calibration$: Observable<Batch<'network_calibration'>>;
}

interface Network {
  readonly engine: Engine;
  readonly calibration: Calibration;
}

/** An engine that is one network, and refuses perturbations of others. */
function onlyNetwork(index: number, engine: Engine): Engine {
  return {
    name: engine.name,
    propagate(perturbations, options) {
      const { reuse } = options.ensemble;
      if (perturbations.some((id) => Math.floor(id / reuse) !== index)) {
        throw new ParameterError('partition-size must be left out: a partition has the perturbations of one network');
      }
      return engine.propagate(perturbations, options);
    },
  };
}

/** Gives each partition its network: the saved one, read and calibrated once a thread, or one of a control. */
export class TrainedNetworks {
  readonly #values: TrainedValues;
  readonly #ensembles: readonly TrainedEnsemble[];
  #weights: { readonly path: string; readonly layers: readonly LayerWeights[] } | undefined;
  #saved: { readonly key: string; readonly network: Promise<Network> } | undefined;

  constructor(ensembles: readonly TrainedEnsemble[], values: TrainedValues) {
    this.#ensembles = ensembles;
    this.#values = values;
  }

  /** Emits the partition's network once it is there. */
  of(partition: PartitionContext): Observable<TrainedPartition> {
    const { ensemble, seed, index } = partition;
    const own = this.#ensembles.find((each) => each.ensemble.index === ensemble.index)!;
    // A partition of a control is a network.
    const number = own.control === undefined ? 0 : index;
    return defer(() => from(this.#networkOf(own, seed, number))).pipe(
      map(({ engine, calibration }): TrainedPartition => {
        const threshold: Threshold =
          ensemble.threshold === undefined ? ensemble.inputStrength : thresholdsOf(calibration, ensemble.threshold);
        return {
          engine: onlyNetwork(number, engine),
          floor: floorOf(threshold, ensemble.depth)!,
          avalanches: analysedAvalanches(partition, { ...this.#values, threshold }),
          dataPoint$:
            own.points === undefined
              ? EMPTY
              : partition.perturbation$.pipe(map((batch) => dataPointBatch(batch, own.points!))),
          calibration$: number === index ? of(calibrationBatch(calibration, ensemble.index)) : EMPTY,
        };
      }),
    );
  }

  #networkOf(own: TrainedEnsemble, seed: number, number: number): Promise<Network> {
    const layers = this.#layersOf(own);
    if (own.control !== undefined) {
      const key = { seed, ensemble: own.ensemble.index, network: number };
      return this.#opened(own, controlWeights(layers, own.control, key), seed, number);
    }
    const key = `${own.ensemble.index} ${seed}`;
    if (this.#saved?.key !== key) this.#saved = { key, network: this.#opened(own, layers, seed, number) };
    return this.#saved.network;
  }

  #layersOf({ network: { path, read } }: TrainedEnsemble): readonly LayerWeights[] {
    if (this.#weights?.path !== path) this.#weights = { path, layers: read() };
    return this.#weights.layers;
  }

  async #opened(
    { ensemble, points }: TrainedEnsemble,
    weights: readonly LayerWeights[],
    seed: number,
    number: number,
  ): Promise<Network> {
    const { backend, input, observable, calibration: count } = this.#values;
    const engine = dense({ backend, weights, input, ...(points === undefined ? {} : { around: points }) });
    return { engine, calibration: await calibrate(engine, { ensemble, seed, observable }, number, count) };
  }
}
