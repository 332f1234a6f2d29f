import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import { isPassing, reasonOf } from './failure.ts';

/** How a server is dealt with that doesn't answer. */
export interface PersistenceOptions {
  /** Milliseconds for which one that has answered before is waited for. Default five minutes. */
  readonly patience?: number;
  /** Told once each time that it is waited for. */
  readonly warn?: ((text: string) => void) | undefined;
}

const firstPause = 50; // ms; each is twice as long as the one before, up to a sixtieth of the patience

/**
 * Does something with a server again where that fails as it does while a server is started again, is too busy, or cuts an answer short: a run of
 * days outlasts minutes of it. One that never answered is a wrong address rather, and isn't waited for.
 */
export function persistence(connection: Connection, url: string, options: PersistenceOptions) {
  const { patience = 300_000, warn } = options;
  let waiting = 0;
  return async <T>(act: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    let waits = false;
    try {
      for (let failed = 1; ; failed++) {
        try {
          return await act();
        } catch (error) {
          if (!connection.hasAnswered() || !isPassing(error) || performance.now() - began > patience) throw error;
          // A single answer that was cut short is not worth a word.
          if (!waits && failed > 1) {
            waits = true;
            if (waiting++ === 0) {
              warn?.(
                `${url} can't be used now: ${reasonOf(error)}; it is tried again for ${Math.ceil(patience / 1000)} s`,
              );
            }
          }
          await sleep(Math.min(firstPause * 2 ** failed, patience / 60));
        }
      }
    } finally {
      if (waits) waiting--;
    }
  };
}
