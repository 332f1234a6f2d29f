import { BackendError } from '../error.ts';
import { kernelArithmetic } from '../kernel/variant.ts';

/**
 * What the numbers of a run with these parameters are made by, as its manifest has it: runs that agree here agree to the last bit. With
 * backend webgpu the adapter is part of it, whose functions round in their own ways, and the card's generator; and with TensorFlow's native library that library.
 * @throws BackendError where a graphics card, or the library, is asked for and isn't there
 */
export async function arithmeticOf(values: Readonly<Record<string, unknown>>): Promise<string> {
  const { backend } = values;
  const kernel = kernelArithmetic();
  const multiplies = values.engine === undefined || values.engine === 'dense';
  if (backend === 'webgpu') {
    const { openGpu } = await import('../gpu/device.ts');
    const { GENERATOR } = await import('../gpu/random.wgsl.ts');
    const { MATRICES } = await import('../gpu/matrices.wgsl.ts');
    const { trusted } = await import('../gpu/self-test.ts');
    const opened = await openGpu();
    const { adapter, lanes } = multiplies ? opened : await trusted(opened);
    const drawn = multiplies ? `, ${MATRICES}` : '';
    return `${kernel}; webgpu on ${adapter}, ${lanes}, ${GENERATOR}${drawn}`;
  }
  if (!multiplies || (backend !== 'tensorflow-gpu' && backend !== 'auto')) return kernel;
  const { nativeLibrary } = await import('./backend/tensorflow.ts');
  try {
    return `${kernel}; ${nativeLibrary()}`;
  } catch (error) {
    // `auto` takes the own kernels then.
    if (backend === 'auto' && error instanceof BackendError) return kernel;
    throw error;
  }
}
