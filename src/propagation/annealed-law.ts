import { ParameterError } from '../error.ts';
import type { AnnealedLaw } from '../kernel/annealed.ts';
import { activation } from '../network/activation.ts';
import { checkOptions, type EngineOptions } from './engine.ts';

/**
 * The setup of engine annealed, on processors and on cards.
 * @throws ParameterError where networks are shared, or options are out of range
 */
export function annealedLaw(options: EngineOptions): AnnealedLaw {
  checkOptions(options);
  const { ensemble } = options;
  if (ensemble.reuse !== 1) {
    throw new ParameterError(
      `engine annealed draws a fresh network for every perturbation: reuse must be 1, got ${ensemble.reuse}; engines quenched and dense take more`,
    );
  }
  return {
    activation: activation(ensemble.activation),
    width: ensemble.width,
    depth: ensemble.depth,
    weightVariance: ensemble.weightVariance,
    biasVariance: ensemble.biasVariance,
    inputStrength: ensemble.inputStrength,
    postActivation: options.observable === 'post-activation',
    floor: options.floor,
    seed: options.seed,
    ensemble: ensemble.index,
  };
}
