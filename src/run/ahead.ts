import type { Executor } from '../flow/executor.ts';
import { stateOf } from '../flow/kept.ts';
import { type EnsembleResult, withMore } from '../pipeline.ts';
import type { Composed } from './compose.ts';
import type { Done } from './conduct.ts';
import type { MeasuredEnsemble } from './drawing.ts';

/** Hears which ensembles workers are given to measure, and how many seconds each took. */
export interface AheadNotes {
  hand(ensemble: number): void;
  note(ensemble: number, seconds: number): void;
  /** All that was measured in a phase so far, in the order of ensembles. */
  measured?(phase: Composed, done: readonly MeasuredEnsemble[]): void;
}

/** Measurements of ensembles whose simulation is done, by the workers, while other ensembles are still being simulated. */
export interface WorkAhead {
  onDone(phase: Composed, ensemble: number, done: Done, executor: Executor): void;
  /** Resolves once nothing is being measured. */
  settled(): Promise<void>;
  /** Ensembles with what was measured of them. */
  measured<Result>(ensembles: readonly EnsembleResult<Result>[]): Promise<EnsembleResult<Result>[]>;
}

/**
 * Has the executor measure each ensemble as soon as its simulation is done, where the composition has `ahead`. The last one, for which the run
 * waits, is measured in parts, by all workers at once. What workers don't measure is measured in this thread at the end, with the same result.
 */
export function workAhead(notes?: AheadNotes): WorkAhead {
  const measured = new Map<number, Promise<unknown>>();
  const known = new Map<number, MeasuredEnsemble>();
  const whole = async (executor: Executor, ensemble: number, done: Done): Promise<unknown> => {
    const { last, ...state } = done;
    const found = await executor.measure!({ ensemble, ...state }, !last);
    if (found !== undefined) notes?.note(ensemble, found.seconds);
    return found?.made;
  };
  const inParts = async (executor: Executor, phase: Composed, ensemble: number, done: Done): Promise<unknown> => {
    const { ensembles, ahead, reducer } = phase.composition;
    const { last: _, ...state } = done;
    const { count, join } = ahead!.parts!;
    const parts = await Promise.all(
      Array.from({ length: count }, (_, part) => executor.measure!({ ensemble, part, ...state })),
    );
    if (parts.some((part) => part === undefined)) return undefined;
    const one = {
      ensemble: ensembles[ensemble]!,
      counts: done.counts,
      get result() {
        return reducer.finish(stateOf(done));
      },
    };
    try {
      return join(
        one,
        parts.map((part) => part!.made),
      );
    } catch {
      // Measured as a whole, in this thread, it fails with the same error, which is then reported.
      return undefined;
    }
  };
  return {
    onDone(phase, ensemble, done, executor) {
      const { ahead, reducer } = phase.composition;
      if (ahead === undefined || ahead.of !== reducer || executor.measure === undefined) return;
      const atOnce = done.last && ahead.parts !== undefined && executor.slots > 1;
      notes?.hand(ensemble);
      const made = atOnce ? inParts(executor, phase, ensemble, done) : whole(executor, ensemble, done);
      measured.set(ensemble, made);
      made.then((found) => {
        if (found === undefined) return;
        known.set(ensemble, { ensemble, counts: done.counts, measured: found });
        notes?.measured?.(
          phase,
          [...known.values()].sort((a, b) => a.ensemble - b.ensemble),
        );
      });
    },
    settled: async () => {
      await Promise.all(measured.values());
    },
    measured: (ensembles) =>
      Promise.all(
        ensembles.map(async (one, l) => (measured.has(l) ? withMore(one, { measured: await measured.get(l) }) : one)),
      ),
  };
}
