import { ParameterError } from '../error.ts';
import { activation } from '../network/activation.ts';
import type { Ensemble } from '../network/ensemble.ts';

/** @throws ParameterError where perturbations share networks, of which an engine draws one for each */
export function checkAlone(engine: 'annealed' | 'effective', { reuse }: Pick<Ensemble, 'reuse'>): void {
  if (reuse === 1) return;
  throw new ParameterError(
    `engine ${engine} draws a network for each perturbation: reuse must be 1, got ${reuse}; engines quenched and dense take more`,
  );
}

/** @throws ParameterError where an engine that computes on processors is given a card */
export function checkProcessors(engine: string, backend: string | undefined): void {
  if (backend !== 'webgpu') return;
  throw new ParameterError(
    `engine ${engine} computes on processors only; backend webgpu is for engines annealed, quenched and dense`,
  );
}

/**
 * Refuses, before anything is computed, what a built-in engine would refuse of an ensemble when it propagates.
 * @throws ParameterError (as a rejection)
 */
export async function checkEngine(engine: string, backend: string | undefined, ensemble: Ensemble): Promise<void> {
  if (engine === 'effective' || engine === 'naive') checkProcessors(engine, backend);
  if (engine === 'annealed' || engine === 'effective') checkAlone(engine, ensemble);
  if (backend !== 'webgpu') return;
  const phi = activation(ensemble.activation);
  if (engine === 'dense') (await import('./backend/tensor-activation.ts')).checkOperations(phi);
  if (engine !== 'annealed' && engine !== 'quenched') return;
  (await import('../gpu/parameters.ts')).kindOf({ ...ensemble, activation: phi }, engine);
  if (engine === 'quenched') (await import('../gpu/quenched-parameters.ts')).checkSharing(ensemble);
}
