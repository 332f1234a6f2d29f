import { createRequire } from 'node:module';
import util from 'node:util';
import { BackendError } from '../../error.ts';

export type TensorFlow = typeof import('@tensorflow/tfjs');

const require = createRequire(import.meta.url);
const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

const advice =
  'it needs libtensorflow, which `npm install @tensorflow/tfjs-node-gpu` downloads (CUDA 11.2 for the GPU), or build it against a ' +
  'library of your own with test/native/build-tensorflow.sh; backends simd, wasm and cpu run everywhere';

/** tfjs-node 4.22 calls two functions that Node 23 took out of `util`. */
function polyfill(): void {
  const old = util as unknown as Record<string, unknown>;
  old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  old.isArray ??= Array.isArray;
}

const reason = (error: unknown): string => (error instanceof Error ? error.message.split('\n')[0]! : String(error));

/**
 * TensorFlow.js on its native library, by require: the package is optional and CommonJS.
 * @param module path of a package to load in place of the installed one
 * @throws BackendError that says what is missing and how to get it
 */
export function nativeTensorFlow(module?: string): TensorFlow {
  polyfill();
  const failures: string[] = [];
  for (const name of module === undefined ? packages : [module]) {
    try {
      const tf = require(name) as TensorFlow;
      if (tf.getBackend() !== 'tensorflow') throw new Error(`its backend is '${tf.getBackend()}'`);
      tf.enableProdMode();
      return tf;
    } catch (error) {
      failures.push(`${name}: ${reason(error)}`);
    }
  }
  throw new BackendError(`backend tensorflow-gpu can't be loaded (${failures.join('; ')}); ${advice}`);
}

/**
 * TensorFlow.js on WebAssembly or plain JavaScript.
 * @throws BackendError where the backend doesn't start
 */
export async function portableTensorFlow(backend: 'wasm' | 'cpu'): Promise<TensorFlow> {
  const tf = await import('@tensorflow/tfjs');
  // Keeps its greeting out of the output and checks for NaN out of the loops.
  tf.enableProdMode();
  if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  const started = await tf.setBackend(backend).catch(() => false);
  if (!started)
    throw new BackendError(`backend ${backend} of TensorFlow.js doesn't start; backend simd runs without it`);
  return tf;
}
