import { BackendError } from '../error.ts';
import { kernelArithmetic } from '../kernel/variant.ts';
import { allows } from '../permission.ts';
import type { TrialOptions, Tried } from './card-trial.ts';

type Values = Readonly<Record<string, unknown>>;

/** Whether what runs with these parameters multiplies matrices. */
const multiplies = ({ engine }: Values): boolean => engine === undefined || engine === 'dense';

/**
 * The card that a run with these parameters and backend webgpu computes on, tried in a process of its own; in this one where it may start none.
 * @throws BackendError (as a rejection) where it is missing or fails
 */
export async function cardOf(values: Values, options: TrialOptions = {}): Promise<Tried> {
  const { engine, reuse } = values;
  const kind = multiplies(values) ? 'matrices' : engine === 'quenched' && reuse !== 1 ? 'networks' : 'chain';
  if (allows('child')) return (await import('./card-trial.ts')).triedCard(kind, options);
  const { openGpu } = await import('../gpu/device.ts');
  const { trusted } = await import('../gpu/self-test.ts');
  return kind === 'matrices' ? openGpu() : trusted(await openGpu());
}

/**
 * What the numbers of a run with these parameters are made by, as its manifest has it: runs that agree here agree to the last bit. With
 * backend webgpu the adapter is part of it, whose functions round in their own ways, and the card's generator; and with TensorFlow's native library that library.
 * @throws BackendError where a graphics card, or the library, is asked for and isn't there
 */
export async function arithmeticOf(values: Readonly<Record<string, unknown>>): Promise<string> {
  const { backend } = values;
  const kernel = kernelArithmetic();
  const byMatrices = multiplies(values);
  if (backend === 'webgpu') {
    const { GENERATOR } = await import('../gpu/random.wgsl.ts');
    const { MATRICES } = await import('../gpu/matrices.wgsl.ts');
    const { adapter, lanes } = await cardOf(values);
    const drawn = byMatrices ? `, ${MATRICES}` : '';
    return `${kernel}; webgpu on ${adapter}, ${lanes}, ${GENERATOR}${drawn}`;
  }
  // Differences from data points are the own kernels' on any machine.
  const differs = values.around !== undefined;
  if (!byMatrices || differs || (backend !== 'tensorflow-gpu' && backend !== 'auto')) return kernel;
  const { nativeLibrary } = await import('./backend/tensorflow.ts');
  try {
    return `${kernel}; ${nativeLibrary()}`;
  } catch (error) {
    // `auto` takes the own kernels then.
    if (backend === 'auto' && error instanceof BackendError) return kernel;
    throw error;
  }
}
