import { rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isExpected, StoreError } from '../error.ts';
import { blamed } from '../flow/blame.ts';
import type { Pipeline } from '../pipeline.ts';
import { saveCheckpoint } from '../store/checkpoint.ts';
import { makeFolders, storeError, syncFolder } from '../store/file.ts';
import { checkpointName, journalName, readManifest } from '../store/folder.ts';
import { identity } from '../store/identity.ts';
import { fileOptions } from '../store/imprint.ts';
import { takeLock } from '../store/lock.ts';
import type { FileEntry, Manifest } from '../store/manifest.ts';
import { partNumbers, statePath, unfinishedName } from '../store/part-path.ts';
import { startAgain } from '../store/start-again.ts';
import { type Damage, listedFiles, type Verdict, verify } from '../store/verify.ts';
import { writeTable } from '../store/write-table.ts';
import { pipelineOf } from './origin.ts';
import { findings } from './publish.ts';
import { composedFor, openReplay, type Replay, statesOf } from './replay.ts';
import { resultsOf } from './states.ts';

/** What a repair came to. */
export interface Repair {
  /** Files that are as they were written again. */
  readonly repaired: readonly string[];
  /** An unfinished run lost its checkpoint or its journal and was set back to its start: a resume computes all of it again. */
  readonly startsAgain: boolean;
  /** Damage that couldn't be mended, and why. */
  readonly failed: readonly Damage[];
  /** Of the folder as it is now. */
  readonly verdict: Verdict;
}

type Mend = (path: string, written: FileEntry) => Promise<string>;

const comesOut = 'comes out otherwise than it was written: nothing was changed';

/** Puts a file that was made again in its place, where it has the bits that were written. */
async function replace(made: string, path: string, sha256: string | undefined, written: FileEntry): Promise<void> {
  if (sha256 !== written.sha256) throw new StoreError(`${path} ${comesOut}`);
  try {
    await makeFolders(dirname(path));
    await rm(path, { force: true });
    await rename(made, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw storeError('write', path, error);
  }
}

/** Computes the partition of a part, or of a shard's kept state, again; its other parts are left alone. */
function partMender(folder: string, scratch: string, manifest: Manifest, replay: () => Promise<Replay>): Mend {
  return async (path, written) => {
    const { ensemble, index } = partNumbers(path)!;
    const { parts, counts, state } = await (await replay()).partition(ensemble, index, scratch);
    if (path === statePath(ensemble, index)) {
      const kept = { identity: identity(manifest), journal: undefined, entries: [{ counts, state }] };
      const { sha256 } = await saveCheckpoint(join(scratch, path), kept);
      await replace(join(scratch, path), join(folder, path), sha256, written);
      return path;
    }
    const made = parts.find((part) => part.path === path);
    if (made === undefined) throw new StoreError(`the partition of ${path} records nothing of that table any more`);
    await replace(join(scratch, path), join(folder, path), made.sha256, written);
    return path;
  };
}

/** Makes a result table again from kept states. */
function tableMender(folder: string, scratch: string, manifest: Manifest, named?: string | Pipeline): Mend {
  return async (path, written) => {
    if (manifest.merged !== undefined) throw new StoreError('the tables of a merge are made by merging its runs again');
    const states = await statesOf(folder, manifest);
    if (states.length === 0) {
      throw new StoreError(
        'the states that it is made from were not kept (--keep-state): run it anew in another folder',
      );
    }
    const pipeline = await pipelineOf(folder, manifest, named);
    const composed = await composedFor(folder, manifest, pipeline, states.length - 1);
    const { tables } = findings(
      composed,
      resultsOf(composed.composition, states, (make) => blamed(pipeline, make)),
    );
    const table = path.replace(/\.parquet$/, '');
    const rows = Object.entries(tables).find(([name]) => name === table)?.[1];
    if (rows === undefined) throw new StoreError(`its pipeline makes no table ${table}`);
    const made = await writeTable(join(scratch, path), table, rows, {
      ...fileOptions(manifest, 'table'),
    });
    await replace(join(scratch, path), join(folder, path), made.sha256, written);
    return path;
  };
}

/**
 * Mends what `verify` finds in a run folder, as far as it can be computed again: parts of recorded tables and states of shards, partition by
 * partition, and, of a run that kept its states, result tables. A file takes its place only where it has the very bits that were written; nothing
 * else is touched. An unfinished run whose checkpoint or journal is lost goes back to its start.
 * @param named the user's own pipeline that the run is of
 * @throws StoreError where the folder holds no run, or another process writes there; PipelineError or ParameterError where `named` can't be loaded, or
 * the run is of another one
 */
export async function repair(folder: string, named?: string | Pipeline): Promise<Repair> {
  const path = resolve(folder);
  const manifest = await readManifest(path);
  // Before anything is found whole: a wrong name would go unnoticed until the day of the damage.
  if (named !== undefined) await pipelineOf(path, manifest, named);
  const lock = await takeLock(path);
  const scratch = join(path, unfinishedName, 'repair');
  const repaired: string[] = [];
  const failed: Damage[] = [];
  let startsAgain = false;
  try {
    const { damage } = await verify(path);
    const written = await listedFiles(path, manifest);
    let replay: Promise<Replay> | undefined;
    const mendPart = partMender(path, scratch, manifest, () => {
      replay ??= openReplay(path, named);
      return replay;
    });
    const mendTable = tableMender(path, scratch, manifest, named);
    for (const one of damage) {
      await lock.check();
      if (manifest.status !== 'complete' && (one.file === checkpointName || one.file === journalName)) {
        if (manifest.merged === undefined) await startAgain(path, manifest);
        else failed.push({ ...one, advice: 'merge the runs again, into another folder' });
        startsAgain = manifest.merged === undefined;
        continue;
      }
      const entry = Object.hasOwn(written, one.file) ? written[one.file]! : undefined;
      const isPart = partNumbers(one.file) !== undefined;
      if (entry === undefined || !(isPart || one.file.endsWith('.parquet'))) {
        failed.push(one);
        continue;
      }
      try {
        repaired.push(await (isPart ? mendPart : mendTable)(one.file, entry));
      } catch (error) {
        if (!isExpected(error)) throw error;
        failed.push({ ...one, advice: error.message });
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await lock.release();
  }
  return { repaired, startsAgain, failed, verdict: await verify(folder) };
}
