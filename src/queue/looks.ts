import { setTimeout as sleep } from 'node:timers/promises';

/** Looks at sessions, each beside all else: the files that are read may be large. */
export interface Looks {
  /** Whether a session is being looked at. */
  busy(session: string): boolean;
  /** Begins to look at a session. Resolves once that is done, or after a while all the same. */
  begin(session: string, look: () => Promise<void>): Promise<void>;
}

/** @param patience milliseconds for which a look is waited for */
export function openLooks(patience: number): Looks {
  const looking = new Map<string, Promise<void>>();
  return {
    busy: (session) => looking.has(session),
    async begin(session, look) {
      const looked = look().finally(() => looking.delete(session));
      looking.set(session, looked);
      await Promise.race([looked, sleep(patience)]);
    },
  };
}
