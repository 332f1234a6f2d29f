import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { Tensors } from '../propagation/backend/choose.ts';
import { readTensor } from '../propagation/backend/read-tensor.ts';
import { tileOf } from '../propagation/backend/tensor-product.ts';
import { use } from '../propagation/backend/tensorflow.ts';
import type { LayerWeights } from '../propagation/dense-weights.ts';
import { openAlbum } from './album.ts';
import { begun, type Layer } from './first-weights.ts';
import { tensorStep } from './tensor-step.ts';
import type { FirstWeights, TrainerOptions } from './trainer.ts';

/** Loss and hits of each network in each step since they were last asked for: steps × (losses, hits) × networks. */
export type StepTallies = Float32Array;

/** Networks of one shape that are trained in step, each on images of its own choice. */
export interface Networks {
  readonly count: number;
  /** The most that fit into one tensor. */
  readonly most: number;
  /** Keeps the networks at these places, in this order, and adds new ones behind them. */
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

/** The networks that fit into tensors of so many bytes, at least one: the largest of each has its weights, or its signals, of one layer. */
function mostTogether(sizes: readonly number[], rows: number, bytes: number): number {
  const floats = Math.max(...sizes.map((size, l) => size * Math.max(rows, sizes[l + 1] ?? 0)));
  return Math.max(1, Math.floor(bytes / 4 / floats));
}

/** The images that each network has chosen, filled up with its first one, of which nothing comes back, to `filledRows` a network. */
function filledUp(chosen: Int32Array, rows: number, filledRows: number): Int32Array {
  const networks = chosen.length / rows;
  const all = new Int32Array(networks * filledRows);
  for (let i = 0; i < networks; i++) {
    all.fill(chosen[i * rows]!, i * filledRows, (i + 1) * filledRows);
    all.set(chosen.subarray(i * rows, (i + 1) * rows), i * filledRows);
  }
  return all;
}

/** Weights of the networks at these places, in this order, and those that are added behind them. */
function gathered(
  tf: Tensors['tf'],
  old: Tensor3D | undefined,
  places: readonly number[],
  added: Tensor3D | undefined,
): Tensor3D {
  const parts: Tensor3D[] = [];
  if (old !== undefined && places.length > 0) parts.push(tf.gather(old, tf.tensor1d([...places], 'int32'), 0));
  if (added !== undefined) parts.push(added);
  return parts.length === 1 ? tf.clone(parts[0]!) : tf.concat(parts, 0);
}

/**
 * Networks as tensors networks × inputs × outputs of TensorFlow.js: every call is for all of them. The same steps as on the package's own
 * kernels, with the backward pass written out: automatic differentiation is three times slower on WebAssembly, whose transposed products fall
 * back to a plain loop. A network's numbers come of its own alone, and a NaN stays where it is. Weights move layer by layer on the way
 * back: beside them only signals, and one layer's gradient, take memory.
 */
export function tensorNetworks(tensors: Tensors, shared: Shared): Networks {
  const { tf, engine, largest = Infinity } = tensors;
  const { widths, images, batch } = shared;
  const depth = widths.length - 1;
  const tile = tileOf(tensors);
  const filled = (size: number): number => tile * Math.ceil(size / tile);
  /** Widths rounded up to whole tiles; the neurons added stay zero, as every activation that runs in tiles has φ(0) = 0. */
  const sizes = widths.map(filled);
  const pixels = sizes[0]!;
  use(tf, engine);
  const album = openAlbum(tensors, images, pixels);
  let layers: Layer[] = [];
  let count = 0;
  let seen: Tensor[] = [];
  /** What a step has made so far, for where it fails. */
  let made: Tensor[] = [];

  /** Keeps the tensor that `make` returns, and disposes of all others that it made. (A tidy that returned the tensor would walk it element by element.) */
  function kept<T extends Tensor>(make: () => Tensor): T {
    let one: Tensor | undefined;
    tf.tidy(() => {
      one = tf.keep(make());
    });
    made.push(one!);
    return one as T;
  }

  const descend = tensorStep(tensors, shared, kept, (tally) => seen.push(tally));

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
    most: mostTogether(sizes, filled(batch), largest),
    async rearrange(places, begin) {
      if (places.length === count && begin.length === 0) return;
      if (places.length + begin.length === 0) return dispose();
      for (let l = 0; l < depth; l++) {
        const added = begin.length === 0 ? undefined : await begun(tensors, begin, widths, l);
        use(tf, engine);
        const old = layers[l];
        const next = {
          w: kept<Tensor3D>(() => gathered(tf, old?.w, places, added?.w)),
          b: kept<Tensor3D>(() => gathered(tf, old?.b, places, added?.b)),
        };
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
        const labels = Int32Array.from(chosen, (image) => images.labels[image]!);
        descend(
          layers,
          kept<Tensor3D>(() =>
            tf.reshape(album.rows(filledUp(chosen, rows, filled(rows))), [count, filled(rows), pixels]),
          ),
          labels,
          rows,
        );
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
      const values = await readTensor(tensors, together);
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
        const [kernel, bias] = await Promise.all(parts.map(async (x) => (await readTensor(tensors, x)).slice()));
        tf.dispose(parts);
        out.push({ inWidth, outWidth, kernel: kernel!, bias: bias! });
      }
      return out;
    },
    check: () => tensors.check?.(),
    close() {
      use(tf, engine);
      dispose();
      album.close();
      tensors.trim?.();
    },
  };
}
