import { half } from '../store/read/half.ts';

/** An array of numbers as a file has it; its numbers stay there until they are asked for. */
export interface SavedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Type of its numbers, as its file names it: `F32`, `<f4`. */
  readonly type: string;
  /** How its numbers are read; undefined where they are no floating-point numbers that can be. */
  readonly kind: FloatKind | undefined;
  /** Where its numbers lie in its file row by row, from which byte on; undefined where they are packed, or columns come first. */
  readonly stored?: { readonly at: number; readonly little: boolean };
  /**
   * Its numbers, row-major, rounded to float32.
   * @throws StoreError where the file can't be read, or isn't what it was when it was opened
   */
  values(): Float32Array;
}

/** Floating-point numbers by their layout: bits, and `b` for bfloat16. */
export type FloatKind = 'f64' | 'f32' | 'f16' | 'b16';

/** Bytes a number takes. */
export const bytesOf: Readonly<Record<FloatKind, number>> = { f64: 8, f32: 4, f16: 2, b16: 2 };

const readers: Readonly<Record<FloatKind, (view: DataView, at: number, little: boolean) => number>> = {
  f64: (view, at, little) => view.getFloat64(at, little),
  f32: (view, at, little) => view.getFloat32(at, little),
  f16: (view, at, little) => half(view.getUint16(at, little)),
  b16: (view, at, little) => bfloat16(view.getUint16(at, little)),
};

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** A bfloat16 is the upper half of a float32. */
function bfloat16(bits: number): number {
  word[0] = bits << 16;
  return float[0]!;
}

/** The numbers that bytes hold, rounded to float32. */
export function floatsIn(bytes: Uint8Array, kind: FloatKind, little = true): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytesOf[kind];
  const read = readers[kind];
  const out = new Float32Array(bytes.byteLength / size);
  for (let i = 0; i < out.length; i++) out[i] = read(view, i * size, little);
  return out;
}

/** Numbers that an array of a shape has. */
export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** A tensor in words, for messages: `fc1.weight (128 × 784)`. */
export const described = ({ name, shape }: Pick<SavedTensor, 'name' | 'shape'>): string =>
  `${name} (${shape.length === 0 ? 'a number' : shape.join(' × ')})`;

/** A matrix of rows × columns as one of columns × rows, both row by row. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c]!;
  return out;
}
