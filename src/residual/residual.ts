import { concat, type Observable } from 'rxjs';
import { analyse, cracklingTableNames, tablesOfAnalysed } from '../crackling/crackling.ts';
import { quickExponents } from '../crackling/measuring.ts';
import { type Analysed, measuredAhead, measuredAlone } from '../crackling/tables.ts';
import { imageFiles, inputSource } from '../images/placed.ts';
import { multiplications } from '../network/resnet/architecture.ts';
import type { EnsembleResult, PartitionContext, Study } from '../pipeline.ts';
import type { Engine } from '../propagation/engine.ts';
import { type ResidualEngine, residual } from '../propagation/residual/engine.ts';
import { countsSummary } from '../report/counts-summary.ts';
import { exponentsSummary } from '../report/exponents-summary.ts';
import { footingSummary } from '../report/footing-summary.ts';
import { surrogateSummary } from '../report/surrogate-summary.ts';
import { universalitySummary } from '../report/universality-summary.ts';
import type { Batch } from '../schema/batch.ts';
import { beside, type Stage } from '../stage.ts';
import { surrogatesOf } from '../surrogate/kinds.ts';
import { checkModel } from './card-check.ts';
import { detection } from './detect.ts';
import { residualFigures } from './figures.ts';
import { residualModels } from './models.ts';
import { nullModel, nullModels } from './null-model.ts';
import type { ResidualValues } from './parameters.ts';
import { type ResidualResult, residualReducer } from './reducer.ts';
import { byThreshold, calibrationRows } from './tables.ts';

/** Tables that a study of residual networks makes. */
export const residualTableNames = [...cracklingTableNames, 'calibration'] as const;

/** A partition's networks: the engine that propagates its perturbations, and what follows from their signals. */
export interface ResidualPartition {
  readonly engine: Engine;
  /** Stage from `signal` batches to `avalanche` batches at all thresholds. */
  readonly avalanches: Stage<'signal', 'avalanche'>;
  /** `network_calibration` batches; to follow the avalanches. */
  readonly calibration$: Observable<Batch<'network_calibration'>>;
  /** `tally` batches; to follow the avalanches. */
  readonly tally$: Observable<Batch<'tally'>>;
}

/** The analysis of residual networks as part of a composition, and the stages of a partition. */
export interface ResidualAvalanches extends Study<ResidualResult> {
  networks(partition: PartitionContext): ResidualPartition;
}

/**
 * Avalanches in residual networks at initialisation: each network is calibrated by inputs of its own, perturbations are propagated once,
 * and their avalanches found at every threshold θ_l = μ_l + k·sd_l (arXiv:2509.22649). Sizes are Σ (s̃_l − θ_l), not multiplied by the width.
 *
 * A model is one ensemble of the run; in the tables every threshold of a model is one, and `signal` rows carry the number of the model's first.
 * Their `width` is the number of channels of the first stage. A run's own tallies count avalanches at all thresholds. Spread it into what `compose` returns.
 */
export function residualAvalanches(values: ResidualValues): ResidualAvalanches {
  const models = residualModels(values);
  const { batch, perturbations, profilePoints, thresholds } = values;
  const { reuse } = models[0]!.ensembles[0]!;
  const networks = Math.ceil(perturbations / reuse);
  // All models see images of one shape.
  const inputs = inputSource(values.images, models[0]!.architecture.input);
  const engines = new Map<number, ResidualEngine>();
  const modelAt = (index: number) => models[Math.floor(index / thresholds.length)]!;
  const nulls = nullModels(models, surrogatesOf(values.surrogate));
  /** The null models of an ensemble's model. */
  const nullsAt = (index: number) => nulls.filter(({ ensembles }) => ensembles[0]!.surrogate!.of === index);
  const engineOf = (index: number): ResidualEngine => {
    const known = engines.get(index);
    if (known !== undefined) return known;
    const { architecture } = modelAt(index);
    const made = residual({ ...values, architecture, inputs });
    engines.set(index, made);
    return made;
  };
  // Whole networks, so that jackknife blocks are independent; a single network's inputs are divided.
  const partitionSize =
    networks === 1 ? Math.ceil(perturbations / 64 / batch) * batch : Math.max(1, Math.floor(networks / 64)) * reuse;
  // A network's calibration takes its share of the time that its perturbations are counted for; one that partitions share, hardly any.
  const calibrates = partitionSize < reuse ? 0 : values.calibration * (values.batchNorm === 'running' ? 2 : 1);
  const counted = (batch * reuse) / (calibrates + reuse);
  const reducer = residualReducer(values);
  /** Every threshold of a model and of its null models. */
  const analysedOf = (one: EnsembleResult<ResidualResult>): Analysed[] => {
    const { index } = one.ensemble;
    const known = measuredAhead<readonly object[]>(one);
    return [modelAt(index), ...nullsAt(index)]
      .flatMap((model) => byThreshold(model, one, values))
      .map((each, i) => analyse(known === undefined ? each : { ...each, measured: known[i] }, values));
  };
  return {
    ensembles: models.map(({ ensembles }) => ensembles[0]!),
    stop: { perturbations },
    partitionSize,
    inputs: imageFiles(values.images),
    networks: (partition) => {
      const { index } = partition.ensemble;
      const profile = { points: profilePoints, of: values.size };
      const measured = detection(partition, modelAt(index), profile);
      const nulls = nullsAt(index).map((model) => nullModel(partition, model, profile));
      const all = [measured, ...nulls];
      return {
        engine: engineOf(index).withCalibration(
          (calibration) => {
            for (const { listen } of all) listen(calibration);
          },
          (calibration) => {
            if (!calibration || calibrates > 0) partition.count({ underway: counted });
          },
        ),
        // Propagated once: null models are made of the very signals that are measured.
        avalanches: beside(...all.map(({ avalanches }) => avalanches)),
        calibration$: measured.calibration$,
        tally$: concat(...all.map(({ tally$ }) => tally$)),
      };
    },
    onCard: (ensemble, adapter) => checkModel(modelAt(ensemble.index), { ...values, inputs }, adapter),
    reducer,
    mergeable: true,
    ahead: { of: reducer, measure: (one) => analysedOf(one).map(measuredAlone) },
    results: (results) => {
      const analysed = results.flatMap(analysedOf);
      const { ensemble = [], ...tables } = tablesOfAnalysed(analysed, values, 'residual');
      const { height, width, channels } = models[0]!.architecture.input;
      return {
        calibration: results.flatMap((one) =>
          calibrationRows(modelAt(one.ensemble.index), one.result.network_calibration, values),
        ),
        // Components of an image have variance 1.
        ensemble: ensemble.map((row) => ({ ...row, input_norm: Math.sqrt(height * width * channels) })),
        ...tables,
      };
    },
    estimate: ({ avalanche }, ensemble) => {
      // The threshold nearest to the mean has the most avalanches; ensembles of all models stand in the same order.
      const middle = thresholds.reduce((best, k, t) => (Math.abs(k) < Math.abs(thresholds[best]!) ? t : best), 0);
      const measured = models.length * thresholds.length;
      const statistics = [...avalanche].find(([e]) => e < measured && e % thresholds.length === middle)?.[1];
      return statistics === undefined ? {} : quickExponents(ensemble, statistics.all, values);
    },
    summaries: (tables) => [
      exponentsSummary(tables, values),
      footingSummary(tables),
      universalitySummary(tables),
      surrogateSummary(tables),
      countsSummary(tables),
    ],
    after: {
      each: ({ index }) => 0.2 * (thresholds.length + nullsAt(index).length),
      all: 0.2,
      figures: 1,
      figuresEach: 0.13 * thresholds.length,
    },
    figures: (tables) => residualFigures(tables, thresholds, values),
    cost: ({ index }) => multiplications(modelAt(index).architecture),
  };
}
