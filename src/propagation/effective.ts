import { ParameterError } from '../error.ts';
import { createEffectiveKernel, type EffectiveSetup } from '../kernel/effective.ts';
import type { TraceKernel } from '../kernel/traces.ts';
import { type KernelVariant, kernelVariant } from '../kernel/variant.ts';
import { activation } from '../network/activation.ts';
import { hashKey } from '../numeric/random-key.ts';
import { checkAlone } from './checked-engine.ts';
import { type LayerLaw, layerLaw } from './effective/layer-law.ts';
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

/** Whether a kernel that was set up for `had` serves `setup`, too. */
export function serves(had: EffectiveSetup, setup: EffectiveSetup): boolean {
  return Object.entries(setup).every(([key, value]) => {
    const own: unknown = had[key as keyof EffectiveSetup];
    if (key === 'batch') return (own as number) >= (value as number);
    return key === 'prefix' ? `${own}` === `${value}` : own === value;
  });
}

function prepare(setup: EffectiveSetup, variant: KernelVariant): Prepared {
  const fits = (last: Prepared): boolean => last.variant === variant && serves(last.setup, setup);
  return idle.take(fits) ?? { setup, variant, kernel: createEffectiveKernel(setup, variant) };
}

function* byKernel(
  perturbations: Float64Array,
  setup: EffectiveSetup,
  variant: KernelVariant,
  recycle: boolean | undefined,
): Generator<SignalWindow, void, undefined> {
  const prepared = prepare(setup, variant);
  try {
    yield* windowsOf(prepared.kernel, perturbations, recycle);
  } finally {
    idle.put(prepared);
  }
}

interface Law {
  readonly law: LayerLaw;
  readonly prefix: Int32Array;
  readonly variant: KernelVariant;
  /** The setup of the kernel; undefined where the law has no tables for it, or the plain laws were asked for. */
  readonly setup: EffectiveSetup | undefined;
}

/**
 * The law of an ensemble's layers, and the kernel's part in it.
 * @param batch perturbations that the kernel is given at once
 * @throws ParameterError where networks are shared
 */
export function effectiveLaw(options: EngineOptions, batch: number, exactBelow = 32): Law {
  const { ensemble } = options;
  checkAlone('effective', ensemble);
  const law = layerLaw(activation(ensemble.activation), ensemble.width, exactBelow);
  const prefix = hashKey(options.seed, [ensemble.index, purpose], 3);
  const variant = kernelVariant();
  if (law.numbers === undefined || variant === 'reference') return { law, prefix, variant, setup: undefined };
  const { depth, weightVariance, biasVariance, inputStrength } = ensemble;
  const setup: EffectiveSetup = {
    law: law.numbers,
    depth,
    weightVariance,
    biasVariance,
    inputStrength,
    postActivation: options.observable === 'post-activation',
    floor: options.floor,
    prefix,
    capacity: options.windowRows,
    batch,
  };
  return { law, prefix, variant, setup };
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
      const { law, prefix, variant, setup } = effectiveLaw(options, perturbations.length, exactBelow);
      if (setup !== undefined) {
        yield* byKernel(perturbations, setup, variant, options.recycle);
        return;
      }
      const trace = new Trace(law, options, prefix);
      const rows = new SignalRows(options.windowRows, options.recycle);
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
