import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { BackendName, Tensors } from './choose.ts';
import type { Backend, Layers, LayersOptions, RandomNetworks } from './layers.ts';
import { readTensor } from './read-tensor.ts';
import { tensorActivation } from './tensor-activation.ts';
import { type BatchedProduct, batchedProduct, tileOf } from './tensor-product.ts';
import { type DrawnBy, drawnBy, drawnLayer } from './tensor-weights.ts';
import { use } from './tensorflow.ts';

/**
 * Layers as TensorFlow.js tensors, each call for all networks, whose bits don't depend on their number (`tensor-product.ts`). Strengths are
 * read back when they are asked for, not layer by layer.
 */
export function tensorBackend(name: BackendName, tensors: Tensors): Backend {
  return {
    name,
    // A single product is another program there than several, and several are copied to be multiplied one after another.
    alone: tensors.engine === 'wasm',
    draws: tensors.draw !== undefined,
    room: () => [],
    layers: (options) => new TensorLayers(tensors, options),
  };
}

/** Weights, and biases if there are any, filled up. */
type Weights = [Tensor3D, Tensor3D | undefined];

class TensorLayers implements Layers {
  readonly #tensors: Tensors;
  readonly #product: BatchedProduct;
  readonly #phi: (x: Tensor) => Tensor;
  readonly #postActivation: boolean;
  readonly #tile: number;
  /** Pre-activations, networks × rows × width, filled up. */
  #h: Tensor3D | undefined;
  #rows = 0;
  #width = 0;
  /** Strengths that nobody has asked for yet, a tensor a layer. */
  #strengths: Tensor[] = [];
  /** What weights are drawn by, and for whom. */
  #drawing: { readonly by: DrawnBy; readonly networks: RandomNetworks } | undefined;

  constructor(tensors: Tensors, { activation, observable }: LayersOptions) {
    this.#tensors = tensors;
    this.#product = batchedProduct(tensors);
    this.#phi = tensorActivation(tensors, activation);
    this.#postActivation = observable === 'post-activation';
    this.#tile = tileOf(tensors);
  }

  start(values: Float32Array, networks: number, rows: number, width: number): void {
    this.#clear();
    const { tf } = this.#use();
    [this.#rows, this.#width] = [rows, width];
    // A copy: the cpu backend keeps the array it is given.
    this.#replace(() => {
      const given = tf.tensor3d(values.slice(0, networks * rows * width), [networks, rows, width]);
      return this.#fill(given, this.#filled(rows), this.#filled(width));
    });
  }

  layer(weights: Float32Array, biases: Float32Array | undefined, outWidth: number, asTheyAre = false): void {
    const { tf } = this.#use();
    const networks = this.#h!.shape[0];
    const width = this.#width;
    const make = (): Weights => {
      const w = tf.tensor3d(weights.subarray(0, networks * width * outWidth), [networks, width, outWidth]);
      const whole = this.#fill(w, this.#filled(width), this.#filled(outWidth));
      if (biases === undefined) return [whole, undefined];
      const b = tf.tensor3d(biases.subarray(0, networks * outWidth), [networks, 1, outWidth]);
      return [whole, this.#fill(b, 1, this.#filled(outWidth))];
    };
    this.#advance(make, outWidth, asTheyAre);
  }

  drawn(networks: RandomNetworks, number: number, asTheyAre = false): void {
    this.#use();
    const by = this.#drawnBy(networks);
    const width = this.#width;
    this.#advance(() => drawnLayer(this.#tensors, by, number, width, width), width, asTheyAre);
  }

  async strengths(): Promise<Float32Array> {
    if (this.#strengths.length === 0) return new Float32Array(0);
    const { tf } = this.#use();
    const all = tf.tidy(() => tf.concat(this.#strengths, 0));
    try {
      return await readTensor(this.#tensors, all);
    } finally {
      tf.dispose(this.#strengths);
      all.dispose();
      this.#strengths = [];
    }
  }

  keep(chosen: Int32Array, networks: number, rows: number): void {
    const { tf } = this.#use();
    const [, before, columns] = this.#h!.shape;
    const filledRows = this.#filled(rows);
    // Rows that fill up repeat the network's first one.
    const places = new Int32Array(networks * filledRows);
    for (let i = 0; i < places.length; i++) {
      const [network, row] = [Math.floor(i / filledRows), i % filledRows];
      const old = chosen[network * rows + (row < rows ? row : 0)]!;
      places[i] = Math.floor(old / this.#rows) * before + (old % this.#rows);
    }
    this.#rows = rows;
    this.#replace(() => {
      const flat = tf.reshape(this.#h!, [-1, columns]);
      return tf.reshape(tf.gather(flat, tf.tensor1d(places, 'int32')), [networks, filledRows, columns]);
    });
  }

  close(): void {
    this.#clear();
    this.#tensors.trim?.();
  }

  #use(): Tensors {
    use(this.#tensors.tf, this.#tensors.engine);
    return this.#tensors;
  }

  #filled(size: number): number {
    return this.#tile * Math.ceil(size / this.#tile);
  }

  /** Matrices with zeros at their ends. */
  #fill(x: Tensor3D, rows: number, columns: number): Tensor3D {
    const [, inner, outer] = x.shape;
    if (rows === inner && columns === outer) return x;
    return this.#tensors.tf.pad3d(x, [
      [0, 0],
      [0, rows - inner],
      [0, columns - outer],
    ]);
  }

  /** Tidies return nothing: what they return is walked element by element. */
  #replace(make: () => Tensor): void {
    const { tf } = this.#tensors;
    const before = this.#h;
    tf.tidy(() => {
      this.#h = tf.keep(make()) as Tensor3D;
    });
    before?.dispose();
  }

  /** @param make weights, which live as long as the tidy in which they are made */
  #advance(make: () => Weights, outWidth: number, asTheyAre: boolean): void {
    const { tf } = this.#tensors;
    this.#replace(() => {
      const [w, b] = make();
      const sum = this.#product(asTheyAre ? this.#h! : (this.#phi(this.#h!) as Tensor3D), w);
      return b === undefined ? sum : tf.add(sum, b);
    });
    this.#width = outWidth;
    tf.tidy(() => {
      this.#strengths.push(tf.keep(this.#strengthsOf(this.#h!)));
    });
  }

  /** Strengths of all rows, networks × rows × 1. */
  #strengthsOf(h: Tensor3D): Tensor {
    const { tf } = this.#tensors;
    const there = this.#tile === 1 ? h : tf.slice(h, [0, 0, 0], [h.shape[0], this.#rows, this.#width]);
    const seen = this.#postActivation ? this.#phi(there) : there;
    // Squares of strengths below 1e-19 underflow float32: measured in units of the row's largest.
    const unit = tf.maximum(tf.max(tf.abs(seen), -1, true), 1e-37);
    const mean = tf.mean(tf.square(tf.div(seen, unit)), -1, true);
    return tf.mul(unit, tf.sqrt(mean));
  }

  #drawnBy(networks: RandomNetworks): DrawnBy {
    if (this.#drawing?.networks !== networks) {
      this.#forgetDrawing();
      const all = (deviation: number): Float32Array => new Float32Array(this.#h!.shape[0]).fill(deviation);
      const { keys, weight, bias } = networks;
      const by = drawnBy(this.#tensors, keys, all(weight), bias === 0 ? undefined : all(bias));
      this.#drawing = { by, networks };
    }
    return this.#drawing!.by;
  }

  #forgetDrawing(): void {
    if (this.#drawing !== undefined) this.#tensors.tf.dispose({ ...this.#drawing.by });
    this.#drawing = undefined;
  }

  #clear(): void {
    this.#h?.dispose();
    this.#tensors.tf.dispose(this.#strengths);
    this.#h = undefined;
    this.#strengths = [];
    this.#forgetDrawing();
  }
}
