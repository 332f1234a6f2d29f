import { ParameterError } from '../error.ts';
import type { TraceKernel } from '../kernel/traces.ts';
import type { Ensemble } from '../network/ensemble.ts';

/**
 * What a run of layers did, as columns: one row a perturbation and layer. Arrays are fresh for each window unless `recycle` was asked for.
 */
export interface SignalWindow {
  readonly length: number;
  readonly perturbation: BigInt64Array;
  readonly layer: Int32Array;
  /** Signal strength s_l; NaN and Infinity are results too and are passed on. */
  readonly strength: Float32Array;
}

/** Which signal strength is observed: sqrt(mean h²) (default) or sqrt(mean φ(h)²). */
export type Strength = 'pre-activation' | 'post-activation';

/** What an engine makes signals of. */
export interface EngineOptions {
  readonly ensemble: Ensemble;
  /** The run's seed, a safe integer ≥ 0. */
  readonly seed: number;
  readonly observable: Strength;
  /**
   * A perturbation is retired after the first layer l with s_l < floor: a constant, or one value a layer with index l (length
   * depth + 1, entry 0 unused). `null` runs every perturbation through the full depth.
   */
  readonly floor: number | Float32Array | null;
  /** Rows a window may hold. */
  readonly windowRows: number;
  /**
   * True where whoever asks for the next window is done with the last one: its arrays may be those of the next, which spares the memory
   * allocator a megabyte a window. An engine may ignore it. Default false.
   */
  readonly recycle?: boolean;
}

/** A window of rows that a kernel will overwrite. */
export function windowOf(rows: Omit<SignalWindow, 'length'>, recycle: boolean | undefined): SignalWindow {
  const { perturbation, layer, strength } = rows;
  const { length } = layer;
  if (recycle === true) return { length, perturbation, layer, strength };
  return { length, perturbation: perturbation.slice(), layer: layer.slice(), strength: strength.slice() };
}

/** What a kernel makes of perturbations, window by window. */
export function* windowsOf(
  kernel: TraceKernel,
  perturbations: Float64Array,
  recycle: boolean | undefined,
): Generator<SignalWindow, void, undefined> {
  kernel.start(perturbations);
  while (!kernel.finished()) {
    const rows = kernel.run();
    if (rows.layer.length > 0) yield windowOf(rows, recycle);
  }
}

/** @throws ParameterError for a floor, a window or an observable that no engine can take */
export function checkOptions({ ensemble: { depth }, observable, floor, windowRows }: EngineOptions): void {
  if (!(Number.isInteger(windowRows) && windowRows >= 1)) {
    throw new ParameterError(`windowRows must be a positive integer, got ${windowRows}`);
  }
  if (observable !== 'pre-activation' && observable !== 'post-activation') {
    throw new ParameterError(`observable must be pre-activation or post-activation, got '${observable as string}'`);
  }
  if (floor !== null && (typeof floor === 'number' ? Number.isNaN(floor) : floor.length !== depth + 1)) {
    const got = typeof floor === 'number' ? 'NaN' : `${floor.length} values`;
    throw new ParameterError(`floor must be a number, or depth + 1 = ${depth + 1} values, got ${got}`);
  }
}

/**
 * Whether a strength is the last of its perturbation, by the floor. One that is not finite stays so: there is nothing left to follow. The
 * kernels and the effective engine, whose loops are hot, write this out.
 */
export function retires(floor: EngineOptions['floor']): (strength: number, layer: number) => boolean {
  if (floor === null) return () => false;
  const constant = typeof floor === 'number' ? Math.fround(floor) : undefined;
  return (strength, layer) =>
    !(strength >= (constant ?? (floor as Float32Array)[layer]!) && strength < Number.POSITIVE_INFINITY);
}

/**
 * Propagates perturbations through networks of an ensemble. The rows of one perturbation come in layer order; rows of different
 * perturbations may interleave. What comes out depends on options and perturbation ids only, never on how they are batched.
 */
export interface Engine {
  readonly name: string;
  /** @param perturbations ids, ascending; with reuse R, whole networks (multiples of R) except at the end. */
  propagate(perturbations: Float64Array, options: EngineOptions): Iterable<SignalWindow> | AsyncIterable<SignalWindow>;
}
