import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ParameterError, PipelineError, StoreError } from '../error.ts';
import { blamed } from '../flow/blame.ts';
import { addCounts, zeroCounts } from '../flow/counts.ts';
import { differingFile } from '../flow/imported-files.ts';
import { stateOf } from '../flow/kept.ts';
import { flagName } from '../parameter.ts';
import type { Pipeline } from '../pipeline.ts';
import { isBucketAddress } from '../store/address.ts';
import { createAnyDataset } from '../store/any-dataset.ts';
import { loadStates } from '../store/checked-states.ts';
import { checkFree, readManifest } from '../store/folder.ts';
import type { Manifest, MergedRun } from '../store/manifest.ts';
import type { Composed } from './compose.ts';
import { withAll } from './declared.ts';
import { withRemedy } from './disk-room.ts';
import { checkSameEngines, enginesHead } from './engines.ts';
import { checkFigures } from './figure-faults.ts';
import { mergeShards } from './merge-shards.ts';
import type { RunOptions, RunResult } from './options.ts';
import { originOf, pipelineOf } from './origin.ts';
import { abandon, findings, publishFindings, publishReport, publishTables, reportOf, totals } from './publish.ts';
import { checkBuilds, checkSameModule, composeAgain, progressOf } from './same-computation.ts';
import { openStates, type Progress, resultsOf, type States } from './states.ts';

/** How to merge. `workers` and `onSnapshot` are for shards, of whose run a rest may be left to compute. */
export interface MergeOptions
  extends Pick<
    RunOptions,
    'out' | 'figures' | 'keepState' | 'workers' | 'signal' | 'onSnapshot' | 'onFound' | 'logger'
  > {
  /** The user's own pipeline that the runs are of, or the path of its file: its code runs only where it is named. */
  readonly pipeline?: string | Pipeline;
  /** Merge what several builds of one version have computed. Default: no, their bits may differ. */
  readonly anyBuild?: boolean;
}

interface Source {
  readonly folder: string;
  readonly manifest: Manifest;
  /** The runs that it stands for: itself, or what it was merged from. */
  readonly runs: readonly MergedRun[];
}

/** Parameters that may differ: how much was computed. A merge has their sum. */
const amounts = new Set(['valid', 'perturbations']);

async function source(folder: string): Promise<Source> {
  const manifest = await readManifest(resolve(folder));
  if (manifest.status !== 'complete') {
    throw new StoreError(`${folder} is not complete (status ${manifest.status}): resume it before it is merged`);
  }
  if (manifest.shard !== undefined)
    throw new ParameterError(`${folder} is a shard: shards are merged with each other only`);
  const { seed, kernel, counts, merged } = manifest;
  return { folder, manifest, runs: merged ?? [{ seed, kernel, counts }] };
}

/** Whether two runs are of one module, or of files that had the same content: nodes of a cluster may have copies of their own. */
const isSameModule = (a: Manifest, b: Manifest): boolean =>
  a.module_sha256 === b.module_sha256 && (a.module_sha256 !== undefined || a.module === b.module);

/** Throws unless the runs are of one pipeline and its parameters, and no two of one seed. */
function checkAlike(sources: readonly Source[]): void {
  const [first, ...others] = sources;
  for (const { folder, manifest } of others) {
    const { pipeline, parameters, crackle } = first!.manifest;
    if (manifest.pipeline !== pipeline) {
      throw new ParameterError(`${folder} is a run of ${manifest.pipeline}, ${first!.folder} one of ${pipeline}`);
    }
    if (!isSameModule(manifest, first!.manifest)) {
      const [a, b] = [manifest, first!.manifest].map(({ module }) => module ?? 'crackle itself');
      throw new ParameterError(
        `${folder} is a run of the pipeline in ${a}, ${first!.folder} of the one in ${b}: they differ`,
      );
    }
    const differing = differingFile(manifest.modules, first!.manifest.modules);
    if (differing !== undefined) {
      throw new ParameterError(
        `${folder} and ${first!.folder} are runs of ${pipeline} with different versions of ${differing}, which its file imports`,
      );
    }
    const other = differingFile(manifest.inputs, first!.manifest.inputs);
    if (other !== undefined) {
      throw new ParameterError(
        `${folder} and ${first!.folder} are runs of ${pipeline} with different contents of ${other}`,
      );
    }
    if (manifest.crackle !== crackle) {
      throw new ParameterError(`${folder} was made by crackle ${manifest.crackle}, ${first!.folder} by ${crackle}`);
    }
    const names = new Set([...Object.keys(parameters), ...Object.keys(manifest.parameters)]);
    for (const name of names) {
      if (amounts.has(name) || isDeepStrictEqual(parameters[name], manifest.parameters[name])) continue;
      const [a, b] = [parameters[name], manifest.parameters[name]].map((value) => JSON.stringify(value) ?? 'nothing');
      throw new ParameterError(
        `${flagName(name)} must be the same in runs that are merged: it is ${b} in ${folder}, ${a} in ${first!.folder}`,
      );
    }
  }
  const folderOf = new Map<number, string>();
  for (const { folder, runs } of sources) {
    for (const { seed } of runs) {
      const other = folderOf.get(seed);
      if (other !== undefined) {
        throw new ParameterError(`${other} and ${folder} have the same networks: both are of seed ${seed}`);
      }
      folderOf.set(seed, folder);
    }
  }
}

function checkMergeable({ pipeline, composition }: Composed): void {
  if (composition.mergeable !== true) {
    throw new PipelineError(
      `runs of ${pipeline.name} can't be merged: its composition doesn't say that it is mergeable (its states may tell networks apart by numbers that every seed counts from 0)`,
    );
  }
  if (composition.next !== undefined) {
    throw new PipelineError(
      `runs of ${pipeline.name} can't be merged where a first phase finds their ensembles, other ones for each seed: give these as parameters`,
    );
  }
}

/** The amounts of the runs added up; null where one was left to the pipeline. */
function summed(sources: readonly Source[]): Record<string, unknown> {
  const parameters: Record<string, unknown> = { ...sources[0]!.manifest.parameters };
  for (const name of amounts) {
    if (!(name in parameters)) continue;
    const each = sources.map(({ manifest }) => manifest.parameters[name]);
    parameters[name] = each.every((value) => typeof value === 'number') ? each.reduce((a, b) => a + b, 0) : null;
  }
  return parameters;
}

/** What `merge` gives, or an error that says whose states it can't take: they may be of another version of the pipeline. */
function fitting<T>(folder: string, merge: () => T): T {
  try {
    return merge();
  } catch (cause) {
    throw new StoreError(`the states in ${folder} don't fit its pipeline, or those of the other runs`, { cause });
  }
}

async function mergedProgress(
  { composition }: Composed,
  sources: readonly Source[],
  { signal, logger }: MergeOptions,
): Promise<Progress[]> {
  const { ensembles } = composition;
  const sums = ensembles.map(() => ({ merged: 0, counts: zeroCounts() }));
  let states: States | undefined;
  for (const [i, { folder }] of sources.entries()) {
    signal?.throwIfAborted();
    const found = progressOf(folder, await loadStates(resolve(folder)));
    if (found === undefined) {
      throw new StoreError(`${folder} has no states to merge: runs keep them with --keep-state (library: keepState)`);
    }
    if (found.length !== ensembles.length) {
      throw new StoreError(`${folder} has states of ${found.length} ensembles, its pipeline has ${ensembles.length}`);
    }
    const sofar = states;
    states ??= openStates(composition, found);
    for (const [l, progress] of found.entries()) {
      sums[l]!.merged += progress.merged;
      addCounts(sums[l]!.counts, progress.counts);
      fitting(folder, () => sofar?.merge(l, stateOf(progress)));
      await states.done(l);
    }
    logger?.info(`states of ${i + 1} of ${sources.length} runs are merged`);
  }
  signal?.throwIfAborted();
  return sums.map((sum, l) => ({ ...sum, ...states!.kept(l) }));
}

/**
 * Merges the shards of a run into the very run that wasn't shared out, bit for bit; or complete runs of one pipeline with different seeds, as
 * from the nodes of a cluster, into one: their states are merged, then tables, figures and report made of the whole. It has the precision of
 * one longer run, not its bits. Folders may be given in any order and lie in buckets; runs of different seeds may be merges themselves. Recorded
 * tables of shards are copied, those of runs of different seeds stay where they are.
 * @param folders all shards, or run folders with states (`keepState`)
 * @returns `partial` where `signal` cut off what was left to compute of shards' run: it can be resumed
 * @throws ParameterError for fewer than two runs, other parameters (but for the number of avalanches or perturbations), a seed that comes
 * twice, or shards that are missing, there twice or of another run; StoreError where a folder isn't complete or has no states; PipelineError where the
 * pipeline isn't mergeable, or its ensembles depend on what a first phase found; the reason of `signal` where it was aborted before anything was written
 */
export async function mergeRuns(folders: readonly string[], options: MergeOptions = {}): Promise<RunResult> {
  if (!folders.some(isBucketAddress)) return mergeFolders(folders, options);
  const { withFolders } = await import('../store/s3/working-copy.ts');
  return withFolders(
    folders,
    () => true,
    (here) => mergeFolders(here, options),
  );
}

async function mergeFolders(folders: readonly string[], options: MergeOptions): Promise<RunResult> {
  const began = performance.now();
  const firstManifest = folders[0] === undefined ? undefined : await readManifest(resolve(folders[0]));
  if (firstManifest?.shard !== undefined) return mergeShards(folders, options);
  if (folders.length < 2) throw new ParameterError(`a merge needs at least 2 run folders, got ${folders.length}`);
  const given: Source[] = [];
  for (const folder of folders) given.push(await source(folder));
  checkAlike(given);
  if (options.anyBuild !== true) checkBuilds(given);
  const least = ({ runs }: Source): number => Math.min(...runs.map(({ seed }) => seed));
  const sources = given.sort((a, b) => least(a) - least(b));
  const [first] = sources as [Source, ...Source[]];
  const own = await pipelineOf(first.folder, first.manifest, options.pipeline);
  await checkSameModule(first.folder, first.manifest, own);
  const composed = await composeAgain(first.folder, first.manifest, own, summed(sources));
  for (const { folder, manifest } of sources) checkSameEngines(folder, manifest, composed);
  checkMergeable(composed);
  if (options.out !== undefined && !isBucketAddress(options.out)) await checkFree(resolve(options.out));
  const runs = sources.flatMap((one) => one.runs).sort((a, b) => a.seed - b.seed);
  const progress = await mergedProgress(composed, sources, options);
  const ensembles = resultsOf(composed.composition, progress, (make) => blamed(composed.pipeline, make));
  const found = findings(composed, ensembles);
  const result = {
    status: 'complete' as const,
    pipeline: composed.pipeline.name,
    ensembles,
    ...found,
    tables: withAll(composed.pipeline, found.tables),
  };
  await options.onFound?.(found.summaries);
  const seconds = (): number => (performance.now() - began) / 1000;
  if (options.out === undefined) return { ...result, folder: undefined, files: [], seconds: seconds() };
  const { pipeline, seed, parquet } = first.manifest;
  const dataset = await createAnyDataset(options.out, {
    pipeline,
    ...originOf(first.manifest),
    parameters: composed.values,
    ...enginesHead(composed),
    seed,
    kernel: [...new Set(runs.map(({ kernel }) => kernel))].join('+'),
    record: [],
    parquet,
    builds: sources.flatMap(({ manifest }) => manifest.builds ?? []),
    merged: runs,
    ...(options.keepState === true ? { keep_state: true } : {}),
    ...(options.figures === false ? { figures: false } : {}),
  });
  try {
    const files = await publishTables(dataset, found.tables);
    const manifest = { ...dataset.manifest, status: 'complete' as const };
    files.push(await publishFindings(dataset.folder, composed, found, manifest));
    if (options.keepState === true) await dataset.saveStates(progress);
    if (options.figures !== false)
      files.push(...(await publishReport(dataset.folder, reportOf(composed, found, manifest))));
    await dataset.finish('complete', totals(ensembles), files);
    options.logger?.info(`${runs.length} runs merged into ${dataset.address}`);
    if (options.figures !== false) checkFigures(composed.pipeline, found.figures);
    return { ...result, folder: dataset.address, files, seconds: seconds() };
  } catch (error) {
    await abandon(dataset);
    const { address } = dataset;
    throw withRemedy(
      error,
      address,
      `remove ${address}, a merge that was cut off, and merge again: the runs are as they were`,
    );
  }
}
