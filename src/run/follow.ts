import { join, resolve } from 'node:path';
import { stateOf } from '../flow/kept.ts';
import type { Composition, Pipeline } from '../pipeline.ts';
import { loadCheckpoint } from '../store/checkpoint.ts';
import { checkpointName, readManifest } from '../store/folder.ts';
import type { Manifest, Status } from '../store/manifest.ts';
import { notedStaff, notedUndrawn } from '../store/staff-note.ts';
import type { Composed } from './compose.ts';
import { Ending } from './ending.ts';
import { lanesOf } from './lanes.ts';
import { createMeter } from './meter.ts';
import type { Snapshot } from './options.ts';
import { pipelineOf } from './origin.ts';
import { followed } from './phases.ts';
import { notedResumed } from './resumed-note.ts';
import { composeAgain, progressOf } from './same-computation.ts';
import { splitOf } from './split.ts';
import { type Progress, resultsOf } from './states.ts';

/** How far a run in a folder is, seen from outside the process that computes it. */
export interface Seen {
  readonly status: Status;
  /** As of its last checkpoint; undefined before the first one, and once the run is complete. */
  readonly snapshot: Snapshot | undefined;
}

/** The phase that a checkpoint is in, composed from the results of those before. */
function phaseOf(first: Composed, progress: readonly Progress[]): Composed {
  let composed = first;
  for (;;) {
    const { composition } = composed;
    if (progress.length <= composition.ensembles.length) return composed;
    const following = followed(composed, resultsOf(composition, progress));
    if (following === undefined) return composed;
    composed = following;
  }
}

const countedOf = ({ total }: Snapshot): number => (total.valid > 0 ? total.valid : total.perturbations);

/** When the session began that a run is in, with what was done by then: the time that a run lay still tells nothing of its speed. */
async function beginning(
  path: string,
  manifest: Manifest,
  composition: Composition,
): Promise<{ readonly at: number; readonly fraction: number; readonly counted: number }> {
  const { status, started, wall_seconds } = manifest;
  const resumed = status === 'running' ? await notedResumed(path) : undefined;
  if (resumed === undefined) {
    const at = status === 'running' ? Date.parse(started) : Date.now() - 1000 * wall_seconds;
    return { at, fraction: 0, counted: 0 };
  }
  const then = createMeter(composition, lanesOf(composition, resumed.entries, splitOf(manifest))).snapshot({});
  return { at: resumed.at, fraction: then.fraction, counted: countedOf(then) };
}

/**
 * Looks at a run folder without touching it: another process may be writing there. The first checkpoint is made after two seconds, then one every ten.
 * @param named the user's own pipeline that the run is of
 * @throws StoreError where the folder holds no run, or a damaged one
 */
export async function lookAt(folder: string, named?: string | Pipeline): Promise<Seen> {
  const path = resolve(folder);
  const manifest = await readManifest(path);
  const { status, parameters } = manifest;
  const checkpoint = status === 'complete' ? undefined : await loadCheckpoint(join(path, checkpointName));
  const progress = progressOf(folder, checkpoint?.entries);
  if (progress === undefined) return { status, snapshot: undefined };
  const staff = status === 'running' ? await notedStaff(path) : undefined;
  const pipeline = await pipelineOf(folder, manifest, named);
  const { composition } = phaseOf(await composeAgain(folder, manifest, pipeline, parameters), progress);
  const lanes = lanesOf(composition, progress, splitOf(manifest));
  const snapshot = createMeter(composition, lanes).snapshot({});
  const since = await beginning(path, manifest, composition);
  const elapsed = Math.max(0, (Date.now() - since.at) / 1000);
  const { fraction } = snapshot;
  const l = composition.ensembles.indexOf(snapshot.ensemble);
  const own = progress[l];
  const { reducer, estimate } = composition;
  const estimates =
    own === undefined || own.merged === 0 || estimate === undefined
      ? {}
      : estimate((reducer.preview ?? reducer.finish)(stateOf(own)), snapshot.ensemble);
  const gained = fraction - since.fraction;
  const left = gained > 0 ? (elapsed * (1 - fraction)) / gained : Number.POSITIVE_INFINITY;
  const draws = !(await notedUndrawn(path));
  const { fitting, drawing } = new Ending(composition, draws).after({ ...snapshot, remaining: left });
  const remaining = left + fitting + drawing;
  return {
    status,
    snapshot: {
      ...snapshot,
      elapsed,
      remaining,
      rate: (countedOf(snapshot) - since.counted) / elapsed,
      estimates,
      ...(staff === undefined ? {} : { staff }),
    },
  };
}
