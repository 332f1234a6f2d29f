import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../network/activation.ts';
import { onHost } from '../propagation/backend/tensor-activation.ts';
import type { TensorFlow } from '../propagation/backend/tensorflow.ts';

/** φ' on tensors, from h and x = φ(h); computed on the host, neuron by neuron, where TensorFlow.js has no operations for it. */
export function tensorDerivative(tf: TensorFlow, activation: Activation): (h: Tensor, x: Tensor) => Tensor {
  const { argument = 0 } = activation;
  const named: Record<string, (h: Tensor, x: Tensor) => Tensor> = {
    tanh: (_, x) => tf.sub(1, tf.square(x)),
    linear: (h) => tf.onesLike(h),
    relu: (h) => tf.step(h),
    'leaky-relu': (h) => tf.step(h, argument),
    erf: (h) => tf.exp(tf.mul(-Math.PI / 4, tf.square(h))),
    silu: (h) => tf.mul(tf.sigmoid(h), tf.add(1, tf.mul(h, tf.sigmoid(tf.neg(h))))),
  };
  return named[activation.name.replace(/\(.*/, '')] ?? onHost(tf, activation, activation.derivative);
}
