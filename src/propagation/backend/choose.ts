import type { Tensor } from '@tensorflow/tfjs-core';
import { ParameterError } from '../../error.ts';
import type { CurvedKind } from './tensor-activation.ts';
import { nativeTensorFlow, portableTensorFlow, type TensorFlow } from './tensorflow.ts';

/** Random matrices of a layer, one for each of several networks. */
export interface Matrices {
  /** Matrices × rows × columns of the tensor, columns divisible by 32. What is beyond `rows` and `columns` is zero. */
  readonly shape: readonly [number, number, number];
  readonly rows: number;
  readonly columns: number;
  /** Number of the layer, and of the first row in it, both below 2³²: with a network's key, and the column, what a number depends on. */
  readonly layer: number;
  readonly first: number;
}

/** TensorFlow.js, and which of its engines computes. */
export interface Tensors {
  readonly tf: TensorFlow;
  readonly engine: string;
  /** Bytes of the largest tensor, where there is a limit. */
  readonly largest?: number;
  /** @throws BackendError where the device failed since it was opened, which is found out late */
  check?(): void;
  /**
   * Draws N(0, σ²) where the tensors are, if the engine does that.
   * @param keys matrices × 4 words of 32 bits, int32
   * @param deviations σ of each matrix
   */
  draw?(what: Matrices, keys: Tensor, deviations: Tensor): Tensor;
  /** φ where the tensors are, by functions of crackle's, if the engine takes them. */
  curved?(kind: CurvedKind, x: Tensor): Tensor;
  /** Gives back memory that the engine keeps for tensors of the sizes that there were. */
  trim?(): void;
}

/**
 * How each backend starts: TensorFlow.js on one of its engines, or nothing to start, for the package's own SIMD kernels. A further engine of
 * TensorFlow.js is a line here, and then dense and residual networks and training run on it.
 */
const backends = {
  /** @tensorflow/tfjs-node-gpu, or @tensorflow/tfjs-node where that is what is installed. */
  'tensorflow-gpu': async (): Promise<Tensors> => ({ tf: nativeTensorFlow(), engine: 'tensorflow' }),
  /** Any card, by the package webgpu; its engine in TensorFlow.js comes with crackle. */
  webgpu: async (): Promise<Tensors> => (await import('./webgpu.ts')).webGpuTensors(),
  simd: async () => undefined,
  wasm: async (): Promise<Tensors> => ({ tf: await portableTensorFlow('wasm'), engine: 'wasm' }),
  cpu: async (): Promise<Tensors> => ({ tf: await portableTensorFlow('cpu'), engine: 'cpu' }),
};

export type BackendName = keyof typeof backends;

const names = Object.keys(backends) as BackendName[];

export const backendNames: readonly (BackendName | 'auto')[] = ['auto', ...names];

/** A backend that is there. */
export interface BackendChoice {
  readonly name: BackendName;
  /** Undefined for the package's own kernels. */
  readonly tensors: Tensors | undefined;
}

/** TensorFlow.js gives up a backend that is being started where another start begins. */
let starting: Promise<unknown> = Promise.resolve();

function started(name: BackendName): Promise<Tensors | undefined> {
  const start = starting.then(() => backends[name]());
  starting = start.catch(() => {});
  return start;
}

/**
 * Chooses and starts a numerical backend. `auto` takes TensorFlow's native library where it loads, the package's own SIMD kernels otherwise
 * (faster on one core than TensorFlow.js on WebAssembly).
 * @throws ParameterError for an unknown name, BackendError for one that doesn't load here
 */
export async function chooseBackend(name: string): Promise<BackendChoice> {
  if (name === 'auto') return chooseBackend('tensorflow-gpu').catch(() => chooseBackend('simd'));
  const known = names.find((one) => one === name);
  if (known === undefined) throw new ParameterError(`backend must be one of ${backendNames.join(', ')}, got '${name}'`);
  return { name: known, tensors: await started(known) };
}
