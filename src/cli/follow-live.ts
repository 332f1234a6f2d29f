import { availableParallelism } from 'node:os';
import type { LiveState } from '../live/state.ts';
import { estimateSymbol, stageText, whereOf } from '../report/progress-line.ts';
import type { RunResult, Snapshot } from '../run/options.ts';
import { shellWord } from '../store/address.ts';

const every = 500; // ms

/** What a live page shows of a snapshot. */
export function liveState(snapshot: Snapshot, process: Pick<LiveState, 'workers' | 'memory'> = {}): LiveState {
  const { total, elapsed, remaining, rate, fraction, estimates, stage, staff, unit = 'perturbations' } = snapshot;
  const counted = total.valid > 0 ? total.valid : total.perturbations;
  const finite = Object.entries(estimates).filter(([, value]) => Number.isFinite(value));
  return {
    where: whereOf(snapshot),
    unit: total.valid > 0 ? 'avalanches' : unit,
    counted,
    rate: Number.isFinite(rate) ? rate : 0,
    fraction,
    elapsed,
    remaining: Number.isFinite(remaining) ? remaining : null,
    stage: stage === undefined ? 'simulating' : stageText(stage, fraction),
    ...process,
    ...(staff === undefined ? {} : { workers: staff.slots, machines: staff.workers }),
    estimates: Object.fromEntries(finite.map(([name, value]) => [estimateSymbol(name), value])),
  };
}

/** Serves the page of a run, and says where on stderr. */
export async function followLive(
  { workers = availableParallelism() }: { readonly workers?: number },
  title: string,
  onStop: () => void,
): Promise<{ show(snapshot: Snapshot): void; end(message: string): Promise<void> }> {
  const { openLive } = await import('../live/server.ts');
  const server = await openLive({ title, onStop });
  process.stderr.write(`live: ${server.url}\n`);
  let shown = 0;
  let stage: Snapshot['stage'];
  return {
    show(snapshot) {
      const now = performance.now();
      if (now - shown < every && snapshot.stage === stage && snapshot.fraction < 1) return;
      shown = now;
      stage = snapshot.stage;
      server.show(liveState(snapshot, { workers, memory: process.memoryUsage.rss() }));
    },
    end: (message) => server.end(message),
  };
}

/** How a run ended, for its page. */
export function endingOf({ status, files, seconds }: RunResult, folder: string | undefined): string {
  const page = files.includes('report.html') ? `: open ${shellWord(`${folder}/report.html`)}` : `, in ${folder}`;
  const where = folder === undefined ? '' : page;
  return status === 'complete'
    ? `complete after ${seconds.toFixed(0)} s${where}`
    : `interrupted, can be resumed${where}`;
}
