import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Tensors } from '../propagation/backend/choose.ts';
import { tileOf } from '../propagation/backend/tensor-product.ts';
import { drawnBy, drawnLayer } from '../propagation/backend/tensor-weights.ts';
import { use } from '../propagation/backend/tensorflow.ts';
import { stretch } from '../stage.ts';
import type { FirstWeights } from './trainer.ts';

/** Networks × inputs × outputs and networks × 1 × outputs, in whole tiles. */
export interface Layer {
  w: Tensor3D;
  b: Tensor3D;
}

/** Drawn by the device, where it does that and all networks have keys. */
function drawn(tensors: Tensors, begin: readonly FirstWeights[], widths: readonly number[], l: number) {
  const laws = begin.flatMap(({ random }) => random ?? []);
  if (tensors.draw === undefined || laws.length < begin.length) return undefined;
  const { tf } = tensors;
  const inWidth = widths[l]!;
  const keys = Int32Array.from(laws.flatMap(({ key }) => [...key]));
  const weight = Float32Array.from(laws, ({ weightVariance }) => Math.sqrt(weightVariance / inWidth));
  const bias = Float32Array.from(laws, ({ biasVariance }) => Math.sqrt(biasVariance));
  let layer: Layer | undefined;
  tf.tidy(() => {
    const [w, b] = drawnLayer(tensors, drawnBy(tensors, keys, weight, bias), l, inWidth, widths[l + 1]!);
    layer = { w: tf.keep(w), b: tf.keep(b!) };
  });
  return layer;
}

/** First weights of one layer of several networks: drawn by the device, or here without keeping the thread for long. */
export async function begun(
  tensors: Tensors,
  begin: readonly FirstWeights[],
  widths: readonly number[],
  l: number,
): Promise<Layer> {
  const { tf, engine } = tensors;
  use(tf, engine);
  const there = drawn(tensors, begin, widths, l);
  if (there !== undefined) return there;
  const tile = tileOf(tensors);
  const [inWidth, outWidth] = [widths[l]!, widths[l + 1]!].map((size) => tile * Math.ceil(size / tile)) as [
    number,
    number,
  ];
  const kernels = new Float32Array(begin.length * inWidth * outWidth);
  const biases = new Float32Array(begin.length * outWidth);
  let turned = performance.now();
  for (const [i, { layer }] of begin.entries()) {
    const { kernel, bias, ...shape } = layer(l);
    for (let row = 0; row < shape.inWidth; row++) {
      const weights = kernel.subarray(row * shape.outWidth, (row + 1) * shape.outWidth);
      kernels.set(weights, (i * inWidth + row) * outWidth);
    }
    if (bias !== undefined) biases.set(bias, i * outWidth);
    if (performance.now() - turned < stretch) continue;
    await new Promise((resolve) => setImmediate(resolve));
    turned = performance.now();
  }
  use(tf, engine);
  return {
    w: tf.tensor3d(kernels, [begin.length, inWidth, outWidth]),
    b: tf.tensor3d(biases, [begin.length, 1, outWidth]),
  };
}
