import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ParameterError, StoreError } from '../error.ts';
import { blamed, blamedError } from '../flow/blame.ts';
import { executePartition } from '../flow/execute.ts';
import { partSinks } from '../flow/part-sinks.ts';
import type { Partition } from '../flow/partition.ts';
import { laneDone } from '../flow/schedule.ts';
import type { Counts, Pipeline } from '../pipeline.ts';
import { digestOf } from '../store/apart.ts';
import { loadStates } from '../store/checked-states.ts';
import { loadCheckpoint } from '../store/checkpoint.ts';
import { checkpointName, readManifest } from '../store/folder.ts';
import { identity } from '../store/identity.ts';
import { fileOptions } from '../store/imprint.ts';
import type { Manifest } from '../store/manifest.ts';
import type { Part } from '../store/sink.ts';
import { type Composed, composePipeline } from './compose.ts';
import { declaredBy } from './declared.ts';
import { checkSameEngines } from './engines.ts';
import { lanesOf } from './lanes.ts';
import { pipelineOf } from './origin.ts';
import { followed } from './phases.ts';
import { checkSameComputation, progressOf } from './same-computation.ts';
import { sizesOf, splitOf } from './split.ts';
import { type Progress, resultsOf } from './states.ts';

/** What a partition comes to that is computed alone. */
export interface Replayed {
  readonly partition: Partition;
  readonly counts: Counts;
  /** SHA-256 of the state, as V8 clones it. */
  readonly state_sha256: string;
  readonly parts: readonly Part[];
  readonly seconds: number;
}

/**
 * The states that a run folder holds: those that a complete run kept, or the last checkpoint's.
 * @throws StoreError where they are of another run, or damaged
 */
export async function statesOf(folder: string, manifest: Manifest): Promise<readonly Progress[]> {
  const checkpoint = manifest.status === 'complete' ? undefined : await loadCheckpoint(join(folder, checkpointName));
  if (checkpoint !== undefined && checkpoint.identity !== identity(manifest)) {
    throw new StoreError(`${join(folder, checkpointName)} is of another run than the manifest there`);
  }
  return progressOf(folder, checkpoint?.entries ?? (await loadStates(folder))) ?? [];
}

/**
 * The composition that an ensemble of a run belongs to. Ensembles of a later phase follow from what those before came to.
 * @throws ParameterError where the run has no such ensemble, StoreError where the states that it follows from are not in its folder
 */
export async function composedFor(
  folder: string,
  manifest: Manifest,
  pipeline: Pipeline,
  ensemble: number,
): Promise<Composed> {
  let composed: Composed | undefined = composePipeline(pipeline, { ...manifest.parameters });
  checkSameEngines(folder, manifest, composed);
  let states: readonly Progress[] | undefined;
  while (ensemble >= composed.composition.ensembles.length) {
    const { ensembles, next }: Composed['composition'] = composed.composition;
    if (next === undefined) {
      throw new ParameterError(`${folder} has ${ensembles.length} ensembles, numbered from 0: there is no ${ensemble}`);
    }
    states ??= await statesOf(folder, manifest);
    const lanes = lanesOf(composed.composition, states, splitOf(manifest));
    if (states.length < ensembles.length || !lanes.every(laneDone)) {
      throw new StoreError(
        `ensemble ${ensemble} of ${folder} belongs to a later phase, and the states that this follows from are not there`,
      );
    }
    const { pipeline: own }: Composed = composed;
    composed = followed(
      composed,
      resultsOf(composed.composition, states, (make) => blamed(own, make)),
    );
    if (composed === undefined) throw new ParameterError(`${folder} has no ensemble ${ensemble}`);
  }
  return composed;
}

/** Computes partitions of a run alone, in this thread, as the run did. */
export interface Replay {
  readonly manifest: Manifest;
  /**
   * @param into folder that parts of recorded tables are written to; they are not written without it
   * @throws ParameterError where the run has no such partition, and what its stages throw
   */
  partition(ensemble: number, index: number, into?: string): Promise<Replayed & { readonly state: unknown }>;
}

/**
 * Makes ready to compute partitions of a run again.
 * @param named the user's own pipeline that the run is of
 * @throws StoreError where the folder holds no run, or one that would come out otherwise here
 */
export async function openReplay(folder: string, named?: string | Pipeline): Promise<Replay> {
  const path = resolve(folder);
  const manifest = await readManifest(path);
  const pipeline = await pipelineOf(folder, manifest, named);
  // What another build comes to is held against the checksums of the run.
  await checkSameComputation(folder, manifest, pipeline, true);
  const { seed, record } = manifest;
  let composed: Composed | undefined;
  return {
    manifest,
    async partition(ensemble, index, into) {
      if (composed === undefined || ensemble >= composed.composition.ensembles.length)
        composed = await composedFor(path, manifest, pipeline, ensemble);
      const { composition } = composed;
      const { partitions } = lanesOf(composition, undefined, sizesOf(manifest))[ensemble]!;
      if (index >= partitions.length) {
        throw new ParameterError(
          `ensemble ${ensemble} has at most ${partitions.length} partitions, numbered from 0: there is no ${index}`,
        );
      }
      const began = performance.now();
      try {
        const { partition, counts, state, parts } = await executePartition(composition, partitions.at(index), {
          seed,
          records: declaredBy(pipeline).records,
          openSink: await partSinks(into, record, fileOptions(manifest, 'part')),
        });
        const seconds = (performance.now() - began) / 1000;
        return { partition, counts, state, state_sha256: digestOf(state), parts, seconds };
      } catch (error) {
        throw blamedError(pipeline, error);
      }
    },
  };
}

/** Computes one partition of a run alone; its parts are written, measured and thrown away. */
export async function replay(
  folder: string,
  { ensemble, index }: Pick<Partition, 'ensemble' | 'index'>,
  named?: string | Pipeline,
): Promise<Replayed> {
  const { partition } = await openReplay(folder, named);
  const scratch = await mkdtemp(join(tmpdir(), 'crackle-replay-'));
  try {
    const { state: _, ...replayed } = await partition(ensemble, index, scratch);
    return replayed;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
