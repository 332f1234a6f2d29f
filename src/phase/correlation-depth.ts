import { activation } from '../network/activation.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { distinct } from '../parameter.ts';
import type { PartitionContext, Study } from '../pipeline.ts';
import { type BlocksResult, blocks } from '../reduce/blocks.ts';
import { together } from '../reduce/together.ts';
import { correlationDecayFigure, correlationDepthsFigure } from '../report/correlation-figures.ts';
import { correlationSummary } from '../report/correlation-summary.ts';
import type { Stage } from '../stage.ts';
import { correlationRecursion, meanFieldPoint, meanFieldRow, meanFieldSweep } from '../theory/meanfield.ts';
import { line } from './cells.ts';
import type { CorrelationValues } from './correlation-parameters.ts';
import { depthRow, layerRows, type Pair, type PairStatistics } from './correlation-tables.ts';
import { layerMoments } from './layer-moments.ts';
import { pairs } from './pairs.ts';

/** Statistics of pairs of inputs, in blocks of networks. */
export type PairBlocks = BlocksResult<PairStatistics>;

/** Tables that a study of correlations makes. */
export const correlationTableNames = ['correlation_depth', 'correlation_layer', 'meanfield'] as const;

/** Everything of the composition but the stages, and the stage that sends pairs of inputs through networks. */
export interface CorrelationDepth extends Study<PairBlocks> {
  pairs(partition: PartitionContext): Stage<'perturbation', 'correlation'>;
}

/** @throws ParameterError for grid values listed twice */
function pairsOf(values: CorrelationValues): Pair[] {
  distinct('weight-variances', values.weightVariances);
  distinct('bias-variances', values.biasVariances);
  distinct('correlations', values.correlations);
  const phi = activation(values.activation);
  const { depth, width } = values;
  const points = values.biasVariances.flatMap((bias) =>
    values.weightVariances.map((weight) => meanFieldPoint(phi, weight, bias)),
  );
  return points.flatMap((point, p) =>
    values.correlations.map((correlation, i) => {
      const { sStar, weightVariance, biasVariance } = point;
      // Started at the fixed point of the signal energy, only the correlation has a way to go.
      const inputStrength = sStar > 0 && Number.isFinite(sStar) ? sStar : values.inputNorm / Math.sqrt(width);
      const energies = [inputStrength ** 2, inputStrength ** 2] as const;
      const ensemble: Ensemble = {
        index: p * values.correlations.length + i,
        activation: phi.name,
        width,
        depth,
        weightVariance,
        biasVariance,
        inputStrength,
        reuse: 1,
      };
      const { correlations } = correlationRecursion(phi, point, { energies, correlation }, depth);
      return { ensemble, point, correlation, recursion: correlations };
    }),
  );
}

/**
 * The decay of correlations as part of a pipeline: pairs of inputs of given correlation at the mean-field signal strength, one ensemble a
 * point and c_0; c_l by layer (table `correlation_layer`) and its decay length beside ξ_c (`correlation_depth`), with the theory's ξ_c over the
 * range of σw² (`meanfield`).
 */
export function correlationDepth(values: CorrelationValues): CorrelationDepth {
  const all = pairsOf(values);
  const { weightVariances: weights } = values;
  const sweep = line(Math.min(...weights), Math.max(...weights), 401);
  const each = together({
    correlation: layerMoments('correlation', values.depth),
    distance: layerMoments('distance', values.depth),
    logDistance: layerMoments('distance', values.depth, (distance) => Math.log(Math.abs(distance))),
  });
  return {
    ensembles: all.map(({ ensemble }) => ensemble),
    stop: { perturbations: values.networks },
    unit: 'networks',
    // A reference that stays where it is isn't propagated.
    cost: ({ index }) => (Math.abs(all[index]!.point.cStar) < 1 ? 2 : 1),
    partitionSize: Math.ceil(values.networks / values.blocks),
    pairs: (partition) => {
      const { correlation, point } = all[partition.ensemble.index]!;
      return pairs(partition, { correlation, reference: point.cStar });
    },
    reducer: blocks(each, values.blocks),
    results: (ensembles) => ({
      correlation_depth: ensembles.map((one) => depthRow(all[one.ensemble.index]!, one)),
      correlation_layer: ensembles.flatMap((one) => layerRows(all[one.ensemble.index]!, one)),
      meanfield: meanFieldSweep(activation(values.activation), sweep, values.biasVariances).map(meanFieldRow),
    }),
    summaries: (tables) => [correlationSummary(tables)],
    after: { all: 0.4, figures: 1 },
    figures: (tables) => [correlationDecayFigure(tables), correlationDepthsFigure(tables)],
  };
}
