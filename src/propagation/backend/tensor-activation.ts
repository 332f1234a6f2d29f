import type { Tensor } from '@tensorflow/tfjs-core';
import { ParameterError } from '../../error.ts';
import type { Activation } from '../../network/activation.ts';
import type { TensorFlow } from './tensorflow.ts';

/**
 * A function of neurons on the host.
 * @throws ParameterError where the backend doesn't give its tensors to the host at once
 */
export function onHost(tf: TensorFlow, { name }: Activation, f: (x: number) => number): (x: Tensor) => Tensor {
  return (x) => {
    if (tf.getBackend() === 'webgpu') {
      throw new ParameterError(
        `backend webgpu has no operations for activation '${name}' here; backends simd, wasm and cpu compute it`,
      );
    }
    return tf.tensor(Float32Array.from(x.dataSync(), f), x.shape, 'float32');
  };
}

/** φ on tensors; an activation that TensorFlow.js has no operations for is computed on the host, neuron by neuron. */
export function tensorActivation(tf: TensorFlow, activation: Activation): (x: Tensor) => Tensor {
  const { argument = 0 } = activation;
  const named: Record<string, (x: Tensor) => Tensor> = {
    linear: (x) => x.clone(),
    relu: (x) => tf.relu(x),
    'leaky-relu': (x) => tf.sub(tf.relu(x), tf.mul(argument, tf.relu(tf.neg(x)))),
    tanh: (x) => tf.tanh(x),
    erf: (x) => tf.erf(tf.mul(Math.sqrt(Math.PI) / 2, x)),
    'hard-tanh': (x) => tf.clipByValue(x, -1, 1),
    sin: (x) => tf.sin(x),
    silu: (x) => tf.mul(x, tf.sigmoid(x)),
    gelu: (x) => tf.mul(tf.mul(0.5, x), tf.add(1, tf.erf(tf.mul(Math.SQRT1_2, x)))),
  };
  return named[activation.name.replace(/\(.*/, '')] ?? onHost(tf, activation, activation.phi);
}
