import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../network/activation.ts';
import { onHost } from '../propagation/backend/tensor-activation.ts';
import type { TensorFlow } from '../propagation/backend/tensorflow.ts';

/** Activations whose slope follows from what they give. */
const fromOutput = {
  tanh: (tf: TensorFlow, x: Tensor) => tf.sub(1, tf.square(x)),
  linear: (tf: TensorFlow, x: Tensor) => tf.onesLike(x),
  relu: (tf: TensorFlow, x: Tensor) => tf.step(x),
};

const kind = ({ name }: Activation): string => name.replace(/\(.*/, '');

/** Tensors that a layer's signals take until the way back: φ(h), and h where φ' needs it. */
export const signalsKept = (activation: Activation): number => (kind(activation) in fromOutput ? 1 : 2);

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
  const fromInput: Record<string, (h: Tensor) => Tensor> = {
    'leaky-relu': (h) => tf.step(h, argument),
    erf: (h) => tf.exp(tf.mul(-Math.PI / 4, tf.square(h))),
    silu: (h) => tf.mul(tf.sigmoid(h), tf.add(1, tf.mul(h, tf.sigmoid(tf.neg(h))))),
  };
  const name = kind(activation);
  const known = Object.entries(fromOutput).find(([one]) => one === name)?.[1];
  if (known !== undefined) return { of: 'output', at: (x) => known(tf, x) };
  return { of: 'input', at: fromInput[name] ?? onHost(tf, activation, activation.derivative) };
}
