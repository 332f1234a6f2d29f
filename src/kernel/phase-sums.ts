import { BackendError } from '../error.ts';
import { instantiate } from './load.ts';
import { type KernelVariant, kernelVariant } from './variant.ts';

/** Σ e_l exp(2πi f (l − 1)) at several frequencies f, of traces that are followed at once. */
export interface PhaseSums {
  /** (cos, sin) pairs of the phases: row-major, a place each, to be filled by the caller. */
  readonly table: Float64Array;
  /** (real, imaginary) pairs, row-major, a trace each; another array after `reserve`. */
  readonly sums: Float64Array;
  /** Makes room for so many traces. */
  reserve(traces: number): void;
  /** Excesses e of layers that follow each other, as many as there are places: to be filled by the caller; another array after `reserve`. */
  readonly excess: Float64Array;
  /** Adds the first `layers` excesses, at the phases of `place` and of those after it, to the sums of a trace. */
  add(trace: number, place: number, layers: number): void;
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  layout(places: number, frequencies: number): number;
  reserve(traces: number): number;
  tablePointer(): number;
  excessPointer(): number;
  sumsPointer(): number;
  add(trace: number, place: number, layers: number): void;
}

/** The same in plain TypeScript. */
class PlainSums implements PhaseSums {
  readonly table: Float64Array;
  readonly excess: Float64Array;
  sums: Float64Array;
  readonly #room: number;

  constructor(places: number, frequencies: number) {
    this.#room = 2 * frequencies;
    this.table = new Float64Array(places * this.#room);
    this.excess = new Float64Array(places);
    this.sums = new Float64Array(64 * this.#room);
  }

  reserve(traces: number): void {
    const before = this.sums;
    this.sums = new Float64Array(traces * this.#room);
    this.sums.set(before);
  }

  add(trace: number, place: number, layers: number): void {
    const { sums, table, excess } = this;
    let from = place * this.#room;
    const to = trace * this.#room;
    for (let layer = 0; layer < layers; layer++) {
      for (let at = to; at < to + this.#room; at++, from++) sums[at]! += excess[layer]! * table[from]!;
    }
  }
}

/**
 * Sums of 64 traces at first; the same bits in every variant.
 * @throws BackendError where the kernel hasn't been built, or its memory can't grow
 */
export function createPhaseSums(
  places: number,
  frequencies: number,
  variant: KernelVariant = kernelVariant(),
): PhaseSums {
  if (variant === 'reference') return new PlainSums(places, frequencies);
  const kernel = instantiate('phase-sums', {}, variant) as Exports;
  const enough = (failed: number): void => {
    if (failed !== 0) throw new BackendError(`no memory for the spectra of more traces at ${frequencies} frequencies`);
  };
  enough(kernel.layout(places, frequencies));
  const view = (at: number): Float64Array =>
    new Float64Array(kernel.memory.buffer, at, Math.floor((kernel.memory.buffer.byteLength - at) / 8));
  // Views of a memory that has grown are empty.
  let table = view(kernel.tablePointer());
  let excess = view(kernel.excessPointer());
  let sums = view(kernel.sumsPointer());
  return {
    get table() {
      return table;
    },
    get excess() {
      return excess;
    },
    get sums() {
      return sums;
    },
    reserve(traces) {
      enough(kernel.reserve(traces));
      table = view(kernel.tablePointer());
      excess = view(kernel.excessPointer());
      sums = view(kernel.sumsPointer());
    },
    add: kernel.add,
  };
}
