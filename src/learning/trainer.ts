import type { LabelledImages } from '../images/labelled.ts';
import type { Activation } from '../network/activation.ts';
import { chooseBackend } from '../propagation/backend/choose.ts';
import type { LayerWeights } from '../propagation/dense-weights.ts';
import { simdTrainer } from './simd-trainer.ts';
import { joinGroup } from './training-groups.ts';

/** The weights that a network begins with. */
export interface FirstWeights {
  /** The weights of a layer, from 0, where training starts; asked for once each, in order. The last layer's outputs are the logits. */
  readonly layer: (l: number) => LayerWeights;
  /**
   * Weights N(0, σw²/fan-in) and biases N(0, σb²) of the same law, for a backend that draws them where they are: it doesn't ask for `layer`.
   */
  readonly random?: {
    /** Four words of 32 bits, on which all weights of the network depend. */
    readonly key: Int32Array;
    readonly weightVariance: number;
    readonly biasVariance: number;
  };
  /** Passes that the network had made when it was lost, and had to begin anew. Default 0. */
  readonly passed?: number;
}

/** What a network is trained from, and how. */
export interface TrainerOptions extends FirstWeights {
  /** φ of every layer but the last. */
  readonly activation: Activation;
  /** Pixels, neurons of each layer, classes. */
  readonly widths: readonly number[];
  /** What is learned: networks that train in step share it by identity. */
  readonly images: LabelledImages;
  /** Images a step, at most. */
  readonly batch: number;
  readonly learningRate: number;
}

/** What the steps of a pass came to. */
export interface BatchTally {
  /** Σ cross-entropy over the images, nats, each before the step that it was part of. */
  readonly loss: number;
  /** Images whose largest logit was their class, likewise. */
  readonly hits: number;
  readonly images: number;
}

/** Who follows a pass. */
export interface Watch {
  /** Whether the training was called off: the pass may then stop early. */
  halted(): boolean;
  /** Called with the share of the pass, 0 to 1, that was done since the last call. */
  told(share: number): void;
}

/** A network being trained by plain stochastic gradient descent on the softmax cross-entropy, float32. */
export interface Trainer {
  /** Goes through the images in this order, a step on the mean loss of each batch. */
  pass(order: Uint32Array, watch?: Watch): Promise<BatchTally>;
  /** A copy of the weights as they are now; not while a pass is under way. */
  weights(): Promise<LayerWeights[]>;
  close(): void;
}

/** Below this width a step's time on TensorFlow's native library is the price of its calls, 0.1 ms each. */
const NARROW = 256;

/**
 * A trainer on a backend: the package's own kernels (`simd`) or TensorFlow.js, which trains the networks of this thread in step that have
 * shape, images, batch, rate and backend in common: each of its calls is for all of them. They agree to float32 rounding.
 * @param backend a name that `chooseBackend` knows; `auto` takes TensorFlow's native library where it loads and the network is no
 * narrower than 256, the own kernels otherwise
 * @throws BackendError where the backend doesn't load; ParameterError for an unknown name
 */
export async function openTrainer(backend: string, options: TrainerOptions): Promise<Trainer> {
  const narrow = options.widths.slice(1, -1).every((width) => width < NARROW);
  const { tensors } = await chooseBackend(backend === 'auto' && narrow ? 'simd' : backend);
  return tensors === undefined ? simdTrainer(options) : joinGroup(tensors, options);
}
