import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../network/activation.ts';
import {
  checkOperations,
  kindOfActivation,
  type Operations,
  onHost,
} from '../propagation/backend/tensor-activation.ts';
import type { TensorFlow } from '../propagation/backend/tensorflow.ts';

/** Activations whose slope follows from what they give. */
const fromOutput: Operations = {
  tanh: (tf, x) => tf.sub(1, tf.square(x)),
  linear: (tf, x) => tf.onesLike(x),
  relu: (tf, x) => tf.step(x),
};

/** Others, from h. */
const fromInput: Operations = {
  'leaky-relu': (tf, h, argument) => tf.step(h, argument),
  erf: (tf, h) => tf.exp(tf.mul(-Math.PI / 4, tf.square(h))),
  silu: (tf, h) => tf.mul(tf.sigmoid(h), tf.add(1, tf.mul(h, tf.sigmoid(tf.neg(h))))),
};

/**
 * Refuses, before anything is computed, activations that backend webgpu doesn't train with.
 * @throws ParameterError
 */
export function checkTrained(activation: Activation): void {
  checkOperations(activation);
  checkOperations(activation, { ...fromOutput, ...fromInput });
}

/** Tensors that a layer's signals take until the way back: φ(h), and h where φ' needs it. */
export const signalsKept = (activation: Activation): number => (kindOfActivation(activation) in fromOutput ? 1 : 2);

/** φ' on tensors. */
export type TensorDerivative =
  | { readonly of: 'output'; readonly at: (x: Tensor) => Tensor }
  | { readonly of: 'input'; readonly at: (h: Tensor) => Tensor };

/**
 * φ' on tensors, from φ(h) where that is enough, so that h needn't be kept, or from h; computed on the host, neuron by neuron, where
 * TensorFlow.js has no operations for it.
 */
export function tensorDerivative(tf: TensorFlow, activation: Activation): TensorDerivative {
  const { argument = 0 } = activation;
  const name = kindOfActivation(activation);
  const [known, other] = [fromOutput[name], fromInput[name]];
  if (known !== undefined) return { of: 'output', at: (x) => known(tf, x, argument) };
  if (other !== undefined) return { of: 'input', at: (h) => other(tf, h, argument) };
  return { of: 'input', at: onHost(tf, activation, activation.derivative) };
}
