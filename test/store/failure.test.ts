import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeRows } from '../../src/cli/plain-rows.ts';
import { StoreError } from '../../src/error.ts';
import { replaceFile } from '../../src/report/replace-file.ts';
import { makeBatch } from '../../src/schema/batch.ts';
import { createDataset, openDataset } from '../../src/store/dataset.ts';
import { readManifest } from '../../src/store/folder.ts';
import { parquetSink } from '../../src/store/parquet/sink.ts';
import { writeTable } from '../../src/store/write-table.ts';
import { avalancheColumns } from './avalanche-columns.ts';
import { scratchFolder } from './scratch.ts';

const scratch = scratchFolder();
const batch = makeBatch('avalanche', avalancheColumns(10_000, 1), 10_000);
const head = { pipeline: 'p', parameters: {}, seed: 1, kernel: 'simd', record: ['avalanche'] };

const rejections: unknown[] = [];
const onRejection = (reason: unknown): void => void rejections.push(reason);
process.on('unhandledRejection', onRejection);
afterAll(() => {
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
});

/** A file system of 1 MiB at scratch/small, or the reason why there is none. */
function mountSmall(): { folder: string; reason: string | undefined } {
  const folder = join(scratch, 'small');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    return { folder, reason: String((error as { stderr?: Buffer }).stderr ?? error).trim() };
  }
  afterAll(() => {
    execFileSync('umount', [folder]);
  });
  return { folder, reason: undefined };
}

const small = mountSmall();
if (small.reason !== undefined)
  console.info(`skipped: the tests on a full disk, no small disk can be mounted (${small.reason})`);

describe('parquetSink on a disk that fails', () => {
  it.skipIf(small.reason !== undefined)(
    'is one StoreError that names the file, and leaves nothing that looks whole',
    async () => {
      const write = async (): Promise<void> => {
        await using sink = parquetSink('avalanche', small.folder, 'avalanche/part.parquet', { rowGroupRows: 10_000 });
        for (let i = 0; i < 20; i++) await sink.write(batch);
        await sink.commit();
      };
      const failure: unknown = await write().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StoreError);
      expect((failure as Error).message).toMatch(
        /^cannot write .*small\/avalanche\/part.parquet: no space is left on the device \(ENOSPC\)$/,
      );
      expect(readdirSync(join(small.folder, 'avalanche'))).toEqual([]);
    },
  );

  it.skipIf(small.reason !== undefined)('is the same for tables as texts, and for pages', async () => {
    mkdirSync(join(small.folder, 'texts'));
    const rows = Array.from({ length: 60_000 }, (_, i) => ({ ensemble: 0, perturbation: 1e15 + i }));
    for (const write of [
      () => writeRows(join(small.folder, 'texts', 'a.csv'), 'avalanche', rows),
      () => writeRows(join(small.folder, 'texts', 'a.json'), 'avalanche', rows),
      () => replaceFile(join(small.folder, 'texts', 'a.html'), 'x'.repeat(2 ** 21)),
    ]) {
      await expect(write()).rejects.toThrow(
        /^cannot write .*texts\/a\.\w+: no space is left on the device \(ENOSPC\)$/,
      );
      expect(readdirSync(join(small.folder, 'texts'))).toEqual([]);
    }
  });

  it.skipIf(small.reason !== undefined)(
    'keeps what was committed before the disk was full, to be resumed when there is room',
    async () => {
      const folder = join(small.folder, 'run');
      const fill = async (): Promise<void> => {
        await using dataset = await createDataset(folder, head);
        for (let index = 0; ; index++) {
          const path = `avalanche/part-0000-0000${index}.parquet`;
          await using sink = parquetSink('avalanche', folder, path);
          await sink.write(batch);
          await dataset.commit({ ensemble: 0, index, parts: [await sink.commit()] });
          await dataset.saveCheckpoint([]);
        }
      };
      await expect(fill()).rejects.toThrow(/no space is left/);
      const { status } = await readManifest(folder);
      expect(status).toBe('running');
      await using dataset = await openDataset(folder);
      expect(dataset.journal.length).toBeGreaterThan(2);
      expect(readdirSync(join(folder, 'avalanche'))).toHaveLength(dataset.journal.length);
    },
  );

  it('names the file where its folder cannot be made', async () => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    await using sink = parquetSink('avalanche', file, 'avalanche/part.parquet');
    expect(sink.write(batch)).toBeUndefined();
    await expect(sink.commit()).rejects.toThrow(/cannot write .*file\/avalanche\/part.parquet: .*not a folder/);
    await expect(writeTable('/proc/none/exponents.parquet', 'exponents', [])).rejects.toThrow(StoreError);
  });

  it('leaves nothing behind where it is disposed of without a commit', async () => {
    const folder = join(scratch, 'disposed');
    {
      await using sink = parquetSink('avalanche', folder, 'part.parquet', { rowGroupRows: 10_000 });
      await sink.write(batch);
      expect(readdirSync(folder)).toEqual(['.part.parquet.tmp']);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses to write after its end', async () => {
    const sink = parquetSink('avalanche', scratch, 'ended.parquet');
    await sink.commit();
    expect(() => sink.write(batch)).toThrow(/is committed/);
    await sink[Symbol.asyncDispose]();
    expect(existsSync(join(scratch, 'ended.parquet'))).toBe(true);
  });
});

describe('parquetSink behind', () => {
  it('holds one row group: write gives a promise exactly where one is full', async () => {
    await using sink = parquetSink('avalanche', scratch, 'groups.parquet', { rowGroupRows: 25_000 });
    const behind: boolean[] = [];
    for (let i = 0; i < 10; i++) {
      const writing = sink.write(batch);
      behind.push(writing !== undefined);
      await writing;
    }
    // 100,000 rows fill 4 groups, with batch 3 (of 1 to 10), 5, 8 and 10.
    expect(behind).toEqual([false, false, true, false, true, false, false, true, false, true]);
  });
});
