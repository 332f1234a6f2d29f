import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SchemaError, StoreError } from '../error.ts';
import type { PartitionContext } from '../pipeline.ts';
import { offerFloor } from '../retired.ts';
import { column, makeBatch, taken } from '../schema/batch.ts';
import { pulled, type Stage } from '../stage.ts';
import { isFolder } from '../store/file.ts';
import { manifestName, readManifest } from '../store/folder.ts';
import { readChunks } from '../store/read-table.ts';
import { recordedEnsemble } from './recorded-ensemble.ts';

/** What `signalsFrom` needs of a partition. */
export type SignalsContext = Pick<PartitionContext, 'ensemble' | 'drained'>;

/** Which recorded signals are read. */
export interface SignalsOptions {
  /** The recorded ensemble, by its number there; by default that of the partition's. */
  readonly ensemble?: number;
}

const names = ['ensemble', 'perturbation', 'layer', 'strength'] as const;

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** The run folder that is meant by its own one of the table, too. */
async function runFolder(path: string): Promise<string> {
  const within = basename(path) === 'signal' && !(await isThere(join(path, manifestName)));
  return within && (await isThere(join(path, '..', manifestName))) ? join(path, '..') : path;
}

/** The part files of one ensemble's signals in a run folder, in the order of partitions. */
async function partsOf(folder: string, ensemble: number): Promise<string[]> {
  const { status, tables, pipeline } = await readManifest(folder);
  if (status === 'running') throw new StoreError(`the run in ${folder} is not finished: let it end, or resume it`);
  const parts = tables.signal?.parts;
  if (parts === undefined) {
    throw new StoreError(
      `the run in ${folder} has not recorded its signals: run ${pipeline} again with --record signal`,
    );
  }
  const own = `signal/part-${String(ensemble).padStart(4, '0')}-`;
  return parts
    .filter((part) => part.startsWith(own))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .map((part) => join(folder, part));
}

/** Recorded signals of one ensemble. */
interface RecordedSignals {
  readonly parts: readonly string[];
  /** Layers that the networks have; undefined where the folder doesn't say. */
  readonly depth: number | undefined;
}

/** What a run folder has recorded; undefined where files are given. */
async function recordedSignals(
  ensemble: SignalsContext['ensemble'],
  from: string | readonly string[],
  wanted: number,
): Promise<RecordedSignals | undefined> {
  if (typeof from !== 'string' || !(await isFolder(from))) return undefined;
  const folder = await runFolder(from);
  const parts = await partsOf(folder, wanted);
  return { parts, depth: (await recordedEnsemble(folder, wanted, ensemble))?.depth };
}

/** A perturbation of a part file; undefined where it has no rows. */
async function oneOf(path: string): Promise<number | undefined> {
  for await (const { rows, columns } of readChunks(path, ['perturbation'])) {
    if (rows > 0) return Number(columns.perturbation![0]);
  }
  return undefined;
}

/**
 * Part files of a run that perturbations `first` … `last` may lie in: each holds a range of its own, one after the other, so that those to
 * begin and to end with are found by bisection, from one row of a file.
 */
async function* partsWith(parts: readonly string[], first: number, last: number): AsyncGenerator<string> {
  let [low, high] = [0, parts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const one = await oneOf(parts[middle]!);
    if (one === undefined || one > first) high = middle;
    else low = middle;
  }
  for (let at = low; at < parts.length; at++) {
    yield parts[at]!;
    const one = await oneOf(parts[at]!);
    if (one !== undefined && one > last) return;
  }
}

/**
 * Recorded signals as the start of a pipeline, in place of `propagate`: for each batch of the `perturbation` table their rows of the
 * `signal` table, in the order in which they were recorded, a chunk of a file at a time.
 * @param from a run folder that has recorded its signals, of networks of the same parameters as the partition's ensemble, unless that is a model; or a file or several (Parquet, Arrow, delimited text …) with columns `ensemble`,
 *   `perturbation`, `layer` and `strength`, a perturbation's rows in the order of layers, each of which is read for every partition
 * @throws (as an error of the stream) StoreError where it can't be read or is not whole, SchemaError where it lacks a column, or any row of a
 *   perturbation that is asked for, ParameterError where the run's networks are others
 */
export function signalsFrom(
  partition: SignalsContext,
  from: string | readonly string[],
  options: SignalsOptions = {},
): Stage<'perturbation', 'signal'> {
  const { index } = partition.ensemble;
  const { ensemble: wanted = index } = options;
  let recorded: Promise<RecordedSignals | undefined> | undefined;
  let floor = Number.NEGATIVE_INFINITY;
  return pulled(partition, async function* (perturbations) {
    const ids = column<BigInt64Array>(taken('signalsFrom', 'perturbation', perturbations), 'perturbation');
    if (ids.length === 0) return;
    recorded ??= recordedSignals(partition.ensemble, from, wanted);
    const run = await recorded;
    const [first, last] = [Number(ids[0]), Number(ids.at(-1))];
    const seen = new Uint8Array(last - first + 1);
    const lastLayer = new Int32Array(seen.length);
    const lastStrength = new Float32Array(seen.length);
    const given = typeof from === 'string' ? [from] : from;
    const files = run === undefined ? given : partsWith(run.parts, first, last);
    for await (const file of files) {
      for await (const { rows, columns } of readChunks(file, names)) {
        const { ensemble, perturbation, layer, strength } = columns as Record<string, ArrayLike<unknown>>;
        const rowsOf = new Int32Array(rows);
        let length = 0;
        for (let row = 0; row < rows; row++) {
          const id = Number(perturbation![row]);
          if (Number(ensemble![row]) !== wanted || !(id >= first && id <= last)) continue;
          seen[id - first] = 1;
          lastLayer[id - first] = Number(layer![row]);
          lastStrength[id - first] = Number(strength![row]);
          rowsOf[length++] = row;
        }
        if (length === 0) continue;
        const kept = rowsOf.subarray(0, length);
        const signal = {
          ensemble: new Int32Array(length).fill(index),
          perturbation: BigInt64Array.from(kept, (row) => BigInt(Number(perturbation![row]))),
          layer: Int32Array.from(kept, (row) => Number(layer![row])),
          strength: Float32Array.from(kept, (row) => Number(strength![row])),
        };
        yield makeBatch('signal', signal, length);
      }
    }
    const missing = seen.indexOf(0);
    if (missing >= 0) {
      const where = typeof from === 'string' ? from : `${from.length} files`;
      throw new SchemaError(`${where} has no signal of perturbation ${first + missing} of ensemble ${wanted}`);
    }
    if (run?.depth === undefined) return;
    for (let i = 0; i < lastLayer.length; i++) {
      if (lastLayer[i]! < run.depth && lastStrength[i]! > floor) floor = lastStrength[i]!;
    }
    if (floor > Number.NEGATIVE_INFINITY) offerFloor(partition, floor, true);
  });
}
