import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { gather } from '../images/labelled.ts';
import type { Tensors } from '../propagation/backend/choose.ts';
import { tensorActivation } from '../propagation/backend/tensor-activation.ts';
import { batchedProduct, tileOf } from '../propagation/backend/tensor-product.ts';
import { use } from '../propagation/backend/tensorflow.ts';
import type { LayerWeights } from '../propagation/dense-weights.ts';
import { begun, type Layer } from './first-weights.ts';
import { tensorDerivative } from './tensor-derivative.ts';
import type { FirstWeights, TrainerOptions } from './trainer.ts';

/** Loss and hits of each network in each step since they were last asked for: steps × (losses, hits) × networks. */
export type StepTallies = Float32Array;

/** Networks of one shape that are trained in step, each on images of its own choice. */
export interface Networks {
  readonly count: number;
  /** The most that fit into one tensor. */
  readonly most: number;
  /** Keeps the networks of these places, in this order, and has others begin after them. */
  rearrange(kept: readonly number[], begin: readonly FirstWeights[]): Promise<void>;
  /** A step of each: `rows` images a network, by their numbers. */
  step(chosen: Int32Array, rows: number): void;
  tallies(): Promise<StepTallies>;
  weights(place: number): Promise<LayerWeights[]>;
  /** @throws BackendError where the device failed since, which it may say late */
  check(): void;
  close(): void;
}

/** What the networks of a group have in common. */
export type Shared = Omit<TrainerOptions, keyof FirstWeights>;

/**
 * Networks as tensors networks × inputs × outputs of TensorFlow.js: every call is for all of them. The same steps as on the package's own
 * kernels, with the backward pass written out: automatic differentiation is three times slower on WebAssembly, whose transposed products fall
 * back to a plain loop. A network's numbers come of its own alone, and a NaN stays where it is. Weights move layer by layer on the way
 * back: beside them only signals, and one layer's gradient, take memory.
 */
export function tensorNetworks(
  tensors: Tensors,
  { activation, widths, images, batch, learningRate }: Shared,
): Networks {
  const { tf, engine } = tensors;
  const phi = tensorActivation(tf, activation);
  const derivative = tensorDerivative(tf, activation);
  const product = batchedProduct(tensors);
  const classes = widths.at(-1)!;
  const depth = widths.length - 1;
  const tile = tileOf(tensors);
  const filled = (size: number): number => tile * Math.ceil(size / tile);
  /** Widths as tensors have them: what fills them up stays zero, as φ(0) is where there are tiles. */
  const sizes = widths.map(filled);
  const pixels = sizes[0]!;
  const { largest = Infinity } = tensors;
  use(tf, engine);
  // Once, where the engine takes it: then only numbers of images travel.
  const onDevice = 4 * images.count * pixels <= largest;
  const album = onDevice ? tf.keep(pictures(Int32Array.from({ length: images.count }, (_, i) => i))) : undefined;
  let layers: Layer[] = [];
  let count = 0;
  let seen: Tensor[] = [];
  /** What a step has made so far, for where it fails. */
  let made: Tensor[] = [];

  function pictures(chosen: Int32Array): Tensor2D {
    const [values, label] = [new Float32Array(chosen.length * pixels), new Uint8Array(1)];
    for (const [i, image] of chosen.entries()) gather(images, Int32Array.of(image), values.subarray(i * pixels), label);
    return tf.tensor2d(values, [chosen.length, pixels]);
  }

  /** What `make` gives, kept, whatever else it makes gone. A tidy that returns its result would walk it element by element. */
  function kept<T extends Tensor>(make: () => Tensor): T {
    let one: Tensor | undefined;
    tf.tidy(() => {
      one = tf.keep(make());
    });
    made.push(one!);
    return one as T;
  }

  function forward(x0: Tensor3D): { signals: Tensor3D[]; before: Tensor3D[]; output: Tensor3D } {
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

  function backward(signals: Tensor3D[], before: Tensor3D[], gradient: Tensor3D): void {
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

  function step(chosen: Int32Array, rows: number): void {
    const [places, filledRows] = [count, filled(rows)];
    const labels = Int32Array.from(chosen, (image) => images.labels[image]!);
    const x0 = kept<Tensor3D>(() => {
      // Rows that fill up repeat the first image; nothing comes back from them.
      const all = new Int32Array(places * filledRows);
      for (let i = 0; i < places; i++) {
        all.fill(chosen[i * rows]!, i * filledRows, (i + 1) * filledRows);
        all.set(chosen.subarray(i * rows, (i + 1) * rows), i * filledRows);
      }
      const flat = album === undefined ? pictures(all) : tf.gather(album, tf.tensor1d(all, 'int32'));
      return tf.reshape(flat, [places, filledRows, pixels]);
    });
    const { signals, before, output } = forward(x0);
    const d = kept<Tensor3D>(() => {
      const label = tf.tensor2d(labels, [places, rows], 'int32');
      const target = tf.cast(tf.oneHot(label, classes), 'float32');
      const logits = tf.slice(output, [0, 0, 0], [places, rows, classes]);
      const logShares = tf.logSoftmax(logits);
      const loss = tf.neg(tf.sum(tf.mul(target, logShares), [1, 2]));
      const hits = tf.sum(tf.cast(tf.equal(tf.argMax(logits, 2), label), 'float32'), 1);
      seen.push(tf.keep(tf.stack([loss, hits])));
      const gradient = tf.mul(tf.sub(tf.exp(logShares), target), -learningRate / rows) as Tensor3D;
      const rest = [filledRows - rows, sizes.at(-1)! - classes] as const;
      return rest[0] + rest[1] === 0
        ? gradient
        : tf.pad3d(gradient, [
            [0, 0],
            [0, rest[0]],
            [0, rest[1]],
          ]);
    });
    output.dispose();
    backward(signals, before, d);
  }

  const dispose = (): void => {
    tf.dispose([...seen, ...layers.flatMap(({ w, b }) => [w, b])]);
    seen = [];
    layers = [];
    count = 0;
  };

  return {
    get count() {
      return count;
    },
    most: Math.max(
      1,
      Math.floor(largest / 4 / Math.max(...sizes.map((size, l) => size * Math.max(filled(batch), sizes[l + 1] ?? 0)))),
    ),
    async rearrange(places, begin) {
      if (places.length === count && begin.length === 0) return;
      if (places.length + begin.length === 0) return dispose();
      for (let l = 0; l < depth; l++) {
        const added = begin.length === 0 ? undefined : await begun(tensors, begin, widths, l);
        use(tf, engine);
        const old = layers[l];
        const joined = (one: Tensor3D | undefined, more: Tensor3D | undefined): Tensor3D =>
          kept(() => {
            const parts: Tensor3D[] = [];
            if (one !== undefined && places.length > 0)
              parts.push(tf.gather(one, tf.tensor1d([...places], 'int32'), 0));
            if (more !== undefined) parts.push(more);
            return parts.length === 1 ? tf.clone(parts[0]!) : tf.concat(parts, 0);
          });
        const next = { w: joined(old?.w, added?.w), b: joined(old?.b, added?.b) };
        tf.dispose([old, added].flatMap((layer) => (layer === undefined ? [] : [layer.w, layer.b])));
        layers[l] = next;
      }
      count = places.length + begin.length;
      tensors.trim?.();
    },
    step(chosen, rows) {
      use(tf, engine);
      made = [];
      try {
        step(chosen, rows);
      } catch (error) {
        tf.dispose(made);
        throw error;
      } finally {
        made = [];
      }
    },
    async tallies() {
      use(tf, engine);
      const together = kept(() => tf.stack(seen));
      tf.dispose(seen);
      seen = [];
      const values = (await together.data()) as Float32Array;
      use(tf, engine);
      together.dispose();
      return values;
    },
    async weights(place) {
      const out: LayerWeights[] = [];
      for (const [l, { w, b }] of layers.entries()) {
        const [inWidth, outWidth] = [widths[l]!, widths[l + 1]!];
        use(tf, engine);
        const parts = [
          kept(() => tf.slice(w, [place, 0, 0], [1, inWidth, outWidth])),
          kept(() => tf.slice(b, [place, 0, 0], [1, 1, outWidth])),
        ];
        const [kernel, bias] = await Promise.all(parts.map(async (x) => ((await x.data()) as Float32Array).slice()));
        tf.dispose(parts);
        out.push({ inWidth, outWidth, kernel: kernel!, bias: bias! });
      }
      return out;
    },
    check: () => tensors.check?.(),
    close() {
      use(tf, engine);
      dispose();
      album?.dispose();
      tensors.trim?.();
    },
  };
}
