import type { Observable } from 'rxjs';
import { crackling, cracklingTableNames } from '../crackling/crackling.ts';
import { type BlockedStatistics, cracklingReducer } from '../crackling/reducer.ts';
import { type EnsembleResult, type PartitionContext, type Study, withMore } from '../pipeline.ts';
import { only } from '../reduce/only.ts';
import type { ResultOf } from '../reduce/reducer.ts';
import { together } from '../reduce/together.ts';
import { layerStrengthFigure } from '../report/layer-strength-figure.ts';
import { calibrationReducer } from '../residual/reducer.ts';
import { tableOf } from '../schema/batch.ts';
import { openRows } from '../weights/saved-rows.ts';
import { dealing, wholePoints } from './around.ts';
import { biasFindings } from './bias-finding.ts';
import { TrainedCheck } from './card-check.ts';
import { trainedEnsembles } from './ensembles.ts';
import { fewPointsFindings } from './few-points-finding.ts';
import { TrainedNetworks, type TrainedPartition } from './networks.ts';
import { partsOf, type TrainedValues } from './parameters.ts';
import { layerRows } from './tables.ts';

/** Tables that a study of trained networks makes. */
export const trainedTableNames = [...cracklingTableNames, 'network_layer'] as const;

/** Avalanches, in jackknife blocks, and calibrations. */
function trainedReducer(values: TrainedValues) {
  return {
    ...together({
      crackling: cracklingReducer(values),
      calibration: only((batch) => tableOf(batch) === 'network_calibration', calibrationReducer),
    }),
    reads: ['avalanche', 'network_calibration'],
  };
}

/** What the perturbations of an ensemble come to. */
export type TrainedResult = ResultOf<ReturnType<typeof trainedReducer>>;

/** The analysis of trained networks as part of a composition, and the network of a partition. */
export interface TrainedAvalanches extends Study<TrainedResult> {
  /** Emits once: what the perturbations of a partition go through. */
  network(partition: PartitionContext): Observable<TrainedPartition>;
}

/** What the crackling analysis sees of an ensemble. */
const avalanchesOf = (one: EnsembleResult<TrainedResult>): EnsembleResult<BlockedStatistics> =>
  withMore(one as unknown as EnsembleResult<BlockedStatistics>, {
    get result() {
      return one.result.crackling;
    },
  });

/**
 * Avalanches of Gaussian perturbations in networks whose weights are in files, an ensemble each, beside controls that have lost what was learned. An
 * ensemble's network is one: errors are over perturbations, or over data points that they go around. Those of a control are many, one a partition, and its errors are over networks. Strengths
 * are means over each layer's own width; sizes are N·Σ (s_l − θ_l) with N the width of what comes in. Spread it into what `compose` returns.
 */
export function trainedAvalanches(values: TrainedValues): TrainedAvalanches {
  const around = values.around === undefined ? undefined : openRows(values.around);
  const all = trainedEnsembles(values, around);
  const networks = new TrainedNetworks(all, values);
  const held = new TrainedCheck(values);
  const { avalanches: _, ahead, ...analysis } = crackling({ ...values, engine: 'dense' });
  const reducer = trainedReducer(values);
  const at = (index: number) => all.find(({ ensemble }) => ensemble.index === index)!;
  return {
    ensembles: all.map(({ ensemble }) => ensemble),
    stop: { perturbations: values.perturbations },
    partitionSize: ({ surrogate }) =>
      around === undefined || surrogate !== undefined
        ? Math.ceil(values.perturbations / partsOf(values))
        : wholePoints(dealing(around, values.perturbations), values),
    inputs: [
      ...new Set([...all.flatMap(({ network }) => network.files), ...(around === undefined ? [] : [around.path])]),
    ],
    ...(around === undefined ? { empty: ['data_point'] } : {}),
    network: (partition) => networks.of(partition),
    onCard: (ensemble, adapter) => held.check(at(ensemble.index), adapter),
    reducer,
    mergeable: true,
    ahead: {
      of: reducer,
      measure: (one) => ahead!.measure(avalanchesOf(one)),
      parts: {
        count: ahead!.parts!.count,
        measure: (one, part) => ahead!.parts!.measure(avalanchesOf(one), part),
        join: (one, parts) => ahead!.parts!.join(avalanchesOf(one), parts),
      },
    },
    results: (results) => ({
      ...analysis.results(results.map(avalanchesOf)),
      network_layer: results.flatMap((one) => layerRows(at(one.ensemble.index), one.result.calibration)),
    }),
    estimate: ({ crackling: found }, ensemble) => analysis.estimate!(found, ensemble),
    summaries: (tables) => {
      const [first, ...others] = analysis.summaries!(tables);
      const { used } = around === undefined ? { used: undefined } : dealing(around, values.perturbations);
      const more = used !== undefined ? fewPointsFindings(used) : values.threshold === null ? biasFindings(tables) : [];
      return [{ ...first!, findings: [...(first!.findings ?? []), ...more] }, ...others];
    },
    figures: (tables) => [layerStrengthFigure(tables), ...analysis.figures!(tables)],
    after: analysis.after!,
    cost: ({ index }) => at(index).network.layers.reduce((sum, layer) => sum + layer.inWidth * layer.outWidth, 0),
  };
}
