import type { Dataset } from '../store/dataset.ts';
import type { Composed } from './compose.ts';
import type { Progress } from './conduct.ts';
import { withAll } from './declared.ts';
import { openExecutor } from './executor.ts';
import type { RunOptions, RunResult } from './options.ts';
import { conductPhases } from './phases.ts';
import { type Findings, findings, publishReport, publishTables, totals } from './publish.ts';

/** From a composed pipeline (and perhaps a checkpoint) to tables, figures and a manifest with its last status. */
export async function complete(
  first: Composed,
  dataset: Dataset | undefined,
  options: RunOptions & { readonly seed: number },
  from?: readonly Progress[],
): Promise<RunResult> {
  const began = performance.now();
  const { composed, ensembles, interrupted, progress } = await conductPhases(
    first,
    { ...options, dataset, openExecutor: (phase, onRetry) => openExecutor(phase, dataset, options, onRetry) },
    from,
  );
  // Out of time isn't cut short by hand: what there is was asked for.
  const cut = options.signal?.aborted === true && interrupted;
  const status = interrupted ? 'partial' : 'complete';
  // Simulated for hours, and then a mistake in `results`: with the states kept, the run can be resumed once it is put right.
  const foundOrKept = async (): Promise<Findings> => {
    try {
      return findings(composed, ensembles);
    } catch (error) {
      await dataset?.saveCheckpoint(progress);
      throw error;
    }
  };
  const found =
    interrupted && ensembles.every(({ counts }) => counts.perturbations === 0)
      ? { tables: {}, summaries: [], figures: [] }
      : await foundOrKept();
  const files: string[] = [];
  if (dataset !== undefined) {
    files.push(...(await publishTables(dataset, found.tables)));
    if (dataset.manifest.keep_state === true && !interrupted) await dataset.saveStates(progress);
    if (options.figures !== false && !cut)
      files.push(...(await publishReport(dataset.folder, composed, found, { ...dataset.manifest, status }, true)));
    await dataset.finish(status, totals(ensembles));
  }
  const seconds = (performance.now() - began) / 1000;
  options.logger?.info(`${status} after ${seconds.toFixed(1)} s`);
  return {
    status,
    pipeline: composed.pipeline.name,
    folder: dataset?.folder,
    ensembles,
    files,
    seconds,
    ...found,
    tables: withAll(composed.pipeline, found.tables),
  };
}
