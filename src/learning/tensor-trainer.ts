import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tensors } from '../propagation/backend/choose.ts';
import { tensorActivation } from '../propagation/backend/tensor-activation.ts';
import { use } from '../propagation/backend/tensorflow.ts';
import { tensorDerivative } from './tensor-derivative.ts';
import type { Trainer, TrainerOptions } from './trainer.ts';

/**
 * Training on TensorFlow.js, the same steps as on the package's own kernels, with the backward pass written out: automatic
 * differentiation is three times slower on WebAssembly, whose transposed products fall back to a plain loop.
 */
export function tensorTrainer({ tf, engine }: Tensors, options: TrainerOptions): Trainer {
  const { activation, learningRate } = options;
  const phi = tensorActivation(tf, activation);
  const derivative = tensorDerivative(tf, activation);
  use(tf, engine);
  let layers = options.weights.map(({ inWidth, outWidth, kernel, bias }) => ({
    w: tf.tensor2d(kernel.slice(), [inWidth, outWidth]),
    b: tf.tensor1d(bias?.slice() ?? new Float32Array(outWidth)),
  }));
  const classes = options.weights.at(-1)!.outWidth;
  let seen: Tensor[] = [];
  let images = 0;
  // On WebAssembly a product of transposed operands is a plain loop, transposing first is not.
  const product = (a: Tensor2D, b: Tensor2D, transposeA: boolean, transposeB: boolean): Tensor2D =>
    engine === 'wasm'
      ? tf.matMul(transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b)
      : tf.matMul(a, b, transposeA, transposeB);

  /** Steps on one batch; keeps new weights and the batch's loss and hits. */
  function stepped(x0: Tensor2D, label: Tensor1D, rows: number): { w: Tensor2D; b: Tensor1D }[] {
    const signals = [x0];
    const before: Tensor2D[] = [];
    for (const { w, b } of layers) {
      const h = tf.add(tf.matMul(signals.at(-1)!, w), b) as Tensor2D;
      before.push(h);
      if (before.length < layers.length) signals.push(phi(h) as Tensor2D);
    }
    const logits = before.at(-1)!;
    const target = tf.cast(tf.oneHot(label, classes), 'float32');
    const logShares = tf.logSoftmax(logits);
    const loss = tf.neg(tf.sum(tf.mul(target, logShares)));
    const hits = tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), label), 'float32'));
    seen.push(tf.keep(tf.stack([loss, hits])));
    let d = tf.mul(tf.sub(tf.exp(logShares), target), -learningRate / rows) as Tensor2D;
    const moved: { w: Tensor2D; b: Tensor1D }[] = [];
    for (let l = layers.length - 1; l >= 0; l--) {
      const { w, b } = layers[l]!;
      const x = signals[l]!;
      moved.unshift({ w: tf.add(w, product(x, d, true, false)), b: tf.add(b, tf.sum(d, 0)) });
      if (l > 0) d = tf.mul(product(d, w, false, true), derivative(before[l - 1]!, x)) as Tensor2D;
    }
    return moved;
  }

  return {
    step(inputs, labels, rows) {
      use(tf, engine);
      const pixels = options.weights[0]!.inWidth;
      const old = layers;
      // Tidies return nothing: what they return is walked element by element.
      tf.tidy(() => {
        // Copies: the cpu backend keeps the array it is given.
        const x = tf.tensor2d(inputs.slice(0, rows * pixels), [rows, pixels]);
        layers = stepped(x, tf.tensor1d(Int32Array.from(labels.subarray(0, rows)), 'int32'), rows);
        for (const { w, b } of layers) [w, b].forEach(tf.keep);
      });
      tf.dispose(old.flatMap(({ w, b }) => [w, b]));
      images += rows;
    },
    async tally() {
      use(tf, engine);
      if (seen.length === 0) return { loss: 0, hits: 0, images: 0 };
      const all = tf.tidy(() => tf.stack(seen));
      const values = await all.data();
      tf.dispose(seen);
      all.dispose();
      let [loss, hits] = [0, 0];
      for (let i = 0; i < values.length; i += 2) {
        loss += values[i]!;
        hits += values[i + 1]!;
      }
      const result = { loss, hits, images };
      seen = [];
      images = 0;
      return result;
    },
    async weights() {
      use(tf, engine);
      const copy = async (x: Tensor): Promise<Float32Array> => ((await x.data()) as Float32Array).slice();
      return Promise.all(
        layers.map(async ({ w, b }) => ({
          inWidth: w.shape[0],
          outWidth: w.shape[1],
          kernel: await copy(w),
          bias: await copy(b),
        })),
      );
    },
    close() {
      tf.dispose([...seen, ...layers.flatMap(({ w, b }) => [w, b])]);
      seen = [];
      layers = [];
    },
  };
}
