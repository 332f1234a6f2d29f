import type { AnnealedLaw } from '../kernel/annealed.ts';
import { activation } from '../network/activation.ts';
import { checkAlone } from './checked-engine.ts';
import { checkOptions, type EngineOptions } from './engine.ts';

/**
 * The setup of engine annealed, on processors and on cards.
 * @throws ParameterError where networks are shared, or options are out of range
 */
export function annealedLaw(options: EngineOptions): AnnealedLaw {
  checkOptions(options);
  const { ensemble } = options;
  checkAlone('annealed', ensemble);
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
