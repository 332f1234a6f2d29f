import { allows } from '../permission.ts';
import { type EnsembleResult, withMore } from '../pipeline.ts';
import { type Aside, openAside } from './aside.ts';
import type { Composed } from './compose.ts';
import type { ConductOptions } from './conduct.ts';
import type { Measured } from './drawing.ts';

type OnDone = NonNullable<ConductOptions['onDone']>;

/** Told what the thread is given, and how many seconds it took. */
export interface AheadNotes {
  hand(ensemble: number): void;
  note(ensemble: number, seconds: number): void;
  /** All that was measured in a phase so far, in the order of ensembles. */
  measured?(phase: Composed, done: readonly Measured[]): void;
}

/** What a run leaves to a thread beside it: ensembles that are done. */
export interface WorkAhead extends AsyncDisposable {
  readonly onDone: OnDone;
  /** Ensembles with what was measured of them. */
  measured<Result>(ensembles: readonly EnsembleResult<Result>[]): Promise<EnsembleResult<Result>[]>;
}

/** Seconds that a run must have gone on for before it takes threads beside: one takes a quarter of a second to start. */
export const patience = 2;

/**
 * Has ensembles measured as soon as they are done, where the composition can do that `ahead`. Only where it is done depends on this, not what
 * comes out: what the thread can't do is done in this one.
 * @param least seconds of the run before a thread is started
 */
export function workAhead(least = patience, notes?: AheadNotes): WorkAhead {
  const began = performance.now();
  let aside: { readonly thread: Aside; readonly phase: Composed } | undefined;
  const measured = new Map<number, Promise<unknown>>();
  const known = new Map<number, Measured>();
  let free = 0;
  /** The thread, with a phase composed. */
  const threadOf = (phase: Composed): Aside | undefined => {
    const { module } = phase.pipeline;
    if (module === undefined || !allows('worker') || performance.now() - began < 1000 * least) return undefined;
    const { thread } = aside ?? { thread: openAside(module) };
    if (aside?.phase !== phase) thread.compose(phase.values);
    aside = { thread, phase };
    return thread;
  };
  return {
    onDone(phase, ensemble, done) {
      const { ahead, reducer } = phase.composition;
      if (ahead === undefined || ahead.of !== reducer) return;
      const thread = threadOf(phase);
      if (thread === undefined) return;
      const given = performance.now();
      const made = thread.measure(ensemble, done);
      measured.set(ensemble, made);
      notes?.hand(ensemble);
      made.then((found) => {
        const now = performance.now();
        // One after the other: it began with this one when it was done with the one before.
        if (found !== undefined) notes?.note(ensemble, (now - Math.max(given, free)) / 1000);
        free = now;
        if (found === undefined) return;
        known.set(ensemble, { ensemble, counts: done.counts, measured: found });
        notes?.measured?.(
          phase,
          [...known.values()].sort((a, b) => a.ensemble - b.ensemble),
        );
      });
    },
    measured: (ensembles) =>
      Promise.all(
        ensembles.map(async (one, l) => (measured.has(l) ? withMore(one, { measured: await measured.get(l) }) : one)),
      ),
    [Symbol.asyncDispose]: async () => aside?.thread.close(),
  };
}
