import { BackendError } from '../error.ts';
import { createReference } from './annealed-reference.ts';
import { type AvalancheExports, type AvalancheKernel, type AvalancheRequest, avalancheKernel } from './avalanches.ts';
import { gainKind, gainKinds, SIN_LIMIT } from './gain-kinds.ts';
import { lanePrefix } from './lane-prefix.ts';
import { instantiate } from './load.ts';
import { type TraceKernel, traceKernel, traceRows } from './traces.ts';
import { type KernelVariant, kernelVariant } from './variant.ts';

/** What the kernel needs to know of φ: a name it has lanes for, or the function itself for all others. */
export interface AnnealedActivation {
  readonly name: string;
  readonly argument?: number;
  readonly phi: (x: number) => number;
  readonly evenSquare: boolean;
}

/** A Gaussian network whose weights are used once, and how far perturbations are followed through it. */
export interface AnnealedLaw {
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
}

export interface AnnealedSetup extends AnnealedLaw {
  /** Rows that one `run` may write. */
  readonly capacity: number;
  /** Perturbations that one `start` may open. */
  readonly batch: number;
}

interface Exports extends AvalancheExports {
  layout(batch: number, capacity: number, floorEntries: number, places: number, points: number): number;
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
  keep(every: number): void;
  keptRows(): number;
}

function kindOf(setup: AnnealedSetup): number | undefined {
  const kind = gainKind(setup.activation.name);
  const largest = Math.max(setup.weightVariance + setup.biasVariance, setup.inputStrength ** 2);
  return kind === undefined || (kind === 'sin' && largest > SIN_LIMIT) ? undefined : gainKinds.indexOf(kind);
}

/** Whether the activation has lanes in the kernel of a variant. */
export const hasLanes = (setup: AnnealedSetup, variant: KernelVariant): boolean =>
  variant !== 'reference' && kindOf(setup) !== undefined;

/**
 * An instance that is ready for `start`.
 * @param rows that one `run` may write
 * @param places perturbations that may end between two reads, each with the points of a profile
 * @throws BackendError where the kernel hasn't been built, or its memory can't grow
 */
function instanceOf(setup: AnnealedSetup, variant: KernelVariant, rows: number, places: number, points: number) {
  const kernel = instantiate('annealed', {}, variant) as Exports;
  const { floor, batch } = setup;
  const table = floor instanceof Float32Array ? floor : new Float32Array(0);
  if (kernel.layout(batch, rows, table.length, places, points) !== 0) {
    throw new BackendError(`no memory for a window of ${Math.max(rows, places)} rows and ${batch} perturbations`);
  }
  const { buffer } = kernel.memory;
  new Int32Array(buffer, kernel.prefixPointer(), 4).set(lanePrefix(setup.seed, setup.ensemble));
  new Float32Array(buffer, kernel.floorsPointer(), table.length).set(table);
  kernel.configure(
    kindOf(setup)!,
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
  return kernel;
}

/**
 * The annealed kernel (exact sampling of deep Gaussian networks with fresh weights, R = 1). Activations without lanes of their own
 * run in plain TypeScript.
 * @throws BackendError where the kernel hasn't been built, or its memory can't grow
 */
export function createAnnealedKernel(setup: AnnealedSetup, variant: KernelVariant = kernelVariant()): TraceKernel {
  if (!hasLanes(setup, variant)) return createReference(setup);
  return traceKernel(instanceOf(setup, variant, setup.capacity, 0, 0), setup.batch);
}

/**
 * The annealed kernel with a detector in it, for activations that have lanes: setup's floor, which is no null, is the threshold; `capacity`
 * avalanches may end in one `run`, and `rows` be kept.
 * @throws BackendError where the kernel hasn't been built, or its memory can't grow
 */
export function createAnnealedAvalanches(
  setup: AnnealedSetup & { readonly floor: number | Float32Array; readonly rows: number },
  request: AvalancheRequest,
  variant: KernelVariant = kernelVariant(),
): AvalancheKernel {
  const { batch, capacity, rows } = setup;
  const { every = 0, points } = request;
  const kernel = instanceOf(setup, variant, every > 0 ? rows : 0, capacity, points);
  kernel.keep(every);
  return { ...avalancheKernel(kernel, batch, capacity, request), kept: () => traceRows(kernel, kernel.keptRows()) };
}
