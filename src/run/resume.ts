import { CompleteError, ParameterError, StoreError } from '../error.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { Pipeline } from '../pipeline.ts';
import { folderName, isBucketAddress } from '../store/address.ts';
import { openAnyDataset, readAnyManifest } from '../store/any-dataset.ts';
import { checkCard, withCardRemedy } from './card.ts';
import { complete } from './complete.ts';
import { composePipeline } from './compose.ts';
import { withRemedy } from './disk-room.ts';
import { checkSameEngines } from './engines.ts';
import { type Amounts, extend } from './extend.ts';
import type { RunOptions, RunResult } from './options.ts';
import { pipelineOf, unchecked } from './origin.ts';
import { abandon } from './publish.ts';
import { noteResumed } from './resumed-note.ts';
import { checkSameComputation, progressOf } from './same-computation.ts';
import { ordinalIn, splitOf } from './split.ts';

/** How to go on with a run. */
export interface ResumeOptions
  extends Omit<
    RunOptions,
    'seed' | 'out' | 'record' | 'keepState' | 'parquet' | 'shard' | 'partitionSize' | 'figures'
  > {
  /** Figures and report.html in the run folder. Default: as the run was begun. */
  readonly figures?: boolean;
  /**
   * The user's own pipeline that the run is of, or the path of its file: its code runs only where it is named. One that lives in no `module` is given
   * itself; its name, parameters and number of ensembles are held against the run, what its code does can't be (`logger` is told).
   */
  readonly pipeline?: string | Pipeline;
  /** Go on with what another build of the same version has computed. Default: no, its bits may differ. */
  readonly anyBuild?: boolean;
  /** Go on with a complete run that kept its states: to more avalanches or perturbations. */
  readonly extend?: Amounts;
}

/** What a run on a card goes through, where its pipeline lives in no module. */
function ensemblesOf(pipeline: Pipeline, parameters: Record<string, unknown>): readonly Ensemble[] {
  if (pipeline.module !== undefined || parameters.backend !== 'webgpu') return [];
  return composePipeline(pipeline, parameters).composition.ensembles;
}

/**
 * Goes on with an interrupted run from its last checkpoint. What comes out is what an uninterrupted run would have given.
 * @throws CompleteError where the run is complete; StoreError where the folder holds no run, a damaged one, or one of other kernels, another version or another pipeline
 */
export async function resume(folder: string, options: ResumeOptions = {}): Promise<RunResult> {
  const path = folderName(folder);
  const manifest = await readAnyManifest(path);
  const { merged } = manifest;
  if (manifest.status === 'complete' && options.extend === undefined) throw new CompleteError(folder);
  if (merged !== undefined && manifest.status !== 'complete') {
    throw new StoreError(`${folder} holds a merge of runs that was cut off: merge them again, into another folder`);
  }
  const pipeline = await pipelineOf(folder, manifest, options.pipeline);
  await checkCard(manifest.parameters, options, pipeline.module, ensemblesOf(pipeline, manifest.parameters)).catch(
    (error: unknown) => {
      throw withCardRemedy(error, manifest.parameters);
    },
  );
  await checkSameComputation(folder, manifest, pipeline, options.anyBuild);
  if (manifest.module === 'inline') options.logger?.warn(unchecked(folder, manifest));
  if (options.extend !== undefined && isBucketAddress(path)) {
    throw new ParameterError(`${folder} is in a bucket: copy it into a folder to go on with a complete run there`);
  }
  if (options.extend !== undefined) await extend(path, manifest, pipeline, options.extend);
  const asked = performance.now();
  const dataset = await openAnyDataset(path, {
    warn: (text) => options.logger?.warn(text),
    signal: options.signal,
  });
  try {
    const { parameters, seed, record } = dataset.manifest;
    const split = splitOf(dataset.manifest);
    const composed = composePipeline(pipeline, parameters);
    checkSameEngines(folder, manifest, composed);
    const from = progressOf(folder, await dataset.loadCheckpoint());
    await dataset.retain(({ ensemble, index }) => ordinalIn(index, split.shard) < (from?.[ensemble]?.merged ?? 0));
    if (from !== undefined) await noteResumed(dataset.folder, from).catch(() => {});
    const figures = options.figures ?? dataset.manifest.figures ?? true;
    // A lock of another machine may have taken minutes.
    const waited = (performance.now() - asked) / 1000;
    const time = options.maxTime === undefined ? {} : { maxTime: Math.max(1, options.maxTime - waited) };
    return await complete(composed, dataset, { ...options, ...time, figures, seed, record, split }, from);
  } catch (error) {
    await abandon(dataset);
    throw withCardRemedy(withRemedy(error, dataset.address), manifest.parameters, dataset.address);
  }
}
