import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BackendError } from '../error.ts';
import { allows } from '../permission.ts';
import { cardOf } from '../propagation/arithmetic.ts';
import type { TrialOptions, Tried } from '../propagation/card-trial.ts';
import { packageRoot } from '../schema/package-root.ts';
import type { RunOptions } from './options.ts';

type Options = Pick<RunOptions, 'signal' | 'logger'>;

const optionsOf = ({ signal, logger }: Options): TrialOptions => ({ signal, debug: (text) => logger?.debug(text) });

/**
 * This machine's graphics card, tried, for runs that didn't ask for one.
 * @throws BackendError (as a rejection) where the package webgpu or a real card is missing, or it computes what is wrong; the reason of `signal`
 */
export async function foundCard(options: Options = {}): Promise<Tried> {
  try {
    createRequire(join(packageRoot, 'package.json')).resolve('webgpu');
  } catch {
    throw new BackendError('the package webgpu is not installed');
  }
  if (!allows('child')) throw new BackendError('cards are tried in a process of their own, which is not allowed');
  return cardOf({ engine: 'annealed' }, { ...optionsOf(options), real: true });
}

/**
 * Tries the card of a run that has backend webgpu, before anything else is begun.
 * @throws BackendError (as a rejection) where it is missing or fails, with the last that its driver wrote; the reason of `signal`
 */
export async function checkCard(values: Readonly<Record<string, unknown>>, options: Options): Promise<void> {
  if (values.backend !== 'webgpu') return;
  const { adapter, software } = await cardOf(values, optionsOf(options)).catch(async (error: unknown) => {
    const { CardError } = await import('../gpu/failure.ts');
    const said = error instanceof CardError ? error.lastSaid : undefined;
    if (said === undefined) throw error;
    throw new BackendError(`${(error as Error).message}; drivers wrote last: ${said}`, { cause: error });
  });
  if (!software) return;
  options.logger?.warn(`backend webgpu computes on ${adapter}, a program on the processor: --backend simd is faster`);
}
