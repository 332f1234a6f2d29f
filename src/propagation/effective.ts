import { ParameterError } from '../error.ts';
import { createEffectiveKernel, type EffectiveSetup, type LayerNumbers } from '../kernel/effective.ts';
import type { TraceKernel } from '../kernel/traces.ts';
import { type KernelVariant, kernelVariant } from '../kernel/variant.ts';
import { activation } from '../network/activation.ts';
import { hashKey } from '../numeric/random-key.ts';
import { layerLaw } from './effective/layer-law.ts';
import { Trace } from './effective/trace.ts';
import { type Engine, type EngineOptions, type SignalWindow, windowsOf } from './engine.ts';
import { Idle } from './idle.ts';
import { SignalRows } from './signal-rows.ts';

/** Sets these streams apart from those of the other engines. */
const purpose = 0x65666665;

export interface EffectiveOptions {
  /**
   * Layers narrower than this have every neuron drawn, which is exact and costs O(N). From this width on the only approximation is that
   * the fluctuation of (1/N)Σ φ(h)² at given signal strength is Gaussian but for its skewness (see `effective/table.ts`): at N = 32
   * 300,000 samples can't tell it from drawn neurons. Default 32.
   */
  readonly exactBelow?: number;
}

interface Prepared {
  readonly setup: EffectiveSetup;
  readonly variant: KernelVariant;
  readonly kernel: TraceKernel;
}

const idle = new Idle<Prepared>();

function prepare(setup: EffectiveSetup, variant: KernelVariant): Prepared {
  const same = (key: string, value: unknown, last: Prepared): boolean => {
    const had = last.setup[key as keyof EffectiveSetup];
    if (key === 'batch') return (had as number) >= (value as number);
    return key === 'prefix' ? `${had}` === `${value}` : had === value;
  };
  const fits = (last: Prepared): boolean =>
    last.variant === variant && Object.entries(setup).every(([key, value]) => same(key, value, last));
  return idle.take(fits) ?? { setup, variant, kernel: createEffectiveKernel(setup, variant) };
}

function* byKernel(
  perturbations: Float64Array,
  options: EngineOptions,
  law: LayerNumbers,
  prefix: Int32Array,
  variant: KernelVariant,
): Generator<SignalWindow, void, undefined> {
  const { depth, weightVariance, biasVariance, inputStrength } = options.ensemble;
  const postActivation = options.observable === 'post-activation';
  const setup: EffectiveSetup = {
    law,
    depth,
    weightVariance,
    biasVariance,
    inputStrength,
    postActivation,
    floor: options.floor,
    prefix,
    capacity: options.windowRows,
    batch: perturbations.length,
  };
  const prepared = prepare(setup, variant);
  try {
    yield* windowsOf(prepared.kernel, perturbations, options.recycle);
  } finally {
    idle.put(prepared);
  }
}

/**
 * The effective engine with another width limit.
 * @throws ParameterError where exactBelow isn't an integer ≥ 1
 */
export function effectiveEngine({ exactBelow = 32 }: EffectiveOptions = {}): Engine {
  if (!(Number.isInteger(exactBelow) && exactBelow >= 1)) {
    throw new ParameterError(`exactBelow must be an integer of at least 1, got ${exactBelow}`);
  }
  return {
    name: 'effective',
    *propagate(perturbations: Float64Array, options: EngineOptions): Generator<SignalWindow, void, undefined> {
      const { ensemble, windowRows } = options;
      if (ensemble.reuse !== 1) {
        throw new ParameterError(
          `engine effective draws a network for each perturbation: reuse must be 1, got ${ensemble.reuse}; use quenched or dense`,
        );
      }
      const law = layerLaw(activation(ensemble.activation), ensemble.width, exactBelow);
      const prefix = hashKey(options.seed, [ensemble.index, purpose], 3);
      const variant = kernelVariant();
      if (law.numbers !== undefined && variant !== 'reference') {
        yield* byKernel(perturbations, options, law.numbers, prefix, variant);
        return;
      }
      const trace = new Trace(law, options, prefix);
      const rows = new SignalRows(windowRows, options.recycle);
      for (const id of perturbations) {
        trace.open(id);
        while (!trace.done) {
          trace.follow(rows);
          if (rows.full) yield rows.take();
        }
      }
      if (rows.length > 0) yield rows.take();
    },
  };
}

/**
 * One perturbation a network (reuse 1), O(1) a layer at any width: the squared signal strength is v·χ²_N/N, sampled exactly, and the mean
 * square activation given it follows a tabulated law (see `effective/moments.ts`). Widths below 32 draw every neuron.
 */
export const effective: Engine = effectiveEngine();
