import { availableParallelism } from 'node:os';
import type { Dataset } from '../store/dataset.ts';
import type { Manifest } from '../store/manifest.ts';
import { noteUndrawn } from '../store/staff-note.ts';
import { withoutResvg } from '../vendor/resvg.ts';
import { workAhead } from './ahead.ts';
import type { Composed } from './compose.ts';
import type { ConductOptions } from './conduct.ts';
import { withAll } from './declared.ts';
import { drawAhead } from './draw-ahead.ts';
import { Ending } from './ending.ts';
import { openExecutors } from './executor.ts';
import { checkFigures } from './figure-faults.ts';
import { createLoad, unloaded } from './load.ts';
import type { RunOptions, RunResult } from './options.ts';
import { conductPhases } from './phases.ts';
import { type Findings, findings, publishFindings, publishReport, publishTables, reportOf, totals } from './publish.ts';
import type { Split } from './split.ts';
import { openStages } from './stages.ts';
import type { Progress } from './states.ts';
import { watchedInputs } from './watched-inputs.ts';

/** Marks among Node's performance entries, by which the end of a run is timed. */
const mark = (name: 'simulated' | 'measured' | 'found' | 'tables' | 'drawn'): void => {
  performance.mark(`crackle ${name}`);
};

/** How a run is brought to its end. */
export interface Completing extends RunOptions {
  readonly seed: number;
  readonly split?: Split;
  /** Seconds after which the run starts a thread for drawing, see {@link drawAhead}. */
  readonly aheadAfter?: number;
  /** Opens the executor of partitions, in place of the one that the options ask for. */
  readonly openExecutor?: ConductOptions['openExecutor'];
}

/** A table without rows is seldom meant: its `record` stands at the wrong place, or nowhere. */
function warnOfNothing({ record, tables }: Manifest, warn: (text: string) => void): void {
  for (const table of record) {
    if ((tables[table]?.rows ?? 0) > 0) continue;
    warn(
      `nothing was recorded of table ${table}: no row of it came by the stage record('${table}'), which must follow the one that makes them`,
    );
  }
}

/** From a composed pipeline (and perhaps a checkpoint) to tables, figures and a manifest with its last status. */
export async function complete(
  first: Composed,
  dataset: Dataset | undefined,
  options: Completing,
  from?: readonly Progress[],
): Promise<RunResult> {
  const began = performance.now();
  const isShard = options.split?.shard !== undefined;
  const mayDraw = dataset !== undefined && options.figures !== false && !isShard;
  // Who follows the run from outside can do without.
  if (dataset !== undefined && !mayDraw) await noteUndrawn(dataset.folder).catch(() => {});
  // Workers of a queue have cores elsewhere.
  const threads = Math.min(options.workers ?? availableParallelism(), availableParallelism());
  const ending = new Ending(first.composition, mayDraw, options.queue === undefined ? createLoad(threads) : unloaded);
  const { simulating, enter } = openStages(ending, options);
  await using drawing = drawAhead(mayDraw, first, options.aheadAfter);
  const ahead = workAhead({
    hand: (ensemble) => ending.hand(ensemble),
    note: (ensemble, seconds) => ending.note(ensemble, seconds, threads),
    measured: drawing.practise,
  });
  const watched = await watchedInputs(dataset?.manifest.inputs);
  const conducted = async () => {
    await using executors = openExecutors(dataset, options);
    return await conductPhases(
      first,
      {
        ...options,
        openExecutor: async (phase, onRetry, signal) => {
          ending.enter(phase.composition);
          return watched(await (options.openExecutor ?? executors.open)(phase, onRetry, signal));
        },
        ...(options.onSnapshot === undefined ? {} : { onSnapshot: simulating }),
        ...(isShard ? {} : { measured: ahead.measured }),
        onDone: (phase, ensemble, done, executor) => {
          if (isShard) return;
          ahead.onDone(phase, ensemble, done, executor);
          drawing.open();
        },
        onSimulated: async ({ composition }, isCut) => {
          if (isCut || composition.next === undefined) await enter('fitting');
          mark('simulated');
          await ahead.settled();
          mark('measured');
        },
        dataset,
      },
      from,
    );
  };
  const { composed, ensembles, interrupted, progress } = await conducted();
  const status = interrupted ? 'partial' : 'complete';
  await enter('fitting');
  // `results` may throw after hours of simulation. With the states kept, the run can be resumed once the mistake is corrected.
  const foundOrKept = async (): Promise<Findings> => {
    try {
      return findings(composed, await ahead.measured(ensembles));
    } catch (error) {
      await dataset?.saveCheckpoint(progress);
      throw error;
    }
  };
  const found =
    isShard || (interrupted && ensembles.every(({ counts }) => counts.perturbations === 0))
      ? { tables: {}, summaries: [], figures: [] }
      : await foundOrKept();
  mark('found');
  // Fits block this thread: only once the event loop has polled is a Ctrl-C heard that came meanwhile. `crackle report` draws the figures later.
  for (let turns = 0; turns < 2; turns++) await new Promise((polled) => setImmediate(polled));
  // A run that ended by its time limit draws its figures; one that the user interrupted does not.
  const draws = mayDraw && options.signal?.aborted !== true;
  const files: string[] = [];
  if (dataset !== undefined) {
    const manifest = { ...dataset.manifest, status } as const;
    const { folder } = dataset;
    const report = draws ? reportOf(composed, found, manifest) : undefined;
    if (report !== undefined) await enter('drawing');
    const lacking = report && withoutResvg();
    if (lacking !== undefined) options.logger?.warn(lacking);
    // Findings are told and tables written meanwhile.
    const drawn = report && drawing.draw(folder, report);
    await options.onFound?.(found.summaries);
    files.push(...dataset.manifest.record.map((table) => `${table}/`), ...(await publishTables(dataset, found.tables)));
    if (Object.keys(found.tables).length > 0) files.push(await publishFindings(folder, composed, found, manifest));
    if (dataset.manifest.keep_state === true && !interrupted) await dataset.saveStates(progress);
    mark('tables');
    if (report !== undefined) files.push(...((await drawn) ?? (await publishReport(folder, report))));
    mark('drawn');
    await dataset.finish(status, totals(ensembles), files);
    if (!interrupted && !isShard) warnOfNothing(dataset.manifest, (text) => options.logger?.warn(text));
    if (report !== undefined) checkFigures(composed.pipeline, found.figures);
  } else await options.onFound?.(found.summaries);
  const seconds = (performance.now() - began) / 1000;
  options.logger?.info(`${status} after ${seconds.toFixed(1)} s`);
  return {
    status,
    pipeline: composed.pipeline.name,
    folder: dataset?.address,
    ensembles,
    files,
    seconds,
    ...found,
    tables: withAll(composed.pipeline, found.tables),
  };
}
