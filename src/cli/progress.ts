import { progressText } from '../report/progress-line.ts';
import type { Snapshot } from '../run/options.ts';
import { setCanvas } from './log.ts';

/** Shows snapshots of a run on stderr. */
export interface Progress {
  show(snapshot: Snapshot): void;
  /** Has something printed above it. */
  above(print: () => void): void;
  stop(): void;
}

const above = (print: () => void): void => print();
const silent: Progress = { show: () => {}, above, stop: () => {} };

function jsonLines(): Progress {
  return {
    show: ({ ensemble, ...rest }) => {
      const { index, width, model } = ensemble;
      process.stderr.write(`${JSON.stringify({ ensemble: index, width, model, ...rest })}\n`);
    },
    above,
    stop: () => {},
  };
}

/** A line now and then, where stderr is a file or a pipe. */
function plainLines(): Progress {
  const every = 5000;
  let last = performance.now();
  let shown: string | undefined;
  return {
    show: (snapshot) => {
      const at = snapshot.stage ?? (snapshot.fraction >= 1 ? 'simulated' : undefined);
      if (at === shown && (at !== undefined || performance.now() - last < every)) return;
      shown = at;
      last = performance.now();
      process.stderr.write(`${(100 * snapshot.fraction).toFixed(0).padStart(3)} %  ${progressText(snapshot)}\n`);
    },
    above,
    stop: () => {},
  };
}

async function bar(): Promise<Progress> {
  const { SingleBar } = await import('cli-progress');
  let latest: Snapshot | undefined;
  let stopped = false;
  const length = (process.stderr.columns ?? 80) < 100 ? 12 : 24;
  const single = new SingleBar({
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: false,
    fps: 5,
    linewrap: false,
    format: (_options, { progress }) => {
      const full = Math.round(progress * length);
      const drawn = `${'█'.repeat(full)}${'░'.repeat(length - full)} ${(100 * progress).toFixed(0).padStart(3)} %`;
      return latest === undefined
        ? drawn
        : `${drawn}  ${progressText(latest, (process.stderr.columns ?? 80) - length - 9)}`;
    },
  });
  single.start(1, 0);
  const clearLine = (): void => {
    process.stderr.write('\r\x1b[2K');
  };
  setCanvas({ clear: clearLine, redraw: () => single.render() });
  return {
    show: (snapshot) => {
      if (stopped) return;
      const entered = snapshot.stage !== latest?.stage;
      latest = snapshot;
      single.update(snapshot.fraction);
      // The bar is drawn by a timer, which the fits leave no time.
      if (entered) single.render();
    },
    above: (print) => {
      if (stopped) return print();
      clearLine();
      print();
      single.render();
    },
    stop: () => {
      if (stopped) return;
      stopped = true;
      single.stop();
      setCanvas(undefined);
    },
  };
}

/** @param kind `auto` draws a bar on a terminal and prints a line every five seconds elsewhere */
export async function createProgress(kind: string): Promise<Progress> {
  if (kind === 'none') return silent;
  if (kind === 'json') return jsonLines();
  return process.stderr.isTTY ? bar() : plainLines();
}
