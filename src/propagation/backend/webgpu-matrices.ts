import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { matricesSource, PARAMETERS, QUADS } from '../../gpu/matrices.wgsl.ts';
import type { Matrices } from './choose.ts';
import type { TensorFlow } from './tensorflow.ts';

/** What TensorFlow.js has the kernel by. */
const KERNEL = 'CrackleMatrices';
const WORKGROUP = 64;

function program({ shape }: Matrices): WebGPUProgram {
  const [matrices, rows, columns] = shape;
  return {
    shaderKey: KERNEL,
    variableNames: ['keys', 'deviations'],
    variableComponents: [4, 1],
    outputShape: [...shape],
    outputComponent: 4,
    uniforms: PARAMETERS.map((name) => `${name} : u32,`).join(' '),
    workgroupSize: [WORKGROUP, 1, 1],
    dispatchLayout: { x: [0, 1, 2] },
    dispatch: [Math.ceil((matrices * rows * columns) / (4 * QUADS * WORKGROUP)), 1, 1],
    getUserCode: () => `${matricesSource} fn main(index : i32) { draw(u32(index)); }`,
  };
}

interface Call {
  readonly inputs: NamedTensorInfoMap;
  readonly backend: unknown;
  readonly attrs?: unknown;
}

function run({ inputs, backend, attrs }: Call): TensorInfo {
  const what = attrs as unknown as Matrices;
  const uniforms = PARAMETERS.map((name) => ({ type: 'uint32', data: [what[name]] }));
  const { keys, deviations } = inputs as Record<'keys' | 'deviations', TensorInfo>;
  return (backend as WebGPUBackend).runWebGPUProgram(program(what), [keys, deviations], 'float32', uniforms);
}

/** Has TensorFlow.js draw matrices by a kernel of crackle's among its own, so that order and memory are its affair. */
export function drawnOnWebGpu(tf: TensorFlow): (what: Matrices, keys: Tensor, deviations: Tensor) => Tensor {
  if (tf.getKernel(KERNEL, 'webgpu') === undefined) {
    tf.registerKernel({ kernelName: KERNEL, backendName: 'webgpu', kernelFunc: run });
  }
  return (what, keys, deviations) => tf.engine().runKernel(KERNEL, { keys, deviations }, { ...what }) as Tensor;
}
