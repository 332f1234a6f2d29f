import { StoreError } from '../error.ts';
import { changedFile } from '../flow/imported-files.ts';
import { type ChangedInput, changedInput, missingInput } from '../flow/input-files.ts';
import type { Pipeline } from '../pipeline.ts';
import { arithmeticOf } from '../propagation/arithmetic.ts';
import { differ, ownBuild } from '../store/build.ts';
import { fileDigest } from '../store/digest.ts';
import type { Manifest } from '../store/manifest.ts';
import { isPacked } from '../store/packed.ts';
import { surroundings } from '../store/surroundings.ts';
import { type Composed, composePipeline } from './compose.ts';
import { pipelineFile } from './origin.ts';
import type { Progress } from './states.ts';

/**
 * Refuses to go on with a run where something that its bits depend on is not what it was: half of the data would be of the one, half of the
 * other.
 * @param anyBuild whether another build of the same version will do
 * @throws StoreError that says what differs
 */
export async function checkSameComputation(
  folder: string,
  manifest: Manifest,
  pipeline: Pipeline,
  anyBuild = false,
): Promise<void> {
  const { crackle } = surroundings();
  if (manifest.crackle !== crackle) {
    throw new StoreError(
      `${folder} was begun by crackle ${manifest.crackle}, this is ${crackle}: go on with that version, or run it anew`,
    );
  }
  if (!anyBuild) checkSameBuild(folder, manifest, ownBuild);
  const { kernel } = manifest;
  const here = await arithmeticOf(manifest.parameters);
  if (kernel !== here) {
    const [variant] = kernel.split('; ');
    const how = kernel.includes('unfused')
      ? 'go on with it on a machine without fused multiply-add'
      : variant === here.split('; ')[0]
        ? 'go on with it where what it names is, and nothing else is taken'
        : `set CRACKLE_KERNEL=${variant}`;
    throw new StoreError(`${folder} was computed with kernel ${kernel}, here it would go on with ${here}: ${how}`);
  }
  await checkSameModule(folder, manifest, pipeline);
  const changed = await changedInput(manifest.inputs);
  if (changed === undefined) return;
  if (changed.missing) throw withoutInput(folder, changed);
  const { path } = changed;
  const than = changed.here === undefined ? '' : ` than ${changed.here} has`;
  throw new StoreError(
    `${folder} was begun with another content of ${path}${than}: bring that file back as it was, or run it anew`,
  );
}

/** @throws StoreError where the last build that computed a run is known not to be this one */
export function checkSameBuild(
  folder: string,
  { crackle, builds }: Pick<Manifest, 'crackle' | 'builds'>,
  own: string | undefined,
): void {
  const last = builds?.at(-1);
  if (!differ(last, own)) return;
  throw new StoreError(
    `${folder} was computed by another build of crackle ${crackle} (${last}) than this one (${own}), and their bits may differ: go on with that one, or add --any-build if you know that they don't (library: anyBuild)`,
  );
}

/**
 * Refuses to merge what different builds of one version have computed.
 * @throws StoreError that names two folders and their builds
 */
export function checkBuilds(sources: readonly { readonly folder: string; readonly manifest: Manifest }[]): void {
  const known = sources.flatMap(({ folder, manifest: { builds = [] } }) => builds.map((build) => ({ folder, build })));
  const [first] = known;
  const other = known.find(({ build }) => build !== first?.build);
  if (first === undefined || other === undefined) return;
  throw new StoreError(
    `${other.folder} was computed by build ${other.build} of crackle, ${first.folder} by ${first.build}, and their bits may differ: compute them by one build, or add --any-build if you know that they don't (library: anyBuild)`,
  );
}

const withoutInput = (folder: string, { path, here }: ChangedInput): StoreError =>
  new StoreError(
    here === undefined
      ? `${folder} is of a run that reads ${path}, which is not there: bring it back as it was, or run it anew`
      : `${folder} is of a run that reads ${path}, and there is no ${here}: go to the folder in which it was begun`,
  );

/**
 * Composes a run again from its manifest, for what reads its tables or states.
 * @throws StoreError that names a file which it takes and that is gone, or whose path leads nowhere from the current folder; what `composePipeline` throws
 */
export async function composeAgain(
  folder: string,
  { inputs }: Pick<Manifest, 'inputs'>,
  pipeline: Pipeline,
  values: Readonly<Record<string, unknown>>,
): Promise<Composed> {
  try {
    return composePipeline(pipeline, { ...values });
  } catch (error) {
    const missing = await missingInput(inputs);
    throw missing === undefined ? error : withoutInput(folder, missing);
  }
}

/**
 * Refuses a pipeline whose file, or one that it imports, isn't what it was when a run was begun.
 * @throws StoreError that names the file
 */
export async function checkSameModule(folder: string, manifest: Manifest, pipeline: Pipeline): Promise<void> {
  const { module, module_sha256, modules } = manifest;
  // What lives in no file can't be held against one.
  if (module === 'inline') return;
  const file = pipelineFile(pipeline);
  const sha256 = file === undefined ? undefined : (await fileDigest(file)).sha256;
  const changed =
    sha256 !== module_sha256
      ? (file ?? pipeline.name)
      : file === undefined
        ? undefined
        : await changedFile(file, modules);
  if (changed === undefined) return;
  throw new StoreError(
    `${folder} was begun with another version of ${changed}: bring that file back as it was, or run it anew`,
  );
}

/**
 * The entries of a checkpoint or of kept states, held to their shape.
 * @throws StoreError for entries that are none of a run
 */
export function progressOf(folder: string, entries: readonly unknown[] | undefined): readonly Progress[] | undefined {
  const isProgress = (value: unknown): value is Progress => {
    const { merged, counts, packed } = (value ?? {}) as Partial<Progress & { readonly packed: unknown }>;
    const sound = packed === undefined || isPacked(packed);
    return Number.isSafeInteger(merged) && typeof counts === 'object' && counts !== null && sound;
  };
  if (entries === undefined || entries.every(isProgress)) return entries;
  throw new StoreError(`${folder} is damaged: its checkpoint holds no states of a run`);
}
