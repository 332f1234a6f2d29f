import { ParameterError } from '../error.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { layersOf, type ResidualArchitecture, residualArchitecture } from '../network/resnet/architecture.ts';
import type { ResidualValues } from './parameters.ts';

/** A model of a run, and what the avalanches at each of its thresholds belong to. */
export interface Model {
  readonly architecture: ResidualArchitecture;
  /** One ensemble a threshold. All see the same networks and perturbations; those are propagated once, under the first of them. */
  readonly ensembles: readonly Ensemble[];
}

function once<T>(name: string, values: readonly T[]): readonly T[] {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) throw new ParameterError(`${name} must differ, got ${twice} twice`);
  return values;
}

/**
 * The models that the parameters describe.
 * @throws ParameterError for a model or threshold that is listed twice, or numbers that don't fit together
 */
export function residualModels(values: ResidualValues): Model[] {
  const { batch, reuse, calibration, layers } = values;
  for (const [name, number] of [
    ['reuse', reuse],
    ['calibration', calibration],
  ] as const) {
    if (number % batch !== 0) throw new ParameterError(`${name} must be a multiple of batch, ${batch}, got ${number}`);
  }
  const thresholds = once('thresholds', values.thresholds);
  return once('models', values.models).map((model, m) => {
    const architecture = residualArchitecture({ ...values, model });
    const ensembles = thresholds.map(
      (threshold, t): Ensemble => ({
        index: m * thresholds.length + t,
        activation: 'relu',
        width: architecture.width,
        depth: layersOf(architecture, layers).length,
        // He's law: Var W = 2/(fan in).
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
