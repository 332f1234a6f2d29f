import { StoreError } from '../error.ts';
import { storeError } from '../store/file.ts';

/**
 * What `act` reads.
 * @param expected what it must be, in words
 * @throws StoreError naming the file and why, where the system refuses
 */
export function reading<T>(path: string, act: () => T, expected: string): T {
  try {
    return act();
  } catch (cause) {
    const { message } = storeError('read', path, cause);
    throw new StoreError(`${message}; ${expected}`, { cause });
  }
}
