import { writeId } from '../schema/int64.ts';

/** Rows written by one `run`: views of a kernel's memory, valid until the next call of any of its functions. */
export interface TraceRows {
  readonly perturbation: BigInt64Array;
  readonly layer: Int32Array;
  readonly strength: Float32Array;
}

/** A kernel that follows perturbations, one after the other. */
export interface TraceKernel {
  /** Opens a batch of perturbations by their ids; none of an earlier batch may be under way. */
  start(perturbations: Float64Array): void;
  /** Goes on, perturbation by perturbation, until the rows are full or the batch is done; it may stop within a trace. */
  run(): TraceRows;
  finished(): boolean;
}

/** What a kernel of `assembly/` that follows perturbations has. */
export interface TraceExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  idsPointer(): number;
  rowPerturbationPointer(): number;
  rowLayerPointer(): number;
  rowStrengthPointer(): number;
  start(count: number): void;
  run(): number;
  finished(): number;
}

/** Writes ids where a kernel reads them. */
export function writePerturbations(words: Int32Array, perturbations: Float64Array): void {
  for (let i = 0; i < perturbations.length; i++) writeId(words, i, perturbations[i]!);
}

/** The first of a kernel's rows. */
export function traceRows(kernel: TraceExports, rows: number): TraceRows {
  const { buffer } = kernel.memory;
  return {
    perturbation: new BigInt64Array(buffer, kernel.rowPerturbationPointer(), rows),
    layer: new Int32Array(buffer, kernel.rowLayerPointer(), rows),
    strength: new Float32Array(buffer, kernel.rowStrengthPointer(), rows),
  };
}

/** A kernel whose memory is laid out, for batches of up to `batch` perturbations. */
export function traceKernel(kernel: TraceExports, batch: number): TraceKernel {
  const { buffer } = kernel.memory;
  const ids = new Int32Array(buffer, kernel.idsPointer(), 2 * batch);
  return {
    start(perturbations) {
      writePerturbations(ids, perturbations);
      kernel.start(perturbations.length);
    },
    run: () => traceRows(kernel, kernel.run()),
    finished: () => kernel.finished() !== 0,
  };
}
