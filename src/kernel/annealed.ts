import { BackendError } from '../error.ts';
import { hashKey } from '../numeric/random-key.ts';
import { createReference } from './annealed-reference.ts';
import { instantiate } from './load.ts';
import { type TraceExports, type TraceKernel, traceKernel } from './traces.ts';
import { type KernelVariant, kernelVariant } from './variant.ts';

/** What the kernel needs to know of φ: a name it has lanes for, or the function itself for all others. */
export interface AnnealedActivation {
  readonly name: string;
  readonly argument?: number;
  readonly phi: (x: number) => number;
  readonly evenSquare: boolean;
}

export interface AnnealedSetup {
  readonly activation: AnnealedActivation;
  readonly width: number;
  readonly depth: number;
  readonly weightVariance: number;
  readonly biasVariance: number;
  readonly inputStrength: number;
  /** Rows record sqrt(mean φ(h)²) in place of sqrt(mean h²). */
  readonly postActivation: boolean;
  /** A perturbation is retired after the first layer with a strength below, or one that is not finite: a constant, or entry l of a table. */
  readonly floor: number | Float32Array | null;
  readonly seed: number;
  readonly ensemble: number;
  /** Rows that one `run` may write. */
  readonly capacity: number;
  /** Perturbations that one `start` may open. */
  readonly batch: number;
}

/** Third word of the key of every lane: (seed, ensemble, purpose, perturbation, lane). */
const PURPOSE = 0x616e6e65;

/** The hash that the lanes of a perturbation continue from. */
export function lanePrefix(seed: number, ensemble: number): Int32Array {
  return hashKey(seed, [ensemble, PURPOSE], 4);
}

interface Exports extends TraceExports {
  layout(batch: number, capacity: number, floorEntries: number): number;
  configure(
    kind: number,
    argument: number,
    width: number,
    depth: number,
    weightVariance: number,
    biasVariance: number,
    inputStrength: number,
    postActivation: boolean,
    floorMode: number,
    floorConstant: number,
  ): void;
  prefixPointer(): number;
  floorsPointer(): number;
}

/** Kinds of `assembly/annealed/gain.ts`; relu is leaky-relu with slope 0. */
const kinds: Readonly<Record<string, number>> = {
  linear: 0,
  relu: 1,
  'leaky-relu': 1,
  'hard-tanh': 2,
  tanh: 3,
  erf: 4,
  sin: 5,
  silu: 6,
  gelu: 7,
};

/** Beyond this variance a float32 angle no longer tells where in its period the sine is. */
const SIN_LIMIT = 1e6;

function kindOf(setup: AnnealedSetup): number | undefined {
  const { name } = setup.activation;
  const largest = Math.max(setup.weightVariance + setup.biasVariance, setup.inputStrength ** 2);
  return name === 'sin' && largest > SIN_LIMIT ? undefined : kinds[name.replace(/\(.*/, '')];
}

/**
 * The annealed kernel (exact sampling of deep Gaussian networks with fresh weights, R = 1). Activations without lanes of their own
 * run in plain TypeScript.
 * @throws BackendError where the kernel hasn't been built, or its memory can't grow
 */
export function createAnnealedKernel(setup: AnnealedSetup, variant: KernelVariant = kernelVariant()): TraceKernel {
  const kind = kindOf(setup);
  if (variant === 'reference' || kind === undefined) return createReference(setup);
  const kernel = instantiate('annealed', {}, variant) as Exports;
  const { floor, capacity, batch } = setup;
  const table = floor instanceof Float32Array ? floor : new Float32Array(0);
  if (kernel.layout(batch, capacity, table.length) !== 0) {
    throw new BackendError(`no memory for a window of ${capacity} rows and ${batch} perturbations`);
  }
  const { buffer } = kernel.memory;
  new Int32Array(buffer, kernel.prefixPointer(), 4).set(lanePrefix(setup.seed, setup.ensemble));
  new Float32Array(buffer, kernel.floorsPointer(), table.length).set(table);
  kernel.configure(
    kind,
    setup.activation.argument ?? 0,
    setup.width,
    setup.depth,
    setup.weightVariance,
    setup.biasVariance,
    setup.inputStrength,
    setup.postActivation,
    floor === null ? 0 : typeof floor === 'number' ? 1 : 2,
    typeof floor === 'number' ? floor : 0,
  );
  return traceKernel(kernel, batch);
}
