import { BackendError } from '../error.ts';
import { DeviceLoss } from '../gpu/failure.ts';
import { ranOutOfMemory } from './backend/tensorflow.ts';
import type { SignalWindow } from './engine.ts';

/** Losses of a device in a row, nothing having come of it in between, that end what it is for. */
const TRIES = 3;

/**
 * @param lower parameters that memory goes by, in words, if any do
 * @throws what ended a try, unless it was the loss of a device that may be opened anew; with what takes less of it where memory ran out
 */
export function tryAgain(error: unknown, tried: number, lower?: string): void {
  if (ranOutOfMemory(error)) {
    const less = lower === undefined ? '' : `, or lower ${lower}`;
    throw new BackendError(`${(error as Error).message}; use fewer workers${less}`, { cause: error });
  }
  if (!(error instanceof DeviceLoss)) throw error;
  if (tried === TRIES) throw new DeviceLoss(`${error.message} (${TRIES} times in a row)`, { cause: error });
}

/**
 * What an engine gives on a card. Where the device is lost its windows come again as they were, on one that is opened anew: what has been passed on is left out.
 * Losses are counted anew with each that comes after more windows than the one before.
 * @param windows windows that follow from ids and options alone
 * @param lower parameters that memory goes by, in words, if any do
 */
export async function* anew(
  windows: () => AsyncGenerator<SignalWindow, void, undefined>,
  lower?: string,
): AsyncGenerator<SignalWindow, void, undefined> {
  let given = 0;
  let before = 0;
  for (let tried = 1; ; tried++) {
    try {
      let seen = 0;
      for await (const window of windows()) {
        if (seen++ < given) continue;
        given++;
        yield window;
      }
      return;
    } catch (error) {
      if (given > before) [tried, before] = [1, given];
      tryAgain(error, tried, lower);
    }
  }
}

/** A listener for each try, where each tells the same things in the same order: what one has told, others don't tell again. */
export function toldOnce<T>(listener?: (what: T) => void): () => (what: T) => void {
  let heard = 0;
  return () => {
    let told = 0;
    return (what) => {
      if (told++ < heard) return;
      heard++;
      listener?.(what);
    };
  };
}
