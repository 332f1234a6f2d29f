import { ParameterError } from '../../error.ts';
import type { Backend } from './layers.ts';
import { simdBackend } from './simd-layers.ts';
import { tensorBackend } from './tensor-layers.ts';
import { nativeTensorFlow, portableTensorFlow } from './tensorflow.ts';

export const backendNames = ['auto', 'tensorflow-gpu', 'simd', 'wasm', 'cpu'] as const;

/**
 * A numerical backend. `auto` takes TensorFlow's native library where it loads, the package's own SIMD kernels otherwise
 * (faster on one core than TensorFlow.js on WebAssembly).
 * @throws ParameterError for an unknown name, BackendError for one that doesn't load here
 */
export async function openBackend(name: string): Promise<Backend> {
  switch (name) {
    case 'auto':
      try {
        return tensorBackend('tensorflow-gpu', nativeTensorFlow());
      } catch {
        return simdBackend;
      }
    case 'tensorflow-gpu':
      return tensorBackend(name, nativeTensorFlow());
    case 'simd':
      return simdBackend;
    case 'wasm':
    case 'cpu':
      return tensorBackend(name, await portableTensorFlow(name));
    default:
      throw new ParameterError(`backend must be one of ${backendNames.join(', ')}, got '${name}'`);
  }
}
