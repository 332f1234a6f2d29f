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

/** What practice figures are drawn of: the pipeline's figures, of the ensembles measured so far. */
export interface Practice {
  readonly values: Record<string, unknown>;
  readonly done: readonly MeasuredEnsemble[];
}

/** A message to the thread: end, practise, or draw a report into a folder. */
export type DrawingOrder =
  | 'end'
  | { readonly practice: Practice }
  | { readonly folder: string; readonly report: Report };

/**
 * A message from the thread: the seconds that its practice took; an SVG to be made into a PNG at a path; or, at the end, the files of the report
 * (undefined where it couldn't be drawn).
 */
export type DrawingReport =
  | { readonly practised: number }
  | { readonly svg: string; readonly path: string }
  | { readonly files?: string[] };

/**
 * A thread that draws. While a run is simulated it loads what drawing needs (Vega above all) and draws figures that are thrown away, so that its
 * code is compiled by the end of the run, where drawing then takes a third of the time. PNGs are made by the thread that asked.
 */
export interface Drawing {
  /** Does nothing while the last practice is under way, or where practice has taken more than a tenth of the thread's lifetime. */
  practise(practice: Practice): void;
  /** Draws a report into a folder, see `drawReport`; undefined where it failed: the caller then draws it in its own thread, and gets the error. */
  draw(folder: string, report: Report): Promise<string[] | undefined>;
  close(): Promise<void>;
}

/** How often figures are drawn for practice: further rounds make them little faster. */
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
