import type { File as Hdf5File } from 'h5wasm/node';
import { BackendError, StoreError } from '../../error.ts';

async function library(): Promise<typeof import('h5wasm/node').h5wasm> {
  try {
    const { h5wasm } = await import('h5wasm/node');
    // Errors as exceptions: by default HDF5 writes its stack to the terminal and goes on.
    (await h5wasm.ready).activate_throwing_error_handler();
    return h5wasm;
  } catch (error) {
    throw new BackendError('HDF5 files are read by the package h5wasm, which is not installed: npm install h5wasm', {
      cause: error,
    });
  }
}

/** The innermost reason of an error stack of HDF5, or the message of any other error. */
export function hdf5Reason(error: unknown): string {
  const { message } = error as Error;
  const frames = [...message.matchAll(/^ *#\d+: .* in \w+\(\): (.+)$/gm)];
  return frames.at(-1)?.[1]?.trim() ?? message;
}

/**
 * Opens an HDF5 file for reading, to be closed by the caller.
 * @throws StoreError where it isn't whole, BackendError where the package isn't there
 */
export async function openHdf5(path: string): Promise<Hdf5File> {
  const h5wasm = await library();
  try {
    const file = new h5wasm.File(path, 'r');
    if (file.file_id < 0n) throw new Error('it is cut off or damaged');
    return file;
  } catch (error) {
    throw new StoreError(`${path} can't be read as HDF5: ${hdf5Reason(error)}`, { cause: error });
  }
}

/** Closes a file that was only read: what goes wrong then has no consequence. */
export function closeHdf5(file: Hdf5File): void {
  try {
    file.close();
  } catch {}
}
