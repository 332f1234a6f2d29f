import type { Worker } from 'node:worker_threads';
import type { Counts } from '../pipeline.ts';
import type { Report } from '../report/page.ts';
import { endThread, startThread } from '../thread.ts';

/** An ensemble that was measured ahead. */
export interface MeasuredEnsemble {
  readonly ensemble: number;
  readonly counts: Counts;
  readonly measured: unknown;
}

/** What figures are drawn of for practice: the pipeline's own, of the ensembles there are. */
export interface Practice {
  readonly values: Record<string, unknown>;
  readonly done: readonly MeasuredEnsemble[];
}

/** To the thread: to leave, to practise, or a report to draw into a folder. */
export type DrawingOrder =
  | 'end'
  | { readonly practice: Practice }
  | { readonly folder: string; readonly report: Report };

/**
 * From the thread: that it has practised, for so many seconds; an SVG that a PNG is to be made of, at a path; or the files that are drawn once
 * those PNGs are, none where it couldn't.
 */
export type DrawingReport =
  | { readonly practised: number }
  | { readonly svg: string; readonly path: string }
  | { readonly files?: string[] };

/**
 * A thread that draws. It loads what that takes (Vega above all) while a run is simulated, and draws figures that are thrown away: code that has
 * run before is compiled, and takes a third of the time once the run is over. PNGs are made by the thread that asked.
 */
export interface Drawing {
  /** Does nothing while it is at it still, or where it took more than a tenth of the time that the thread is there. */
  practise(practice: Practice): void;
  /** Draws a report into a folder, see `drawReport`; undefined where it couldn't: who asked does it again, and sees why. */
  draw(folder: string, report: Report): Promise<string[] | undefined>;
  close(): Promise<void>;
}

/** Times that figures are drawn for practice: more make them little faster. */
const rounds = 3;
/** Share of the time that practice may take. */
const practiceShare = 0.1;

/** What the thread is started with: the URL of the pipeline's module, without which there is no practice. */
export interface DrawingStart {
  readonly module?: string;
}

export function openDrawing(start: DrawingStart): Drawing {
  const worker: Worker = startThread(new URL('../run/drawing-worker.ts', import.meta.url), start);
  const began = performance.now();
  let gone = false;
  let practising = false;
  let practised = 0;
  let times = 0;
  const pictures: Promise<void>[] = [];
  let waiting: ((files?: string[]) => void) | undefined;
  /** Who waits hears once no picture is being made any more. */
  const drawn = (files?: string[]): void => {
    Promise.all(pictures).then(
      () => waiting?.(files),
      () => waiting?.(),
    );
  };
  const lost = (): void => {
    gone = true;
    drawn();
  };
  worker.on('message', (report: DrawingReport) => {
    if ('practised' in report) {
      practising = false;
      practised += report.practised;
    } else if ('svg' in report) {
      const { svg, path } = report;
      const picture = import('../report/png.ts').then(({ writePng }) => writePng(svg, path));
      // Seen once all is drawn.
      picture.catch(() => {});
      pictures.push(picture);
    } else drawn(report.files);
  });
  worker.on('error', lost);
  worker.on('messageerror', lost);
  worker.on('exit', lost);
  // A run that fails elsewhere ends without waiting for it.
  worker.unref();
  /** A pipeline's own figures may hold what doesn't cross threads. */
  const ordered = (order: DrawingOrder): boolean => {
    try {
      worker.postMessage(order);
      return true;
    } catch {
      return false;
    }
  };
  return {
    practise(practice) {
      const spent = practised > (practiceShare * (performance.now() - began)) / 1000;
      if (gone || practising || spent || times === rounds || !ordered({ practice })) return;
      practising = true;
      times++;
    },
    draw: (folder, report) =>
      new Promise((resolve) => {
        if (gone || !ordered({ folder, report })) return resolve(undefined);
        worker.ref();
        waiting = resolve;
      }),
    close: async () => {
      if (!gone) await endThread(worker);
    },
  };
}
