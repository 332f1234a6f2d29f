import { growTo, instantiate, type KernelMemory } from './load.ts';
import { kindOf, type LaneActivation } from './quenched.ts';

interface Exports {
  readonly memory: KernelMemory;
  arena(): number;
  generatorPointer(): number;
  matmul(
    a: number,
    b: number,
    c: number,
    m: number,
    k: number,
    n: number,
    transposeA: boolean,
    transposeB: boolean,
    accumulate: boolean,
  ): void;
  normal(out: number, count: number): void;
  scale(x: number, count: number, factor: number): void;
  addRow(x: number, bias: number, m: number, n: number): void;
  apply(kind: number, argument: number, x: number, out: number, count: number): void;
  strengths(x: number, m: number, n: number, out: number): void;
  backTanh(d: number, x: number, count: number): void;
  addColumns(x: number, out: number, m: number, n: number): void;
}

/** What becomes of the operands and the result of a product; default false. */
export interface Product {
  /** a is given as k × m. */
  readonly transposeA?: boolean;
  /** b is given as n × k. */
  readonly transposeB?: boolean;
  /** Adds to what is there. */
  readonly accumulate?: boolean;
}

/**
 * Matrices in the kernel's own memory, so that nothing is copied. All are row-major, dense, float32, and must come from this
 * arena's `array`; results may not overlap operands unless said otherwise.
 */
export interface MatrixArena {
  /**
   * Zeros, aligned to 64 bytes, there as long as the arena.
   * @throws RangeError where the arena is full
   */
  array(length: number): Float32Array;
  /** out (m × n) = op(a) (m × k) · op(b) (k × n). */
  matmul(a: Float32Array, b: Float32Array, out: Float32Array, m: number, k: number, n: number, how?: Product): void;
  /** Standard normal numbers; moves the generator's 16 words on. The number drawn is rounded up to a multiple of 8. */
  normal(words: Uint32Array, out: Float32Array): void;
  /** x ← x·factor. */
  scale(x: Float32Array, factor: number): void;
  /** Adds a row of n to each of m rows of x. */
  addRow(x: Float32Array, row: Float32Array, m: number, n: number): void;
  /** out = φ(x); they may be the same. Relative error 4e-7 (absolute for sin, gelu, silu) where φ has lanes. */
  activate(activation: LaneActivation, x: Float32Array, out: Float32Array): void;
  /** Root mean square of each of m rows of n. */
  strengths(x: Float32Array, m: number, n: number, out: Float32Array): void;
  /** d ← d·(1 − x²), the backward pass of x = tanh(h). */
  backTanh(d: Float32Array, x: Float32Array): void;
  /** Adds the sum of the m rows of x to the n floats of out. */
  addColumns(x: Float32Array, out: Float32Array, m: number, n: number): void;
}

const padded = (length: number): number => Math.ceil(length / 16) * 16;

/**
 * A kernel with room for arrays of these lengths.
 * @throws RangeError where the machine can't give that much memory (4 GiB at most)
 */
export function matrixArena(lengths: readonly number[]): MatrixArena {
  let phi = (x: number): number => x;
  const wasm = instantiate('matrix', { host: { phi: (x: number) => phi(x) } }) as unknown as Exports;
  const bytes = wasm.arena() + lengths.reduce((sum, length) => sum + 4 * padded(length), 0);
  const buffer = growTo(wasm.memory, bytes, 'matrices');
  const generator = new Uint32Array(buffer, wasm.generatorPointer(), 16);
  let top = wasm.arena();
  const at = (x: Float32Array): number => {
    if (x.buffer !== buffer) throw new TypeError('a matrix must come from the array() of the same arena');
    return x.byteOffset;
  };
  return {
    array(length) {
      if (top + 4 * padded(length) > buffer.byteLength)
        throw new RangeError(`the arena has no room for ${length} floats`);
      const out = new Float32Array(buffer, top, length);
      top += 4 * padded(length);
      return out;
    },
    matmul(a, b, out, m, k, n, { transposeA = false, transposeB = false, accumulate = false } = {}) {
      if (a.length < m * k || b.length < k * n || out.length < m * n) {
        throw new RangeError(
          `matmul of ${m} × ${k} by ${k} × ${n} got arrays of ${a.length}, ${b.length} and ${out.length} floats`,
        );
      }
      wasm.matmul(at(a), at(b), at(out), m, k, n, transposeA, transposeB, accumulate);
    },
    normal(words, out) {
      generator.set(words);
      wasm.normal(at(out), (out.length + 7) & ~7);
      words.set(generator);
    },
    scale: (x, factor) => wasm.scale(at(x), x.length, factor),
    addRow: (x, row, m, n) => wasm.addRow(at(x), at(row), m, n),
    activate(activation, x, out) {
      phi = activation.phi;
      wasm.apply(kindOf(activation.name), activation.argument ?? 0, at(x), at(out), x.length);
    },
    strengths: (x, m, n, out) => wasm.strengths(at(x), m, n, at(out)),
    backTanh: (d, x) => wasm.backTanh(at(d), at(x), d.length),
    addColumns: (x, out, m, n) => wasm.addColumns(at(x), at(out), m, n),
  };
}

let shared: { readonly arena: MatrixArena; readonly room: number; readonly scratch: Float32Array } | undefined;

/**
 * out (m × n) = op(a) (m × k) · op(b) (k × n) for row-major float32 arrays anywhere. Copies in and
 * out: with many products over the same arrays use {@link matrixArena}.
 * @throws RangeError for an array that is too short
 */
export function matmul(
  a: Float32Array,
  b: Float32Array,
  out: Float32Array,
  m: number,
  k: number,
  n: number,
  how: Omit<Product, 'accumulate'> = {},
): void {
  if (a.length < m * k || b.length < k * n || out.length < m * n) {
    throw new RangeError(
      `matmul of ${m} × ${k} by ${k} × ${n} got arrays of ${a.length}, ${b.length} and ${out.length} floats`,
    );
  }
  const lengths = [m * k, k * n, m * n].map(padded);
  const room = lengths.reduce((sum, length) => sum + length, 0);
  if (shared === undefined || shared.room < room) {
    const arena = matrixArena([room]);
    shared = { arena, room, scratch: arena.array(room) };
  }
  const [x, y, z] = lengths.map((length, i) => {
    const from = lengths.slice(0, i).reduce((sum, before) => sum + before, 0);
    return shared!.scratch.subarray(from, from + length);
  }) as [Float32Array, Float32Array, Float32Array];
  x.set(a.subarray(0, m * k));
  y.set(b.subarray(0, k * n));
  shared.arena.matmul(x, y, z, m, k, n, how);
  out.set(z.subarray(0, m * n));
}
