import { ParameterError } from '../error.ts';
import { kindOf } from '../gpu/parameters.ts';
import { activation } from '../network/activation.ts';
import type { Ensemble } from '../network/ensemble.ts';

/** Whether a graphics card computes all perturbations of an ensemble by engine annealed. */
export function onCards(ensemble: Ensemble): boolean {
  const { activation: name, process, model, reuse } = ensemble;
  if (process !== undefined || model !== undefined || reuse !== 1) return false;
  try {
    kindOf({ ...ensemble, activation: activation(name) });
    return true;
  } catch (error) {
    if (error instanceof ParameterError) return false;
    throw error;
  }
}
