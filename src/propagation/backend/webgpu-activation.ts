import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { phiSource } from '../../gpu/activation.wgsl.ts';
import { type CurvedKind, curvedKinds } from './tensor-activation.ts';
import type { TensorFlow } from './tensorflow.ts';

const WORKGROUP = 64;

/** What TensorFlow.js has the kernel of a kind by. */
const kernelOf = (kind: CurvedKind): string => `CrackleActivation ${kind}`;

/** Four numbers an invocation, or one where rows don't have them in fours. */
function program(kind: CurvedKind, shape: readonly number[]): WebGPUProgram {
  const four = (shape.at(-1) ?? 1) % 4 === 0;
  const each = four ? 4 : 1;
  const size = shape.reduce((product, length) => product * length, 1);
  return {
    shaderKey: `${kernelOf(kind)} ${each}`,
    variableNames: ['A'],
    variableComponents: [each],
    outputShape: [...shape],
    outputComponent: each,
    size: true,
    workgroupSize: [WORKGROUP, 1, 1],
    dispatchLayout: { x: shape.map((_, i) => i) },
    dispatch: [Math.ceil(size / each / WORKGROUP), 1, 1],
    getUserCode: () => `${phiSource(kind)}
fn main(index : i32) { if (index < uniforms.size) { result[index] = ${four ? 'phi(A[index])' : 'phi(vec4<f32>(A[index])).x'}; } }`,
  };
}

interface Call {
  readonly inputs: NamedTensorInfoMap;
  readonly backend: unknown;
}

/** Has TensorFlow.js compute φ by crackle's functions, whose relative error is that of float32 at any argument, which its own aren't. */
export function curvedOnWebGpu(tf: TensorFlow): (kind: CurvedKind, x: Tensor) => Tensor {
  for (const kind of curvedKinds) {
    if (tf.getKernel(kernelOf(kind), 'webgpu') !== undefined) continue;
    const run = ({ inputs, backend }: Call): TensorInfo => {
      const { x } = inputs as Record<'x', TensorInfo>;
      return (backend as WebGPUBackend).runWebGPUProgram(program(kind, x.shape), [x], 'float32');
    };
    tf.registerKernel({ kernelName: kernelOf(kind), backendName: 'webgpu', kernelFunc: run });
  }
  return (kind, x) => tf.engine().runKernel(kernelOf(kind), { x }) as Tensor;
}
