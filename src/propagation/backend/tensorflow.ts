import { createRequire } from 'node:module';
import { env } from 'node:process';
import util from 'node:util';
import { BackendError, firstLine } from '../../error.ts';
import { vendorModule } from '../../vendor/file.ts';

export type TensorFlow = typeof import('@tensorflow/tfjs-core');

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

/**
 * TensorFlow.js on its native library, by require: the package is optional and CommonJS. The environment variable CRACKLE_TFJS_NODE
 * names the folder of a package to load in place of the installed one.
 * @throws BackendError that says what is missing and how to get it
 */
export function nativeTensorFlow(): TensorFlow {
  polyfill();
  const module = env.CRACKLE_TFJS_NODE;
  const failures: string[] = [];
  for (const name of module === undefined ? packages : [module]) {
    try {
      const tf = require(name) as TensorFlow;
      if (tf.findBackend('tensorflow') === null) throw new Error('it registers no backend of its own');
      tf.enableProdMode();
      return tf;
    } catch (error) {
      failures.push(`${name}: ${firstLine(error)}`);
    }
  }
  throw new BackendError(`backend tensorflow-gpu can't be loaded (${failures.join(', ')}); ${advice}`);
}

/** Whether an error says that memory ran out: of a graphics card, or of TensorFlow's library. */
export const ranOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && /no memory left|out of memory|OOM when allocating|failed to allocate/i.test(error.message);

/**
 * The native library that loads here, in words: other versions, and a GPU, add in other orders.
 * @throws BackendError as {@link nativeTensorFlow}
 */
export function nativeLibrary(): string {
  interface Native {
    readonly binding?: { readonly TF_Version?: string };
    readonly isUsingGpuDevice?: boolean;
  }
  const { binding, isUsingGpuDevice } = nativeTensorFlow().findBackend('tensorflow') as unknown as Native;
  return `tensorflow ${binding?.TF_Version ?? 'of unknown version'} on ${isUsingGpuDevice === true ? 'a GPU' : 'CPUs'}`;
}

/**
 * Makes a started backend the one that computes: all copies of TensorFlow.js in a process share that choice. Takes effect before it
 * returns, though `setBackend` gives a promise.
 */
export function use(tf: TensorFlow, backend: string): void {
  if (tf.getBackend() !== backend) void tf.setBackend(backend);
}

/**
 * TensorFlow.js on WebAssembly or plain JavaScript.
 * @throws BackendError where the backend doesn't start
 */
export async function portableTensorFlow(backend: 'wasm' | 'cpu'): Promise<TensorFlow> {
  const tf = vendorModule('tensorflow') as TensorFlow;
  // Keeps its greeting out of the output and checks for NaN out of the loops.
  tf.enableProdMode();
  const started = await tf.setBackend(backend).catch(() => false);
  if (!started)
    throw new BackendError(`backend ${backend} of TensorFlow.js doesn't start; backend simd runs without it`);
  return tf;
}
