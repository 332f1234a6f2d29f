import { constants, copyFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { enumerated, ParameterError, StoreError } from '../error.ts';
import type { Outcome } from '../flow/execute.ts';
import type { Executor } from '../flow/executor.ts';
import { differingFile } from '../flow/imported-files.ts';
import { named } from '../flow/tries.ts';
import type { Counts } from '../pipeline.ts';
import { isBucketAddress } from '../store/address.ts';
import { createAnyDataset } from '../store/any-dataset.ts';
import { loadCheckpoint } from '../store/checkpoint.ts';
import type { Dataset } from '../store/dataset.ts';
import { makeFolders, storeError } from '../store/file.ts';
import { checkFiles, checkFree, readManifest } from '../store/folder.ts';
import { identity } from '../store/identity.ts';
import type { Manifest } from '../store/manifest.ts';
import { partPath, statePath } from '../store/part-path.ts';
import type { Part } from '../store/sink.ts';
import { complete } from './complete.ts';
import { composePipeline } from './compose.ts';
import { withRemedy } from './disk-room.ts';
import { checkSameEngines, enginesHead } from './engines.ts';
import { openExecutors } from './executor.ts';
import type { MergeOptions } from './merge.ts';
import type { RunResult } from './options.ts';
import { originOf, pipelineOf } from './origin.ts';
import { abandon } from './publish.ts';
import { checkBuilds, checkSameComputation } from './same-computation.ts';
import { sizesOf } from './split.ts';

interface ShardFolder {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** What all shards of a run have in common. */
const common = ({
  pipeline,
  module_sha256,
  parameters,
  seed,
  kernel,
  record,
  crackle,
  partition_sizes,
  parquet,
  shard,
}: Manifest) => ({
  pipeline,
  "content of the pipeline's file": module_sha256,
  seed,
  kernel,
  'version of crackle': crackle,
  'recorded tables': record,
  'partition sizes': partition_sizes,
  'encodings of Parquet': parquet,
  'number of shards': shard?.of,
  parameters,
});

/**
 * The shards of a run in their order.
 * @throws ParameterError that names what is missing, there twice, or of another run; StoreError for a folder that isn't complete
 */
async function shardsOf(folders: readonly string[]): Promise<ShardFolder[]> {
  const shards: ShardFolder[] = [];
  for (const folder of folders) shards.push({ folder, manifest: await readManifest(resolve(folder)) });
  const [first] = shards as [ShardFolder, ...ShardFolder[]];
  const { of } = first.manifest.shard!;
  const byIndex = new Map<number, ShardFolder>();
  for (const one of shards) {
    const { folder, manifest } = one;
    if (manifest.shard === undefined) throw new ParameterError(`${folder} is no shard, ${first.folder} is one`);
    const expected = common(first.manifest);
    for (const [what, value] of Object.entries(common(manifest))) {
      const other = expected[what as keyof typeof expected];
      if (isDeepStrictEqual(value, other)) continue;
      throw new ParameterError(
        `${folder} is a shard of another run than ${first.folder}: the ${what} differ${what.endsWith('s') ? '' : 's'}`,
      );
    }
    const differing = differingFile(manifest.modules, first.manifest.modules);
    if (differing !== undefined) {
      throw new ParameterError(
        `${folder} is a shard of another run than ${first.folder}: ${differing}, which the pipeline's file imports, differs`,
      );
    }
    const other = differingFile(manifest.inputs, first.manifest.inputs);
    if (other !== undefined) {
      throw new ParameterError(
        `${folder} is a shard of another run than ${first.folder}: the content of ${other} differs`,
      );
    }
    if (manifest.status !== 'complete') {
      throw new StoreError(`${folder} is not complete (status ${manifest.status}): resume it before it is merged`);
    }
    const twin = byIndex.get(manifest.shard.index);
    if (twin !== undefined) {
      throw new ParameterError(`${twin.folder} and ${folder} are both shard ${manifest.shard.index}/${of}`);
    }
    byIndex.set(manifest.shard.index, one);
  }
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    const [shardsThatAre, them] = missing.length === 1 ? ['shard', 'is'] : ['shards', 'are'];
    throw new ParameterError(
      `${shardsThatAre} ${enumerated(missing.map((index) => `${index}/${of}`))} ${them} missing: ${first.folder} is one of ${of} shards of a run, which are merged all at once`,
    );
  }
  return Array.from({ length: of }, (_, i) => byIndex.get(i + 1)!);
}

/** Copies a recorded part out of a shard, held against what was written. */
async function takePart(from: string, to: string, part: Part): Promise<Part> {
  const path = join(to, part.path);
  try {
    await makeFolders(dirname(path));
    await copyFile(join(from, part.path), path, constants.COPYFILE_FICLONE);
  } catch (error) {
    throw storeError('copy', join(from, part.path), error);
  }
  return part;
}

/** Gives the outcomes that shards have kept, and computes those that none has: at the cut, where avalanches are spread unevenly. */
function shardExecutor(
  shards: readonly ShardFolder[],
  dataset: Dataset | undefined,
  record: readonly string[],
  open: () => Promise<Executor>,
  say: (text: string) => void,
): Executor {
  let rest: Promise<Executor> | undefined;
  const kept = async (
    { folder, manifest }: ShardFolder,
    ensemble: number,
    index: number,
  ): Promise<Omit<Outcome, 'partition'>> => {
    const from = resolve(folder);
    const path = statePath(ensemble, index);
    const parts = record
      .map((table) => partPath(table, ensemble, index))
      .filter((each) => Object.hasOwn(manifest.files, each));
    await checkFiles(from, manifest.files, [path, ...parts]);
    const checkpoint = await loadCheckpoint(join(from, path));
    if (checkpoint === undefined || checkpoint.identity !== identity(manifest)) {
      throw new StoreError(`${join(folder, path)} is of another run than the manifest there`);
    }
    const [{ counts, state }] = checkpoint.entries as [{ counts: Counts; state: unknown }];
    const taken: Part[] = [];
    for (const each of parts) {
      const { rows = 0, bytes, sha256 } = manifest.files[each]!;
      const part = { table: dirname(each), path: each, rows, bytes, sha256 };
      taken.push(dataset === undefined ? part : await takePart(from, dataset.folder, part));
    }
    return { counts, state, parts: taken };
  };
  return {
    slots: availableParallelism(),
    async execute(partition, onCount) {
      const shard = shards[partition.index % shards.length]!;
      if (Object.hasOwn(shard.manifest.files, statePath(partition.ensemble, partition.index))) {
        return { partition, ...(await kept(shard, partition.ensemble, partition.index)) };
      }
      if (rest === undefined) say(`${named(partition)} is in no shard: it is computed here`);
      rest ??= open();
      return (await rest).execute(partition, onCount);
    },
    async measure(measurement) {
      rest ??= open();
      return (await rest).measure?.(measurement);
    },
    async rest() {
      await (await rest)?.rest?.();
    },
    async [Symbol.asyncDispose]() {
      await (await rest)?.[Symbol.asyncDispose]();
    },
  };
}

/**
 * Makes of the shards of a run the run that they are of: same tables, same bits, recorded parts copied. Cut off, it can be resumed as any run.
 * @throws ParameterError that names shards that are missing, there twice or of another run; StoreError where one isn't complete, or damaged
 */
export async function mergeShards(folders: readonly string[], options: MergeOptions = {}): Promise<RunResult> {
  const shards = await shardsOf(folders);
  if (options.anyBuild !== true) checkBuilds(shards);
  const { folder, manifest } = shards[0]!;
  const pipeline = await pipelineOf(folder, manifest, options.pipeline);
  await checkSameComputation(folder, manifest, pipeline, options.anyBuild);
  const { parameters, seed, kernel, record, parquet, partition_sizes } = manifest;
  const composed = composePipeline(pipeline, { ...parameters });
  for (const shard of shards) checkSameEngines(shard.folder, shard.manifest, composed);
  const recorded = options.out === undefined ? [] : record;
  let dataset: Dataset | undefined;
  if (options.out !== undefined) {
    if (!isBucketAddress(options.out)) await checkFree(resolve(options.out));
    dataset = await createAnyDataset(options.out, {
      pipeline: pipeline.name,
      ...originOf(manifest),
      parameters,
      ...enginesHead(composed),
      seed,
      kernel,
      record,
      parquet,
      builds: shards.flatMap((shard) => shard.manifest.builds ?? []),
      ...(partition_sizes === undefined ? {} : { partition_sizes }),
      ...(options.keepState === true ? { keep_state: true } : {}),
      ...(options.figures === false ? { figures: false } : {}),
    });
  }
  const { pipeline: _, ...how } = options;
  try {
    const running = { ...how, seed, record: recorded, split: sizesOf(manifest) };
    await using executors = openExecutors(dataset, running);
    return await complete(composed, dataset, {
      ...running,
      openExecutor: async (phase, onRetry, signal) =>
        shardExecutor(
          shards,
          dataset,
          recorded,
          () => executors.open(phase, onRetry, signal),
          (text) => options.logger?.info(text),
        ),
    });
  } catch (error) {
    if (!(await abandon(dataset))) throw error;
    const { address } = dataset!;
    const again = `remove ${address}, a merge that was cut off, and merge again: the shards are as they were (crackle resume ${address} computes what isn't there yet)`;
    throw withRemedy(error, address, again);
  }
}
