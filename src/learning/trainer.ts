import type { Activation } from '../network/activation.ts';
import { chooseBackend } from '../propagation/backend/choose.ts';
import type { LayerWeights } from '../propagation/dense-weights.ts';
import { simdTrainer } from './simd-trainer.ts';
import { tensorTrainer } from './tensor-trainer.ts';

export interface TrainerOptions {
  /** φ of every layer but the last. */
  readonly activation: Activation;
  /** Where training starts; copied. The last layer's outputs are the logits. */
  readonly weights: readonly LayerWeights[];
  /** Images a step, at most. */
  readonly batch: number;
  readonly learningRate: number;
}

/** What the batches since the last look came to. */
export interface BatchTally {
  /** Σ cross-entropy over the images, nats. */
  readonly loss: number;
  /** Images whose largest logit was their class. */
  readonly hits: number;
  readonly images: number;
}

/** A network being trained by plain stochastic gradient descent on the softmax cross-entropy, float32. */
export interface Trainer {
  /**
   * One step on the mean loss of a batch; tallies the loss and hits that the batch had before it.
   * @param inputs rows × pixels
   * @param labels rows
   */
  step(inputs: Float32Array, labels: Uint8Array, rows: number): void;
  /** Reads the tally and starts it anew. */
  tally(): Promise<BatchTally>;
  /** A copy of the weights as they are now. */
  weights(): Promise<LayerWeights[]>;
  close(): void;
}

/** Below this width a step's time on TensorFlow's native library is the price of its calls, 0.1 ms each. */
const NARROW = 256;

/**
 * A trainer on a backend: the package's own kernels (`simd`) or TensorFlow.js (`wasm`, `cpu`, `tensorflow-gpu`).
 * They agree to float32 rounding.
 * @param backend a name that `chooseBackend` knows; `auto` takes TensorFlow's native library where it loads and the network is no
 * narrower than 256, the own kernels otherwise
 * @throws BackendError where the backend doesn't load; ParameterError for an unknown name
 */
export async function openTrainer(backend: string, options: TrainerOptions): Promise<Trainer> {
  const narrow = options.weights.slice(0, -1).every(({ outWidth }) => outWidth < NARROW);
  const { tensors } = await chooseBackend(backend === 'auto' && narrow ? 'simd' : backend);
  return tensors === undefined ? simdTrainer(options) : tensorTrainer(tensors, options);
}
