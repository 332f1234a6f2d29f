import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { BackendName, Tensors } from './choose.ts';
import type { Backend, RandomNetworks } from './layers.ts';
import { tensorActivation } from './tensor-activation.ts';
import { batchedProduct, tileOf } from './tensor-product.ts';
import { type DrawnBy, drawnBy, drawnLayer } from './tensor-weights.ts';
import { use } from './tensorflow.ts';

/**
 * Layers as TensorFlow.js tensors, each call for all networks, whose bits don't depend on their number (`tensor-product.ts`). Strengths are
 * read back when they are asked for, not layer by layer.
 */
export function tensorBackend(name: BackendName, tensors: Tensors): Backend {
  const { tf, engine } = tensors;
  const product = batchedProduct(tensors);
  const tile = tileOf(tensors);
  const filled = (size: number): number => tile * Math.ceil(size / tile);
  /** Matrices with zeros at their ends. */
  const fill = (x: Tensor3D, rows: number, columns: number): Tensor3D => {
    const [, inner, outer] = x.shape;
    if (rows === inner && columns === outer) return x;
    return tf.pad3d(x, [
      [0, 0],
      [0, rows - inner],
      [0, columns - outer],
    ]);
  };
  return {
    name,
    // A single product is another program there than several, and several are copied to be multiplied one after another.
    alone: engine === 'wasm',
    draws: tensors.draw !== undefined,
    room: () => [],
    layers({ activation, observable }) {
      const phi = tensorActivation(tf, activation);
      /** Networks × rows × width, filled up. */
      let h: Tensor3D | undefined;
      let [rows, width] = [0, 0];
      let kept: Tensor[] = [];
      let drawing: DrawnBy | undefined;
      let drawnFor: RandomNetworks | undefined;
      // Tidies return nothing: what they return is walked element by element.
      const replace = (make: () => Tensor): void => {
        const before = h;
        tf.tidy(() => {
          h = tf.keep(make()) as Tensor3D;
        });
        before?.dispose();
      };
      const forget = (): void => {
        if (drawing !== undefined) tf.dispose({ ...drawing });
        drawing = undefined;
        drawnFor = undefined;
      };
      const clear = (): void => {
        h?.dispose();
        tf.dispose(kept);
        h = undefined;
        kept = [];
        forget();
      };
      /** Weights, and biases if there are any, filled up, that live as long as the tidy in which they are made. */
      const advance = (make: () => [Tensor3D, Tensor3D | undefined], outWidth: number, asTheyAre: boolean): void => {
        const networks = h!.shape[0];
        replace(() => {
          const [w, b] = make();
          const sum = product(asTheyAre ? h! : (phi(h!) as Tensor3D), w);
          return b === undefined ? sum : tf.add(sum, b);
        });
        width = outWidth;
        tf.tidy(() => {
          // Squares of strengths below 1e-19 underflow float32: measured in units of the row's largest.
          const there = tile === 1 ? h! : tf.slice(h!, [0, 0, 0], [networks, rows, width]);
          const seen = observable === 'post-activation' ? phi(there) : there;
          const unit = tf.maximum(tf.max(tf.abs(seen), -1, true), 1e-37);
          const mean = tf.mean(tf.square(tf.div(seen, unit)), -1, true);
          kept.push(tf.keep(tf.mul(unit, tf.sqrt(mean))));
        });
      };
      return {
        start(values, networks, rows_, width_) {
          clear();
          [rows, width] = [rows_, width_];
          use(tf, engine);
          // A copy: the cpu backend keeps the array it is given.
          replace(() => {
            const given = tf.tensor3d(values.slice(0, networks * rows * width), [networks, rows, width]);
            return fill(given, filled(rows), filled(width));
          });
        },
        layer(weights, biases, outWidth, asTheyAre = false) {
          use(tf, engine);
          const networks = h!.shape[0];
          const make = (): [Tensor3D, Tensor3D | undefined] => {
            const w = tf.tensor3d(weights.subarray(0, networks * width * outWidth), [networks, width, outWidth]);
            const whole = fill(w, filled(width), filled(outWidth));
            if (biases === undefined) return [whole, undefined];
            const b = tf.tensor3d(biases.subarray(0, networks * outWidth), [networks, 1, outWidth]);
            return [whole, fill(b, 1, filled(outWidth))];
          };
          advance(make, outWidth, asTheyAre);
        },
        drawn(networks, number, asTheyAre = false) {
          use(tf, engine);
          if (networks !== drawnFor) {
            forget();
            const all = (deviation: number): Float32Array => new Float32Array(h!.shape[0]).fill(deviation);
            const { keys, weight, bias } = networks;
            drawing = drawnBy(tensors, keys, all(weight), bias === 0 ? undefined : all(bias));
            drawnFor = networks;
          }
          const by = drawing!;
          advance(() => drawnLayer(tensors, by, number, width, width), width, asTheyAre);
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
        keep(chosen, networks, rows_) {
          use(tf, engine);
          const [, before, columns] = h!.shape;
          // Rows that fill up repeat the network's first one.
          const places = new Int32Array(networks * filled(rows_));
          for (let i = 0; i < places.length; i++) {
            const [network, row] = [Math.floor(i / filled(rows_)), i % filled(rows_)];
            const old = chosen[network * rows_ + (row < rows_ ? row : 0)]!;
            places[i] = Math.floor(old / rows) * before + (old % rows);
          }
          rows = rows_;
          replace(() => {
            const flat = tf.reshape(h!, [-1, columns]);
            return tf.reshape(tf.gather(flat, tf.tensor1d(places, 'int32')), [networks, filled(rows_), columns]);
          });
        },
        close() {
          clear();
          tensors.trim?.();
        },
      };
    },
  };
}
