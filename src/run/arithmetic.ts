import { kernelArithmetic } from '../kernel/variant.ts';

/**
 * What the numbers of a run with these parameters are made by, as its manifest has it: runs that agree here agree to the last bit. With
 * backend webgpu the adapter is part of it, whose functions round in their own ways.
 * @throws BackendError where a graphics card is asked for and isn't there
 */
export async function arithmeticOf(values: Readonly<Record<string, unknown>>): Promise<string> {
  if (values.backend !== 'webgpu') return kernelArithmetic();
  const { openGpu } = await import('../gpu/device.ts');
  const { adapter, lanes } = await openGpu();
  return `${kernelArithmetic()}; webgpu on ${adapter}, ${lanes}`;
}
