import type { Tensor } from '@tensorflow/tfjs-core';
import { BackendError, firstLine } from '../../error.ts';
import type { Tensors } from './choose.ts';

/**
 * Values of a tensor, once they are there. A device says late, or not at all, that it had no memory for one, or was lost, and what is read then may be zeros.
 * @throws BackendError (as a rejection) where the device failed since it was opened, or has nothing to read
 */
export async function readTensor({ engine, check }: Tensors, tensor: Tensor): Promise<Float32Array> {
  const values = await tensor.data().catch((error: unknown) => {
    if (check === undefined || error instanceof BackendError) throw error;
    check();
    throw new BackendError(`backend ${engine} can't read what it computed: ${firstLine(error)}`, { cause: error });
  });
  check?.();
  return values as Float32Array;
}
