import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../network/activation.ts';
import type { TensorFlow } from '../propagation/backend/tensorflow.ts';

/** φ' on tensors, from h and x = φ(h); computed on the host, neuron by neuron, where TensorFlow.js has no operations for it. */
export function tensorDerivative(tf: TensorFlow, activation: Activation): (h: Tensor, x: Tensor) => Tensor {
  switch (activation.name) {
    case 'tanh':
      return (_, x) => tf.sub(1, tf.square(x));
    case 'linear':
      return (h) => tf.onesLike(h);
    case 'relu':
      return (h) => tf.step(h);
    default:
      return (h) => tf.tensor(Float32Array.from(h.dataSync(), activation.derivative), h.shape, 'float32');
  }
}
