import type { Tensor } from '@tensorflow/tfjs-core';
import { ParameterError } from '../../error.ts';
import type { Activation } from '../../network/activation.ts';
import type { Tensors } from './choose.ts';
import type { TensorFlow } from './tensorflow.ts';

const refused = ({ name }: Activation): ParameterError =>
  new ParameterError(
    `backend webgpu has no operations for activation '${name}' here; backends simd, wasm and cpu compute it`,
  );

/**
 * A function of neurons on the host.
 * @throws ParameterError where the backend doesn't give its tensors to the host at once
 */
export function onHost(tf: TensorFlow, activation: Activation, f: (x: number) => number): (x: Tensor) => Tensor {
  return (x) => {
    if (tf.getBackend() === 'webgpu') throw refused(activation);
    return tf.tensor(Float32Array.from(x.dataSync(), f), x.shape, 'float32');
  };
}

/** What TensorFlow.js has operations for, by the name without its argument. */
export type Operations = Readonly<Record<string, (tf: TensorFlow, x: Tensor, argument: number) => Tensor>>;

const functions: Operations = {
  linear: (_, x) => x.clone(),
  relu: (tf, x) => tf.relu(x),
  'leaky-relu': (tf, x, argument) => tf.sub(tf.relu(x), tf.mul(argument, tf.relu(tf.neg(x)))),
  tanh: (tf, x) => tf.tanh(x),
  erf: (tf, x) => tf.erf(tf.mul(Math.sqrt(Math.PI) / 2, x)),
  'hard-tanh': (tf, x) => tf.clipByValue(x, -1, 1),
  sin: (tf, x) => tf.sin(x),
  silu: (tf, x) => tf.mul(x, tf.sigmoid(x)),
  gelu: (tf, x) => tf.mul(tf.mul(0.5, x), tf.add(1, tf.erf(tf.mul(Math.SQRT1_2, x)))),
};

/** The name of an activation without its argument. */
export const kindOfActivation = ({ name }: Activation): string => name.replace(/\(.*/, '');

/**
 * Refuses, before anything is computed, what backend webgpu would refuse.
 * @param operations default: those for φ
 * @throws ParameterError
 */
export function checkOperations(
  activation: Activation,
  operations: Readonly<Record<string, unknown>> = functions,
): void {
  if (!Object.hasOwn(operations, kindOfActivation(activation))) throw refused(activation);
}

/** Activations whose error isn't small beside φ(x) at small x by one or the other of TensorFlow.js' engines. */
export const curvedKinds = ['tanh', 'erf', 'sin'] as const;
export type CurvedKind = (typeof curvedKinds)[number];

/** By which engines that don't take crackle's: at x = 1e-7 the WebAssembly one has sin x too large by four fifths, the plain one erf x by a hundredth. */
const inexact: Readonly<Record<string, CurvedKind>> = { wasm: 'sin', cpu: 'erf' };

/**
 * φ on tensors, with errors small beside φ(x); an activation that TensorFlow.js has no operations for, or none that are right, is computed on the host, neuron by
 * neuron.
 */
export function tensorActivation({ tf, engine, curved }: Tensors, activation: Activation): (x: Tensor) => Tensor {
  const { argument = 0 } = activation;
  const name = kindOfActivation(activation);
  const kind = curvedKinds.find((one) => one === name);
  if (curved !== undefined && kind !== undefined) return (x) => curved(kind, x);
  const known = kind !== undefined && inexact[engine] === kind ? undefined : functions[name];
  return known === undefined ? onHost(tf, activation, activation.phi) : (x) => known(tf, x, argument);
}
