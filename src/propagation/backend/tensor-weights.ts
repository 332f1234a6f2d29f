import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Tensors } from './choose.ts';
import { tileOf } from './tensor-product.ts';

/** What weights of several networks are drawn by, where they are drawn. */
export interface DrawnBy {
  /** Networks × 4 words. */
  readonly keys: Tensor2D;
  /** Standard deviations, one a network. */
  readonly weight: Tensor1D;
  /** Without them there are no biases. */
  readonly bias: Tensor1D | undefined;
}

/** Keys and standard deviations where the tensors are. */
export function drawnBy(
  { tf }: Tensors,
  keys: Int32Array,
  weight: Float32Array,
  bias: Float32Array | undefined,
): DrawnBy {
  return {
    keys: tf.tensor2d(keys, [weight.length, 4], 'int32'),
    weight: tf.tensor1d(weight),
    bias: bias === undefined ? undefined : tf.tensor1d(bias),
  };
}

/** Drawn weights and biases of layer `number`, in whole tiles that zeros fill up. */
export function drawnLayer(
  tensors: Tensors,
  { keys, weight, bias }: DrawnBy,
  number: number,
  inWidth: number,
  outWidth: number,
): [Tensor3D, Tensor3D | undefined] {
  const tile = tileOf(tensors);
  const filled = (size: number): number => tile * Math.ceil(size / tile);
  const [networks] = weight.shape;
  const draw = (rows: number, height: number, first: number, deviations: Tensor): Tensor3D => {
    const shape = [networks, height, filled(outWidth)] as const;
    return tensors.draw!({ shape, rows, columns: outWidth, layer: number, first }, keys, deviations) as Tensor3D;
  };
  return [draw(inWidth, filled(inWidth), 0, weight), bias && draw(1, 1, inWidth, bias)];
}
