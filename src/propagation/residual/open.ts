import { ParameterError } from '../../error.ts';
import { backendNames } from '../backend/open.ts';
import { nativeTensorFlow, portableTensorFlow } from '../backend/tensorflow.ts';
import type { ResidualBackend } from './network.ts';
import { simdResidual } from './simd.ts';
import { tensorResidual } from './tensor.ts';

/**
 * A numerical backend for residual networks. `auto` takes TensorFlow's native library where it loads, the package's own SIMD kernels otherwise.
 * @throws ParameterError for an unknown name, BackendError for one that doesn't load here
 */
export async function openResidualBackend(name: string): Promise<ResidualBackend> {
  switch (name) {
    case 'auto':
      try {
        return tensorResidual('tensorflow-gpu', nativeTensorFlow());
      } catch {
        return simdResidual;
      }
    case 'tensorflow-gpu':
      return tensorResidual(name, nativeTensorFlow());
    case 'simd':
      return simdResidual;
    case 'wasm':
    case 'cpu':
      return tensorResidual(name, await portableTensorFlow(name));
    default:
      throw new ParameterError(`backend must be one of ${backendNames.join(', ')}, got '${name}'`);
  }
}
