import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { Tensors } from '../propagation/backend/choose.ts';
import { tensorActivation } from '../propagation/backend/tensor-activation.ts';
import { batchedProduct } from '../propagation/backend/tensor-product.ts';
import type { Layer } from './first-weights.ts';
import { tensorDerivative } from './tensor-derivative.ts';
import type { TrainerOptions } from './trainer.ts';

/** Keeps the tensor that `make` returns, and disposes of all others that it made. */
export type Keep = <T extends Tensor>(make: () => Tensor) => T;

/**
 * A step down the gradient of the loss, for all networks: takes their layers, which it replaces, inputs (networks × rows × pixels, both in
 * whole tiles; disposed of) and the classes of the rows that count. `onTally` gets loss and hits: 2 × networks.
 */
export function tensorStep(
  tensors: Tensors,
  { activation, widths, learningRate }: Pick<TrainerOptions, 'activation' | 'widths' | 'learningRate'>,
  kept: Keep,
  onTally: (tally: Tensor) => void,
): (layers: Layer[], x0: Tensor3D, labels: Int32Array, rows: number) => void {
  const { tf } = tensors;
  const phi = tensorActivation(tensors, activation);
  const derivative = tensorDerivative(tf, activation);
  const product = batchedProduct(tensors);
  const classes = widths.at(-1)!;
  const depth = widths.length - 1;

  function forward(layers: Layer[], x0: Tensor3D): { signals: Tensor3D[]; before: Tensor3D[]; output: Tensor3D } {
    const signals = [x0];
    const before: Tensor3D[] = [];
    for (const [l, { w, b }] of layers.entries()) {
      const h = kept<Tensor3D>(() => tf.add(product(signals[l]!, w), b));
      if (l === depth - 1) return { signals, before, output: h };
      signals.push(kept(() => phi(h)));
      if (derivative.of === 'input') before.push(h);
      else h.dispose();
    }
    throw new Error('a network has layers');
  }

  /** −learningRate · ∂loss/∂output, zero where rows and outputs fill up. */
  function gradientOf(output: Tensor3D, labels: Int32Array, rows: number): Tensor3D {
    const [networks, filledRows, outputs] = output.shape;
    const label = tf.tensor2d(labels, [networks, rows], 'int32');
    const target = tf.cast(tf.oneHot(label, classes), 'float32');
    const logits = tf.slice(output, [0, 0, 0], [networks, rows, classes]);
    const logShares = tf.logSoftmax(logits);
    const loss = tf.neg(tf.sum(tf.mul(target, logShares), [1, 2]));
    const hits = tf.sum(tf.cast(tf.equal(tf.argMax(logits, 2), label), 'float32'), 1);
    onTally(tf.keep(tf.stack([loss, hits])));
    const gradient = tf.mul(tf.sub(tf.exp(logShares), target), -learningRate / rows) as Tensor3D;
    if (filledRows === rows && outputs === classes) return gradient;
    return tf.pad3d(gradient, [
      [0, 0],
      [0, filledRows - rows],
      [0, outputs - classes],
    ]);
  }

  function backward(layers: Layer[], signals: Tensor3D[], before: Tensor3D[], gradient: Tensor3D): void {
    let d = gradient;
    for (let l = depth - 1; l >= 0; l--) {
      const { w, b } = layers[l]!;
      const x = signals.pop()!;
      const h = l > 0 ? before.pop() : undefined;
      const at = d;
      const moved = {
        w: kept<Tensor3D>(() => tf.add(w, product(x, at, true, false))),
        b: kept<Tensor3D>(() => tf.add(b, tf.sum(at, 1, true))),
      };
      if (l > 0) {
        const slope = (): Tensor => (derivative.of === 'input' ? derivative.at(h!) : derivative.at(x));
        d = kept(() => tf.mul(product(at, w, false, true), slope()));
      }
      tf.dispose([w, b, x, at, ...(h === undefined ? [] : [h])]);
      layers[l] = moved;
    }
  }

  return (layers, x0, labels, rows) => {
    const { signals, before, output } = forward(layers, x0);
    const gradient = kept<Tensor3D>(() => gradientOf(output, labels, rows));
    output.dispose();
    backward(layers, signals, before, gradient);
  };
}
