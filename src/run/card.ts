import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BackendError } from '../error.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { allows } from '../permission.ts';
import { cardOf } from '../propagation/arithmetic.ts';
import type { TrialOptions, Tried } from '../propagation/card-trial.ts';
import { type OwnRun, ownRun, untriedNote } from '../propagation/own-run.ts';
import { packageRoot } from '../schema/package-root.ts';
import type { RunOptions } from './options.ts';

type Options = Pick<RunOptions, 'signal' | 'logger'>;

const optionsOf = ({ signal, logger }: Options, own: OwnRun | undefined): TrialOptions => ({
  signal,
  own,
  debug: (text) => logger?.debug(text),
});

/** Says of a card that was tried without the run's own kernels why. */
function told(card: Tried, { logger }: Options): Tried {
  const note = untriedNote(card);
  if (note !== undefined) logger?.warn(note);
  return card;
}

/**
 * This machine's graphics card, tried, for runs that didn't ask for one.
 * @param values of the run on the card
 * @param module of its pipeline
 * @param ensembles of the run, where its pipeline lives in no module
 * @throws BackendError (as a rejection) where the package webgpu or a real card is missing, or it computes what is wrong; the reason of `signal`
 */
export async function foundCard(
  options: Options = {},
  values: OwnRun['values'] = {},
  module?: string,
  ensembles?: readonly Ensemble[],
): Promise<Tried> {
  try {
    createRequire(join(packageRoot, 'package.json')).resolve('webgpu');
  } catch {
    throw new BackendError('the package webgpu is not installed');
  }
  if (!allows('child')) throw new BackendError('cards are tried in a process of their own, which is not allowed');
  const trial = { ...optionsOf(options, ownRun(values, module, ensembles)), real: true };
  return told(await cardOf({ engine: 'annealed' }, trial), options);
}

/**
 * Tries the card of a run that has backend webgpu, with the run's own kernels, before anything else is begun.
 * @param module of its pipeline
 * @param ensembles of the run, where its pipeline lives in no module
 * @throws BackendError (as a rejection) where it is missing or fails, with the last that its driver wrote; the reason of `signal`
 */
export async function checkCard(
  values: Readonly<Record<string, unknown>>,
  options: Options,
  module?: string,
  ensembles?: readonly Ensemble[],
): Promise<void> {
  if (values.backend !== 'webgpu') return;
  const trial = optionsOf(options, ownRun(values, module, ensembles));
  const tried = await cardOf(values, trial).catch(async (error: unknown) => {
    const { CardError } = await import('../gpu/failure.ts');
    const said = error instanceof CardError ? error.lastSaid : undefined;
    if (said === undefined) throw error;
    throw new BackendError(`${(error as Error).message}; drivers wrote last: ${said}`, { cause: error });
  });
  const { adapter, software } = told(tried, options);
  if (!software) return;
  options.logger?.warn(`backend webgpu computes on ${adapter}, a program on the processor: --backend simd is faster`);
}

/**
 * A failure of the card that a run computes on, with what may be done about it; anything else as it is.
 * @param address of the run folder, where something was merged
 */
export function withCardRemedy(error: unknown, values: Readonly<Record<string, unknown>>, address?: string): unknown {
  if (values.backend !== 'webgpu' || !(error instanceof BackendError)) return error;
  const kept =
    address === undefined
      ? ''
      : `what was merged is kept, for this card and driver to go on with: crackle resume ${address}; `;
  return new BackendError(
    `${error.message}; ${kept}processors have other last digits, so that a run there begins anew: --backend simd`,
    {
      cause: error,
    },
  );
}
