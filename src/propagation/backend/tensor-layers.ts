import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { BackendName, Tensors } from './choose.ts';
import type { Backend } from './layers.ts';
import { tensorActivation } from './tensor-activation.ts';
import { use } from './tensorflow.ts';

/** Layers as TensorFlow.js tensors. Strengths are read back when they are asked for, not layer by layer. */
export function tensorBackend(name: BackendName, { tf, engine }: Tensors): Backend {
  return {
    name,
    room: () => [],
    layers({ activation, observable }) {
      const phi = tensorActivation(tf, activation);
      let h: Tensor3D | undefined;
      let kept: Tensor[] = [];
      // Tidies return nothing: what they return is walked element by element.
      const replace = (make: () => Tensor): void => {
        const before = h;
        tf.tidy(() => {
          h = tf.keep(make()) as Tensor3D;
        });
        before?.dispose();
      };
      const clear = (): void => {
        h?.dispose();
        tf.dispose(kept);
        h = undefined;
        kept = [];
      };
      return {
        start(values, networks, rows, width) {
          clear();
          use(tf, engine);
          // A copy: the cpu backend keeps the array it is given.
          h = tf.tensor3d(values.slice(0, networks * rows * width), [networks, rows, width]);
        },
        layer(weights, biases, outWidth, asTheyAre = false) {
          use(tf, engine);
          const [networks, , width] = h!.shape;
          replace(() => {
            const w = tf.tensor3d(weights.subarray(0, networks * width * outWidth), [networks, width, outWidth]);
            const sum = tf.matMul(asTheyAre ? h! : phi(h!), w);
            if (biases === undefined) return sum;
            return tf.add(sum, tf.tensor3d(biases.subarray(0, networks * outWidth), [networks, 1, outWidth]));
          });
          tf.tidy(() => {
            // Squares of strengths below 1e-19 underflow float32: measured in units of the row's largest.
            const seen = observable === 'post-activation' ? phi(h!) : h!;
            const unit = tf.maximum(tf.max(tf.abs(seen), -1, true), 1e-37);
            const mean = tf.mean(tf.square(tf.div(seen, unit)), -1, true);
            kept.push(tf.keep(tf.mul(unit, tf.sqrt(mean))));
          });
        },
        async strengths() {
          if (kept.length === 0) return new Float32Array(0);
          use(tf, engine);
          const all = tf.tidy(() => tf.concat(kept, 0));
          const out = (await all.data()) as Float32Array;
          tf.dispose(kept);
          all.dispose();
          kept = [];
          return out;
        },
        keep(chosen, networks, rows) {
          use(tf, engine);
          const width = h!.shape[2];
          replace(() => {
            const flat = tf.reshape(h!, [-1, width]);
            return tf.reshape(tf.gather(flat, tf.tensor1d(chosen, 'int32')), [networks, rows, width]);
          });
        },
        close: clear,
      };
    },
  };
}
