import { type EffectiveExports, type EffectiveSetup, effectiveInstance } from './effective.ts';
import { writePerturbations } from './traces.ts';
import { type KernelVariant, kernelVariant } from './variant.ts';

/** What the kernel is to find along the way. */
export interface AvalancheRequest {
  /** Whether the last layer at or above the threshold isn't the avalanche's. */
  readonly leavesOut: boolean;
  /** Points of a profile's grid, 0 for none. */
  readonly points: number;
  readonly excessProfile: boolean;
}

/** 32-bit words of a perturbation's record. */
export const RECORD_WORDS = 16;

/** Perturbations that have ended, in the order of their ids: views of a kernel's memory, valid until the next call of any of its functions. */
export interface FollowedRows {
  readonly length: number;
  /** Layers, ending (1 below the threshold, 2 at the last layer, 3 not finite) and duration as words 0, 1, 2 of a record. */
  readonly words: Int32Array;
  /** The same memory: largest, first and last strength, Σ s, Σ (s − θ) and the strength that is left out as doubles 2 to 7. */
  readonly doubles: Float64Array;
  /** Row-major: profiles of the avalanches that ended below the threshold. */
  readonly profiles: Float32Array;
}

/** A kernel that follows perturbations to the end of their avalanches, one after the other. */
export interface AvalancheKernel {
  start(perturbations: Float64Array): void;
  /** Goes on through some layers; it may stop within a perturbation. */
  run(layers: number): FollowedRows;
  finished(): boolean;
}

interface Exports extends EffectiveExports {
  ask(leavesOut: number, excessProfile: number): void;
  follow(layers: number): number;
  recordsPointer(): number;
  profilesPointer(): number;
}

/**
 * The effective engine's kernel with a detector in it: setup's floor, which is no null, is the threshold; `capacity` perturbations may end in
 * one `run`.
 * @throws BackendError where the kernel hasn't been built, or its memory can't grow
 */
export function createEffectiveAvalanches(
  setup: EffectiveSetup & { readonly floor: number | Float32Array },
  { leavesOut, points, excessProfile }: AvalancheRequest,
  variant: KernelVariant = kernelVariant(),
): AvalancheKernel {
  const kernel = effectiveInstance({ ...setup, capacity: 0 }, variant, setup.capacity, points) as Exports;
  kernel.ask(Number(leavesOut), Number(excessProfile));
  const { buffer } = kernel.memory;
  const ids = new Int32Array(buffer, kernel.idsPointer(), 2 * setup.batch);
  const words = new Int32Array(buffer, kernel.recordsPointer(), RECORD_WORDS * setup.capacity);
  const doubles = new Float64Array(buffer, kernel.recordsPointer(), (RECORD_WORDS / 2) * setup.capacity);
  const profiles = new Float32Array(buffer, kernel.profilesPointer(), points * setup.capacity);
  return {
    start(perturbations) {
      writePerturbations(ids, perturbations);
      kernel.start(perturbations.length);
    },
    run: (layers) => ({ length: kernel.follow(layers), words, doubles, profiles }),
    finished: () => kernel.finished() !== 0,
  };
}
