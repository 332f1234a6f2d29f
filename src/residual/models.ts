import { ParameterError } from '../error.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { layersOf, type ResidualArchitecture, residualArchitecture } from '../network/resnet/architecture.ts';
import { distinct } from '../parameter.ts';
import type { ResidualValues } from './parameters.ts';

/** A model of a run, and what the avalanches at each of its thresholds belong to. */
export interface Model {
  readonly architecture: ResidualArchitecture;
  /** One ensemble a threshold. All see the same networks and perturbations; those are propagated once, under the first of them. */
  readonly ensembles: readonly Ensemble[];
}

/** Networks of a model that are few enough for a run of minutes, and enough for errors over them. */
const usualNetworks = 32;

/**
 * Perturbations that share a network: those of a model by the number of its networks, up to whole batches.
 * @throws ParameterError where that leaves a network without any
 */
export function sharing({ networks, perturbations, batch }: ResidualValues): number {
  const batches = Math.ceil(perturbations / batch);
  const reuse = Math.ceil(batches / (networks ?? Math.min(usualNetworks, batches))) * batch;
  if (networks === null || Math.ceil(perturbations / reuse) === networks) return reuse;
  throw new ParameterError(
    `perturbations must be more than ${(networks - 1) * reuse} for ${networks} networks that take whole batches of ${batch}, got ${perturbations}`,
  );
}

/**
 * The models that the parameters describe.
 * @throws ParameterError for a model or threshold that is listed twice, or values that don't fit together
 */
export function residualModels(values: ResidualValues): Model[] {
  const { batch, calibration, batchNorm, layers, additions } = values;
  if (calibration % batch !== 0) {
    throw new ParameterError(`calibration must be a multiple of batch, ${batch}, got ${calibration}`);
  }
  if (batch < 2 && batchNorm !== 'initial') {
    throw new ParameterError(`batch must be at least 2 for ${batchNorm} statistics of batch norm, got ${batch}`);
  }
  if (additions && layers === 'block') {
    throw new ParameterError('additions must be false where layers are blocks');
  }
  const reuse = sharing(values);
  const thresholds = distinct('thresholds', values.thresholds);
  return distinct('models', values.models).map((model, m) => {
    const architecture = residualArchitecture({ ...values, model });
    const ensembles = thresholds.map(
      (threshold, t): Ensemble => ({
        index: m * thresholds.length + t,
        activation: 'relu',
        width: architecture.width,
        depth: layersOf(architecture, values).length,
        // He's law: Var W = 2/(fan in), or 2/(fan out).
        weightVariance: 2,
        biasVariance: 0,
        inputStrength: 1,
        reuse,
        model,
        threshold,
      }),
    );
    return { architecture, ensembles };
  });
}
