import { auto, choice, idleWhere, integer, text } from '../parameter.ts';
import type { StopRule } from '../pipeline.ts';
import { backendNames } from './backend/choose.ts';
import { engineNames } from './engines.ts';

/** Parameters of the propagation: which engine, on what, which signal strength. */
export const engineParameters = {
  engine: text(
    'engine: annealed (exact, fast), effective (any width at the same cost), quenched (shares networks), dense, naive',
    'annealed',
    'an engine: annealed, effective, quenched, dense or naive',
    (name) => engineNames().includes(name),
  ),
  backend: idleWhere(
    choice(
      "what engine dense computes on: TensorFlow's native library (auto, where it loads), own SIMD kernels (auto, else), WebAssembly, plain JavaScript; webgpu: engines dense, annealed and quenched on any graphics card (annealed: auto, where one is found and the run is large)",
      'auto',
      backendNames,
    ),
    ({ engine, backend }) =>
      engine === undefined || engine === 'dense' || ['auto', 'simd', 'webgpu'].includes(String(backend))
        ? undefined
        : `on engine ${engine}, which has kernels of its own: it is of engine dense`,
  ),
  observable: choice('signal strength of pre-activations h or of post-activations φ(h)', 'pre-activation', [
    'pre-activation',
    'post-activation',
  ]),
};

/** The same of pipelines that compare many networks or widths: by the law of the strength where nothing else is asked for. */
export const effectiveEngineParameters = {
  ...engineParameters,
  engine: { ...engineParameters.engine, default: 'effective' },
};

/** Parameters of the stop rule. @param valid default of the valid avalanches that each ensemble runs to */
export function stopParameters(valid: number) {
  return {
    valid: integer('valid avalanches per ensemble to stop at', valid),
    perturbations: auto(integer('perturbations per ensemble to stop at, if that comes first', 1)),
  };
}

/** The stop rule that the values of {@link stopParameters} describe. */
export function stopRule(values: { readonly valid: number; readonly perturbations: number | null }): StopRule {
  return { valid: values.valid, ...(values.perturbations === null ? {} : { perturbations: values.perturbations }) };
}
