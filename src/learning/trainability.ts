import { activation } from '../network/activation.ts';
import type { PartitionContext, Study } from '../pipeline.ts';
import { predictorsSummary, scanSummary, trainedSummary } from '../report/learning-summaries.ts';
import type { Stage } from '../stage.ts';
import { curveBiasVariances, phaseCurveRow, phaseCurves } from '../theory/meanfield.ts';
import { checkTraining } from './card-check.ts';
import { learningCells, learningCost } from './cells.ts';
import { learningFigures } from './figures.ts';
import { type LearningResult, learning } from './learning-reducer.ts';
import { rankTables, trainableRegionRows } from './map-analysis.ts';
import type { LearningValues } from './parameters.ts';
import {
  type LearnedCell,
  learnedAvalancheRows,
  learnedSignalRows,
  learningCurveRows,
  trainabilityRow,
} from './tables.ts';
import { cellTheories } from './theory.ts';
import { trainedTogether } from './together.ts';
import { train } from './train.ts';

/** Tables that the experiments on learning make. */
export const learningTableNames = [
  'trainability',
  'learning_curve',
  'rank_correlation',
  'rank_difference',
  'trainable_region',
  'phase_curve',
  'learned_avalanche',
  'learned_signal',
] as const;

/** All of a composition but its stages, and the one that trains the networks of a cell. */
export interface Trainability extends Study<LearningResult> {
  train(
    partition: Pick<PartitionContext, 'ensemble' | 'seed' | 'drained' | 'count'>,
  ): Stage<'perturbation', 'learning'>;
}

/**
 * Two experiments on learning (arXiv:2509.22649): training accuracy over the (σw², σb²) plane beside the mean-field susceptibility, with
 * rank correlations and the trainable region of each σb², and epochs to a training accuracy along σw² for several widths.
 * One cell is an ensemble, one run a partition.
 */
export function trainability(values: LearningValues): Trainability {
  const cells = learningCells(values);
  return {
    ensembles: cells.map(({ ensemble }) => ensemble),
    stop: { perturbations: values.runs },
    unit: 'networks',
    partitionSize: 1,
    inputs: [values.images, values.labels].filter((path) => path !== ''),
    together: trainedTogether(values, cells),
    train: (partition) => train(partition, cells[partition.ensemble.index]!.plan),
    onCard: (ensemble, adapter) => checkTraining(cells[ensemble.index]!, adapter),
    reducer: learning(),
    results(ensembles) {
      const trained = ensembles.filter(({ result }) => result.runs.length > 0);
      const theories = cellTheories(trained.map(({ ensemble }) => ensemble));
      const learned = trained.map(
        ({ ensemble, result }, i): LearnedCell => ({ ...cells[ensemble.index]!, result, theory: theories[i]! }),
      );
      const map = learned.filter(({ experiment }) => experiment === 'map');
      const classes = map[0]?.plan.images().classes ?? 2;
      const bias = Math.max(...map.map(({ ensemble }) => ensemble.biasVariance));
      return {
        trainability: learned.map(trainabilityRow),
        learning_curve: learned.flatMap(learningCurveRows),
        ...(map.length === 0
          ? {}
          : {
              ...rankTables(map),
              trainable_region: trainableRegionRows(map, values.trainable, classes),
              phase_curve: phaseCurves(activation(values.activation), curveBiasVariances(0, bias)).map(phaseCurveRow),
            }),
        ...(values.signalsAt === null
          ? {}
          : {
              learned_avalanche: learned.flatMap(learnedAvalancheRows),
              learned_signal: learned.flatMap(learnedSignalRows),
            }),
      };
    },
    estimate: ({ epochs }) => {
      const last = epochs.at(-1);
      return { epoch: last?.epoch ?? Number.NaN, accuracy: last?.accuracy ?? Number.NaN };
    },
    cost: (ensemble) => learningCost(cells[ensemble.index]!),
    summaries: (tables) => [trainedSummary(tables), predictorsSummary(tables), scanSummary(tables, values.target)],
    after: { all: 1.2, figures: 1.5 },
    figures: (tables) => learningFigures(tables, values.target),
  };
}
