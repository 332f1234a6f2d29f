import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Tensors } from './choose.ts';

/** Products of matrices, one of each batch. */
export type BatchedProduct = (a: Tensor3D, b: Tensor3D, transposeA?: boolean, transposeB?: boolean) => Tensor3D;

/** `MatMulPackedProgram` of TensorFlow.js's WebGPU engine: tiles of 32 × 32. */
const TILES = 3;

/**
 * What rows and columns must be multiples of, filled up with zeros. TensorFlow.js's tiles of 32 × 32 reach beyond a matrix into the next one of
 * its batch, and count on zeros of the other factor to take out what they find: NaN and infinity get through. Whole tiles do the same work.
 */
export const tileOf = ({ engine }: Tensors): number => (engine === 'webgpu' ? 32 : 1);

/**
 * Products of matrices batch by batch, whose bits don't depend on how many there are. TensorFlow.js's WebGPU engine chooses between programs
 * that add in different orders by their number: here it takes one. WebAssembly's fast product is for a single pair of matrices without
 * transposition, all else is a plain loop: there they are multiplied one after another. The plain JavaScript engine and TensorFlow's library
 * for processors do it by themselves; cuBLAS may choose other kernels for other numbers of matrices.
 */
export function batchedProduct({ tf, engine }: Tensors): BatchedProduct {
  if (engine === 'wasm') {
    const flipped = (x: Tensor3D, flip: boolean): Tensor3D => (flip ? tf.transpose(x, [0, 2, 1]) : x);
    return (a, b, transposeA = false, transposeB = false) => {
      const [left, right] = [flipped(a, transposeA), flipped(b, transposeB)];
      const count = left.shape[0];
      if (count === 1) return tf.matMul(left, right);
      const rights = tf.split(right, count);
      return tf.concat(tf.split(left, count).map((one, i) => tf.matMul(one, rights[i]!)));
    };
  }
  if (engine !== 'webgpu') return (a, b, transposeA, transposeB) => tf.matMul(a, b, transposeA, transposeB);
  const name = 'WEBGPU_MATMUL_PROGRAM_TYPE';
  return (a, b, transposeA, transposeB) => {
    const before = tf.env().getNumber(name);
    tf.env().set(name, TILES);
    try {
      return tf.matMul(a, b, transposeA, transposeB);
    } finally {
      tf.env().set(name, before);
    }
  };
}
