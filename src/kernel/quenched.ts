import { instantiate, largestMemory } from './load.ts';

/** What the kernel needs to know of φ: a name it has lanes for, or the function itself for all others. */
export interface LaneActivation {
  readonly name: string;
  readonly argument?: number;
  readonly phi: (x: number) => number;
}

export interface QuenchedSetup {
  readonly activation: LaneActivation;
  /** Rows that share a network, R ≥ 1. */
  readonly reuse: number;
  readonly width: number;
  readonly depth: number;
  readonly weightVariance: number;
  readonly biasVariance: number;
  readonly inputStrength: number;
  /** Rows record sqrt(mean φ(h)²) in place of sqrt(mean h²). */
  readonly postActivation?: boolean;
  /**
   * A row is retired after the first layer whose strength isn't finite or is below this: a constant (taken as float32, like the
   * strengths), or entry l of a table.
   */
  readonly floor?: number | Float32Array | null;
  /** Rows that one `advance` may write, at least `reuse`. */
  readonly capacity: number;
  /** Two rows only: also record energies and correlation, in float64. */
  readonly paired?: boolean;
}

/** Rows written by one `advance`: views of the kernel's memory, valid until the next call. */
export interface QuenchedRows {
  readonly length: number;
  /** Row's place in the network, 0 to reuse − 1. */
  readonly slot: Int32Array;
  readonly layer: Int32Array;
  readonly strength: Float32Array;
  /** Three float64 for every two rows where paired: energy a, energy b, correlation. */
  readonly pairs: Float64Array;
}

export interface QuenchedKernel {
  /** Opens a network: inputs are drawn from 16 random words. */
  open(words: Uint32Array): void;
  /** Mean product of raw inputs i ≥ j (off the diagonal only where paired). */
  inputOverlap(i: number, j: number): number;
  /** Input i as a sum of raw inputs k ≤ i; by default every raw input is scaled to mean square 1. */
  mixInput(i: number, k: number, coefficient: number): void;
  /** Sends the inputs of the opened network into it. */
  ignite(): void;
  /** Goes on for as many whole layers as fit. */
  advance(): QuenchedRows;
  finished(): boolean;
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  layout(reuse: number, width: number, depth: number, capacity: number, floorEntries: number): number;
  configure(
    kind: number,
    argument: number,
    weightVariance: number,
    biasVariance: number,
    inputStrength: number,
    postActivation: boolean,
    paired: boolean,
    floorMode: number,
    floorConstant: number,
  ): void;
  generatorPointer(): number;
  floorsPointer(): number;
  rowSlotPointer(): number;
  rowLayerPointer(): number;
  rowStrengthPointer(): number;
  pairsPointer(): number;
  open(): void;
  inputOverlap(i: number, j: number): number;
  mixInput(i: number, k: number, coefficient: number): void;
  ignite(): void;
  advance(): number;
  finished(): number;
}

/** Upper bound on the memory that the kernel lays out: three float64 matrices and a float32 one, rows, panels. */
function bytesNeeded(reuse: number, capacity: number, floorEntries: number): number {
  const n = reuse + 8;
  return 28 * n * n + 24 * (capacity + 64) + 8 * Math.max(64 * n, 80_000) + 4 * floorEntries + 2 ** 17;
}

const kinds = ['', 'linear', 'relu', 'leaky-relu', 'tanh', 'erf', 'hard-tanh', 'sin', 'silu', 'gelu'];

/** The kernel's code of an activation; 0 calls back for every neuron. */
export function kindOf(name: string): number {
  return Math.max(0, kinds.indexOf(name.replace(/\(.*/, '')));
}

/**
 * The kernel of the quenched engine: rows through one Gaussian network at a time, from Gram matrices (h^l = Z·chol(K)ᵀ).
 * @returns undefined where its memory can't be had
 */
export function quenchedKernel(setup: QuenchedSetup): QuenchedKernel | undefined {
  const { activation, reuse, width, depth, capacity, floor = null, paired = false } = setup;
  const table = floor instanceof Float32Array ? floor : undefined;
  if (bytesNeeded(reuse, capacity, table?.length ?? 0) > largestMemory) return undefined;
  const wasm = instantiate('quenched', { host: { phi: activation.phi } }) as unknown as Exports;
  if (wasm.layout(reuse, width, depth, capacity, table?.length ?? 0) !== 0) return undefined;
  wasm.configure(
    kindOf(activation.name),
    activation.argument ?? 0,
    setup.weightVariance,
    setup.biasVariance,
    setup.inputStrength,
    setup.postActivation ?? false,
    paired,
    floor === null ? 0 : table === undefined ? 1 : 2,
    typeof floor === 'number' ? floor : 0,
  );
  const { buffer } = wasm.memory;
  if (table !== undefined) new Float32Array(buffer, wasm.floorsPointer(), table.length).set(table);
  const generator = new Uint32Array(buffer, wasm.generatorPointer(), 16);
  const views = {
    slot: new Int32Array(buffer, wasm.rowSlotPointer(), capacity),
    layer: new Int32Array(buffer, wasm.rowLayerPointer(), capacity),
    strength: new Float32Array(buffer, wasm.rowStrengthPointer(), capacity),
    pairs: new Float64Array(buffer, wasm.pairsPointer(), reuse === 2 ? Math.floor((capacity * 3) / 2) : 0),
  };
  return {
    open(words) {
      generator.set(words);
      wasm.open();
    },
    inputOverlap: (i, j) => wasm.inputOverlap(i, j),
    mixInput: (i, k, coefficient) => wasm.mixInput(i, k, coefficient),
    ignite: () => wasm.ignite(),
    advance: () => ({ length: wasm.advance(), ...views }),
    finished: () => wasm.finished() !== 0,
  };
}
