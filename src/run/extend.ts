import { isDeepStrictEqual } from 'node:util';
import { ParameterError, StoreError } from '../error.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Manifest } from '../store/manifest.ts';
import { reopenComplete } from '../store/reopen.ts';
import { composePipeline } from './compose.ts';
import { lanesOf, partitionSizes } from './lanes.ts';
import { statesOf } from './replay.ts';
import { checkShardless, sizesOf } from './split.ts';

/** How much a run is to come to. */
export interface Amounts {
  readonly valid?: number;
  readonly perturbations?: number;
}

/** Refuses amounts that change what the perturbations so far went through, as where a network has a share of all of them. */
function checkSame(folder: string, before: readonly Ensemble[], after: readonly Ensemble[]): void {
  for (const [l, was] of before.entries()) {
    const is = after[l];
    const key = (Object.keys(was) as (keyof Ensemble)[]).find((name) => !isDeepStrictEqual(was[name], is?.[name]));
    if (key === undefined) continue;
    const what = key === 'reuse' ? 'perturbations of a network' : key;
    throw new ParameterError(
      `${folder} can't go on to that: ${what} of ensemble ${l} would be ${String(is?.[key])}, and were ${String(was[key])} in what there is; make a new run`,
    );
  }
}

/**
 * Turns a complete run into one that is interrupted on its way to more: its states are what it goes on from, and it keeps its partitions as they
 * are. What comes out is what a run to the new amounts would have given at once with partitions of that size (`partitionSize`).
 * @throws ParameterError for amounts that the pipeline doesn't have, that aren't more than the run came to, or that change its ensembles; StoreError where the folder holds no
 * complete run, no states, or a merge
 */
export async function extend(folder: string, manifest: Manifest, pipeline: Pipeline, amounts: Amounts): Promise<void> {
  if (manifest.status !== 'complete') {
    throw new StoreError(`${folder} is not complete: resume it first, then go on to more`);
  }
  if (manifest.merged !== undefined)
    throw new StoreError(`${folder} is a merge: go on with the runs that it is made of`);
  checkShardless(folder, manifest);
  const wanted = Object.fromEntries(Object.entries(amounts).filter(([, value]) => value !== undefined));
  for (const name of Object.keys(wanted)) {
    if (!(name in pipeline.parameters)) throw new ParameterError(`pipeline ${pipeline.name} has no parameter ${name}`);
  }
  const before = composePipeline(pipeline, { ...manifest.parameters });
  const after = composePipeline(pipeline, { ...manifest.parameters, ...wanted });
  if (before.composition.next !== undefined) {
    throw new ParameterError(
      `runs of ${pipeline.name} can't go on to more where a first phase finds their ensembles: give these as parameters`,
    );
  }
  checkSame(folder, before.composition.ensembles, after.composition.ensembles);
  const states = await statesOf(folder, manifest);
  if (states.length === 0) {
    throw new StoreError(
      `${folder} kept no states to go on from: runs keep them with --keep-state (library: keepState)`,
    );
  }
  const sizes = partitionSizes(before.composition, sizesOf(manifest));
  const split = { partitionSizes: sizes };
  const [old, lanes] = [before, after].map(({ composition }) => lanesOf(composition, states, split));
  for (const [l, lane] of lanes!.entries()) {
    const last = old![l]!.partitions.at(lane.merged - 1);
    if (last.count < lane.partitions.at(lane.merged - 1).count) {
      throw new ParameterError(
        `the last partition of ensemble ${l} was cut at ${last.first + last.count} perturbations, which are no multiple of its ${sizes[l]}: it can't go on from there`,
      );
    }
    for (const key of ['valid', 'perturbations'] as const) {
      if ((lane.stop[key] ?? Infinity) < (old![l]!.stop[key] ?? Infinity)) {
        const { [key]: limit } = old![l]!.stop;
        throw new ParameterError(
          (limit ?? Infinity) === Infinity
            ? `${folder} was run without a limit of ${key}: it can go on to more, but gets none`
            : `${folder} came to ${limit} ${key}: it can go on to more, not to ${lane.stop[key]}`,
        );
      }
    }
  }
  const merged = lanes!.map((lane) => lane.merged);
  await reopenComplete(folder, manifest, { parameters: after.values, partition_sizes: sizes }, merged, states);
}
