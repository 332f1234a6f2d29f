import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isExpected } from '../../src/error.ts';
import { makeBatch } from '../../src/schema/batch.ts';
import { createDataset, type Dataset, openDataset } from '../../src/store/dataset.ts';
import { checkFiles, readManifest } from '../../src/store/folder.ts';
import { openRun } from '../../src/store/open-run.ts';
import { partSink } from '../../src/store/part-sink.ts';
import { readRows } from '../../src/store/read-table.ts';
import { verify } from '../../src/store/verify.ts';
import { avalancheColumns, uniform } from '../store/avalanche-columns.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { type Draw, damage } from './damage.ts';

const partitions = 6;
const checkpoints = [2, 4];
const row = { ensemble: 0, width: 32, weight_variance: 1, bias_variance: 0 };

/** Goes on with a run to partition `to`, as the conduct of a run does: part, journal, now and then a checkpoint. */
async function goOn(dataset: Dataset, seed: number, to: number): Promise<void> {
  const checkpoint = (await dataset.loadCheckpoint()) as [{ merged: number; rows: number }] | undefined;
  let { merged, rows } = checkpoint?.[0] ?? { merged: 0, rows: 0 };
  for (; merged < to; ) {
    const count = 5 + ((seed + merged) % 7);
    await using sink = partSink(dataset.folder, 'avalanche', { ensemble: 0, index: merged });
    await sink.write(makeBatch('avalanche', avalancheColumns(count, 100 * seed + merged), count));
    await dataset.commit({ ensemble: 0, index: merged, parts: [await sink.commit()] });
    rows += count;
    merged++;
    if (checkpoints.includes(merged)) await dataset.saveCheckpoint([{ merged, rows }]);
  }
  if (to < partitions) return;
  await dataset.writeTable('scaling', [
    { ...row, duration: 1, count: rows, excluded: 0, mean_size: 2, mean_log_size: 1 },
  ]);
  await dataset.finish('complete', { valid: rows });
}

async function begin(folder: string, seed: number, to: number): Promise<void> {
  const head = { pipeline: 'campaign', parameters: { seed }, seed, kernel: 'simd', record: ['avalanche'] };
  await using dataset = await createDataset(folder, head);
  await goOn(dataset, seed, to);
}

/** Folders that trials take copies of. */
export interface Stock {
  readonly folder: string;
  readonly wholeHash: string;
}

/** A complete run, and runs cut off after every partition, each with a twin of another seed. */
export async function makeStock(folder: string): Promise<Stock> {
  for (const seed of [1, 2]) {
    for (let to = 1; to <= partitions; to++) await begin(join(folder, `${seed}-${to}`), seed, to);
  }
  return { folder, wholeHash: await hashDataset(join(folder, `1-${partitions}`)) };
}

/** What a use of a damaged folder came to: the same bits, a refusal that names the damage, or neither. */
export interface Trial {
  readonly what: string;
  readonly outcome: 'same bits' | 'refused' | 'wrong';
  readonly said?: string;
}

async function resumed(folder: string): Promise<void> {
  await using dataset = await openDataset(folder);
  await goOn(dataset, 1, partitions);
}

/** Reads all of a complete run, as `fit` and `report` do. */
async function used(folder: string): Promise<void> {
  const manifest = await readManifest(folder);
  for await (const _chunk of (await openRun(folder)).chunks('avalanche'));
  await checkFiles(folder, manifest.files, ['scaling.parquet']);
  await readRows(join(folder, 'scaling.parquet'), 'scaling');
}

/** One seeded trial: a run as it was cut off somewhere, one damage, and then its use. */
export async function trial({ folder, wholeHash }: Stock, seed: number): Promise<Trial> {
  const random = uniform(seed * 7919 + 1);
  for (let i = 0; i < 8; i++) random();
  const draw: Draw = (n) => Math.floor(random() * n);
  const to = 1 + draw(partitions);
  const at = join(folder, `trial-${seed}`);
  cpSync(join(folder, `1-${to}`), at, { recursive: true });
  try {
    const done = damage(at, join(folder, `2-${to}`), draw)!;
    const what = `after ${to} of ${partitions}: ${done.file} ${done.what}`;
    const { damage: found } = await verify(at);
    try {
      await (to === partitions ? used(at) : resumed(at));
    } catch (error) {
      if (!isExpected(error)) return { what, outcome: 'wrong', said: String((error as Error).stack) };
      const named = error.message.includes(done.file.split('/').at(-1)!) || / swapped | put in/.test(` ${what}`);
      const seen = found.length > 0;
      return { what, outcome: named && seen ? 'refused' : 'wrong', said: `${error.message} (verify: ${found.length})` };
    }
    const same = (await hashDataset(at)) === wholeHash && (await verify(at)).damage.length === 0;
    return { what, outcome: same && existsSync(join(at, 'manifest.json')) ? 'same bits' : 'wrong' };
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
}
