import { ParameterError } from '../error.ts';
import { type AnnealedSetup, createAnnealedKernel } from '../kernel/annealed.ts';
import type { TraceKernel } from '../kernel/traces.ts';
import { type KernelVariant, kernelVariant } from '../kernel/variant.ts';
import { activation } from '../network/activation.ts';
import { checkOptions, type Engine, type EngineOptions, type SignalWindow, windowsOf } from './engine.ts';
import { Idle } from './idle.ts';

/** Neurons a window may cost: about a quarter of a second, so that a run can be stopped also where a layer takes milliseconds. */
const NEURONS = 1.5e8;

function check(options: EngineOptions): void {
  checkOptions(options);
  const { reuse } = options.ensemble;
  if (reuse !== 1) {
    throw new ParameterError(
      `engine annealed draws a fresh network for every perturbation: reuse must be 1, got ${reuse}; engines quenched and dense take more`,
    );
  }
}

interface Prepared {
  readonly setup: AnnealedSetup;
  readonly variant: KernelVariant;
  readonly kernel: TraceKernel;
}

const idle = new Idle<Prepared>();

function prepare(setup: AnnealedSetup): Prepared {
  const variant = kernelVariant();
  const fits = (last: Prepared): boolean =>
    last.variant === variant &&
    last.setup.batch >= setup.batch &&
    Object.entries(setup).every(([key, value]) => key === 'batch' || last.setup[key as keyof AnnealedSetup] === value);
  return idle.take(fits) ?? { setup, variant, kernel: createAnnealedKernel(setup, variant) };
}

/**
 * Exact sampling of Gaussian networks whose weights are used once (R = 1): given layer l − 1, the pre-activations of layer l are
 * independent N(0, σw²·mean φ(h^{l−1})² + σb²). Time O(N) a layer, memory O(1) in width and depth.
 */
export const annealed: Engine = {
  name: 'annealed',
  *propagate(perturbations: Float64Array, options: EngineOptions): Generator<SignalWindow, void> {
    check(options);
    const { ensemble, windowRows } = options;
    const setup: AnnealedSetup = {
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
      capacity: Math.min(windowRows, Math.max(1, Math.floor(NEURONS / ensemble.width))),
      batch: perturbations.length,
    };
    const prepared = prepare(setup);
    try {
      yield* windowsOf(prepared.kernel, perturbations, options.recycle);
    } finally {
      idle.put(prepared);
    }
  },
};
