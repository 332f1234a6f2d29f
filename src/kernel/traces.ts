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
