import { allows } from '../permission.ts';
import type { Report } from '../report/page.ts';
import type { Composed } from './compose.ts';
import { type Drawing, type MeasuredEnsemble, openDrawing } from './drawing.ts';

/** Seconds that a run must have gone on for before it takes a thread to draw on, which takes a quarter of a second to start. */
const patience = 2;

/** The thread that a run draws on, if it takes one. */
export interface DrawAhead extends AsyncDisposable {
  /** Starts the thread, once the run has gone on for long enough. */
  readonly open: () => void;
  /** Draws figures of what was measured so far, for practice. */
  readonly practise: (phase: Composed, done: readonly MeasuredEnsemble[]) => void;
  /** See {@link Drawing}; undefined where there is no thread. */
  readonly draw: (folder: string, report: Report) => Promise<string[] | undefined>;
}

/**
 * Gets ready to draw what a run comes to while it is simulated. Where it is drawn changes nothing of what comes out.
 * @param draws whether there will be figures
 * @param first the run's first phase
 * @param least seconds of the run before a thread is started
 */
export function drawAhead(draws: boolean, first: Composed, least = patience): DrawAhead {
  const began = performance.now();
  const { module } = first.pipeline;
  let thread: Drawing | undefined;
  const open = (): Drawing | undefined => {
    if (draws && allows('worker') && performance.now() - began >= 1000 * least)
      thread ??= openDrawing(module === undefined ? {} : { module });
    return thread;
  };
  return {
    open,
    practise({ values, composition }, done) {
      // What figures are of comes with the last phase; there is no practice in what counts.
      const all = done.length === composition.ensembles.length;
      if (composition.next === undefined && !all) open()?.practise({ values, done });
    },
    draw: async (folder, report) => thread?.draw(folder, report),
    [Symbol.asyncDispose]: async () => thread?.close(),
  };
}
