import { type TraceExports, type TraceRows, writePerturbations } from './traces.ts';

/** What the kernel is to find along the way: see `shortcut.ts`. */
export interface AvalancheRequest {
  readonly leavesOut: boolean;
  readonly points: number;
  readonly excessProfile: boolean;
  readonly scale: number;
  readonly drive: number | undefined;
  readonly every?: number;
}

/** Avalanches: views of a kernel's memory, valid until the next call of any of its functions. */
export interface AvalancheViews {
  readonly perturbation: BigInt64Array;
  readonly size: Float64Array;
  readonly signalSize: Float64Array;
  readonly peak: Float64Array;
  readonly duration: Int32Array;
  readonly profile: Float32Array;
  readonly censored: Uint8Array;
}

/** A kernel that follows perturbations to the end of their avalanches, one after the other. */
export interface AvalancheKernel {
  start(perturbations: Float64Array): void;
  /** Goes on through some layers; it may stop within a perturbation. */
  run(layers: number): AvalancheViews;
  finished(): boolean;
  /** Signals of the first perturbations of the batch whose id is a multiple of `every`, as far as there was room for them; undefined where none are kept. */
  kept?(): TraceRows;
  /** Counted on by `run`, and to be set: avalanches that ended, perturbations without any, avalanches cut off, strengths not finite. */
  readonly tally: Int32Array;
  /** Ancestors and descendants. */
  readonly branching: Float64Array;
  /** Steps, product and exponent. */
  readonly growth: Float64Array;
}

/** What a kernel of `assembly/` with a detector in it has. */
export interface AvalancheExports extends TraceExports {
  ask(leavesOut: number, excessProfile: number, scale: number, hasDrive: number, drive: number): void;
  follow(layers: number): number;
  columnsPointer(): number;
  sumsPointer(): number;
}

/**
 * A kernel whose memory is laid out, for batches of up to `batch` perturbations, of which `capacity` avalanches may end in one `run`; its floor is
 * the threshold.
 */
export function avalancheKernel(
  kernel: AvalancheExports,
  batch: number,
  capacity: number,
  { leavesOut, points, excessProfile, scale, drive }: AvalancheRequest,
): AvalancheKernel {
  kernel.ask(Number(leavesOut), Number(excessProfile), scale, Number(drive !== undefined), drive ?? 0);
  const { buffer } = kernel.memory;
  const ids = new Int32Array(buffer, kernel.idsPointer(), 2 * batch);
  const columns = kernel.columnsPointer();
  const words = columns + 32 * capacity;
  const perturbation = new BigInt64Array(buffer, columns, capacity);
  const [size, signalSize, peak] = [1, 2, 3].map(
    (at) => new Float64Array(buffer, columns + 8 * at * capacity, capacity),
  );
  const duration = new Int32Array(buffer, words, capacity);
  const profile = new Float32Array(buffer, words + 4 * capacity, points * capacity);
  const censored = new Uint8Array(buffer, words + 4 * (1 + points) * capacity + 16, capacity);
  return {
    start(perturbations) {
      writePerturbations(ids, perturbations);
      kernel.start(perturbations.length);
    },
    run(layers) {
      const rows = kernel.follow(layers);
      return {
        perturbation: perturbation.subarray(0, rows),
        size: size!.subarray(0, rows),
        signalSize: signalSize!.subarray(0, rows),
        peak: peak!.subarray(0, rows),
        duration: duration.subarray(0, rows),
        profile: profile.subarray(0, points * rows),
        censored: censored.subarray(0, rows),
      };
    },
    finished: () => kernel.finished() !== 0,
    tally: new Int32Array(buffer, kernel.sumsPointer(), 4),
    branching: new Float64Array(buffer, kernel.sumsPointer() + 16, 2),
    growth: new Float64Array(buffer, kernel.sumsPointer() + 32, 3),
  };
}
