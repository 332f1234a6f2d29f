import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { type ResidualArchitecture, shapeOf } from '../../network/resnet/architecture.ts';
import { type Operation, sourcesOf, type Window } from '../../network/resnet/operation.ts';
import type { Tensors } from '../backend/choose.ts';
import { readTensor } from '../backend/read-tensor.ts';
import { type TensorFlow, use } from '../backend/tensorflow.ts';
import { type ChannelStatistics, EPSILON, type ResidualBackend, type ResidualNetwork } from './network.ts';

interface Normalised {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

const spatial = [0, 1, 2];

/** Operations as TensorFlow.js tensors, batch × height × width × channels; one reading back a batch. */
class TensorNetwork implements ResidualNetwork {
  readonly #tensors: Tensors;
  readonly #tf: TensorFlow;
  readonly #engine: string;
  readonly #architecture: ResidualArchitecture;
  readonly #batch: number;
  readonly #weights = new Map<number, Tensor>();
  readonly #biases = new Map<number, Tensor>();
  #last: Tensor | undefined;
  /** Number of the operation that reads an output last. */
  readonly #lastReader: number[] = [];
  readonly #seen = new Map<number, Normalised>();

  constructor(tensors: Tensors, architecture: ResidualArchitecture, batch: number) {
    this.#tensors = tensors;
    this.#tf = tensors.tf;
    this.#engine = tensors.engine;
    this.#architecture = architecture;
    this.#batch = batch;
    architecture.operations.forEach((operation, i) => {
      for (const s of sourcesOf(operation)) this.#lastReader[s] = i + 1;
    });
  }

  setWeights(number: number, weights: Float32Array, bias?: Float32Array): void {
    const tf = this.#tf;
    use(tf, this.#engine);
    const operation = this.#architecture.operations[number - 1]!;
    const from = shapeOf(this.#architecture, operation.source);
    const { channels } = operation.shape;
    const shape =
      operation.kind === 'convolution'
        ? [operation.kernel, operation.kernel, from.channels, channels]
        : [from.height * from.width * from.channels, channels];
    const size = shape.reduce((product, side) => product * side, 1);
    this.#weights.get(number)?.dispose();
    // A copy: the cpu backend keeps the array it is given.
    this.#weights.set(number, tf.tensor(weights.slice(0, size), shape));
    this.#biases.get(number)?.dispose();
    this.#biases.delete(number);
    if (bias !== undefined) this.#biases.set(number, tf.tensor1d(bias.slice(0, channels)));
  }

  #padded(x: Tensor, { padding }: Window): Tensor4D {
    const side: [number, number] = [padding, padding];
    return (padding === 0 ? x : this.#tf.pad(x, [[0, 0], side, side, [0, 0]])) as Tensor4D;
  }

  #normalised(n: number, x: Tensor, given: ChannelStatistics | undefined): Tensor {
    const tf = this.#tf;
    const statistics = given?.get(n);
    if (statistics !== undefined) {
      const [mean, variance] = [statistics.mean, statistics.variance].map((v) => tf.tensor1d(Float32Array.from(v)));
      return tf.mul(tf.sub(x, mean!), tf.rsqrt(tf.add(variance!, EPSILON)));
    }
    const mean = tf.mean(x, spatial, true);
    const away = tf.sub(x, mean);
    const variance = tf.mean(tf.square(away), spatial, true);
    this.#seen.set(n, { mean: tf.keep(mean), variance: tf.keep(variance) });
    return tf.mul(away, tf.rsqrt(tf.add(variance, EPSILON)));
  }

  #result(n: number, operation: Operation, outputs: readonly Tensor[], given?: ChannelStatistics): Tensor {
    const tf = this.#tf;
    const x = outputs[operation.source]!;
    switch (operation.kind) {
      case 'convolution':
        return tf.conv2d(this.#padded(x, operation), this.#weights.get(n) as Tensor4D, operation.stride, 'valid');
      case 'max-pool':
        // Zeros around the image: what is pooled comes from a relu.
        return tf.maxPool(this.#padded(x, operation), operation.kernel, operation.stride, 'valid');
      case 'batch-norm':
        return this.#normalised(n, x, given);
      case 'relu':
        return tf.relu(x);
      case 'addition':
        return tf.add(x, outputs[operation.other]!);
      case 'average-pool':
        return tf.mean(x, [1, 2], true);
      case 'linear': {
        const y = tf.matMul(tf.reshape(x, [this.#batch, -1]) as Tensor2D, this.#weights.get(n) as Tensor2D);
        const bias = this.#biases.get(n);
        return tf.reshape(bias === undefined ? y : tf.add(y, bias), [this.#batch, 1, 1, -1]);
      }
    }
  }

  #forget(): void {
    this.#last?.dispose();
    this.#last = undefined;
    for (const { mean, variance } of this.#seen.values()) this.#tf.dispose([mean, variance]);
    this.#seen.clear();
  }

  async forward(images: Float32Array, statistics?: ChannelStatistics): Promise<Float32Array> {
    const tf = this.#tf;
    const batch = this.#batch;
    const { input, operations } = this.#architecture;
    use(tf, this.#engine);
    this.#forget();
    const outputs: Tensor[] = [tf.tensor4d(images.slice(), [batch, input.height, input.width, input.channels])];
    const strengths: Tensor[] = [];
    try {
      operations.forEach((operation, i) => {
        // Tidies return nothing: what they return is walked element by element.
        tf.tidy(() => {
          const y = tf.keep(this.#result(i + 1, operation, outputs, statistics));
          outputs.push(y);
          strengths.push(tf.keep(tf.sqrt(tf.mean(tf.square(y), [1, 2, 3]))));
        });
        for (const s of new Set(sourcesOf(operation))) if (this.#lastReader[s] === i + 1) outputs[s]!.dispose();
      });
      this.#last = outputs.pop();
      return await this.#read(tf.tidy(() => tf.concat(strengths, 0)));
    } finally {
      // Those that were read are gone already, unless the device failed on the way.
      tf.dispose([...outputs, ...strengths]);
    }
  }

  /** Values of a tensor, which is let go of whatever comes. */
  async #read(tensor: Tensor): Promise<Float32Array> {
    try {
      return await readTensor(this.#tensors, tensor);
    } finally {
      tensor.dispose();
    }
  }

  async statistics(): Promise<ChannelStatistics> {
    use(this.#tf, this.#engine);
    const out = new Map<number, { mean: Float64Array; variance: Float64Array }>();
    for (const [n, { mean, variance }] of this.#seen) {
      const { height, width } = shapeOf(this.#architecture, n);
      const count = this.#batch * height * width;
      out.set(n, {
        mean: Float64Array.from(await readTensor(this.#tensors, mean)),
        variance: Float64Array.from(await readTensor(this.#tensors, variance), (v) => (v * count) / (count - 1)),
      });
    }
    return out;
  }

  async output(): Promise<Float32Array> {
    use(this.#tf, this.#engine);
    return readTensor(this.#tensors, this.#last!);
  }

  close(): void {
    use(this.#tf, this.#engine);
    this.#forget();
    this.#tf.dispose([...this.#weights.values(), ...this.#biases.values()]);
    this.#weights.clear();
    this.#biases.clear();
  }
}

/** Residual networks on TensorFlow.js. */
export function tensorResidual(name: string, tensors: Tensors): ResidualBackend {
  return { name, open: (architecture, batch) => new TensorNetwork(tensors, architecture, batch) };
}
