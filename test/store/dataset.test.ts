import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { StoreError } from '../../src/error.ts';
import { makeBatch } from '../../src/schema/batch.ts';
import { createDataset, openDataset } from '../../src/store/dataset.ts';
import { readManifest } from '../../src/store/folder.ts';
import type { ManifestHead } from '../../src/store/manifest.ts';
import { partSink } from '../../src/store/part-sink.ts';
import type { Part } from '../../src/store/sink.ts';
import { smallDisk } from '../run/small-disk.ts';
import { avalancheColumns } from './avalanche-columns.ts';
import { query } from './duckdb.ts';
import { hashDataset } from './hash-dataset.ts';
import { scratchFolder } from './scratch.ts';

const scratch = scratchFolder();
let folders = 0;
const freshFolder = (): string => join(scratch, `run-${folders++}`);

const head: ManifestHead = {
  pipeline: 'gaussian-avalanches',
  parameters: { widths: [128, 256], valid: Infinity, weightVariance: null, engine: 'annealed' },
  seed: 7,
  kernel: 'simd',
  record: ['avalanche'],
};

async function writePart(folder: string, index: number, rows = 10 + index): Promise<Part> {
  await using sink = partSink(folder, 'avalanche', { ensemble: 0, index });
  await sink.write(makeBatch('avalanche', avalancheColumns(rows, index), rows));
  return await sink.commit();
}

const scaling = [
  {
    ensemble: 0,
    width: 128,
    weight_variance: 1,
    bias_variance: 0,
    duration: 1,
    count: 5,
    excluded: 0,
    mean_size: 2,
    mean_log_size: NaN,
  },
];

/** A whole small run: parts committed in order, one result table. */
async function wholeRun(folder: string): Promise<void> {
  await using dataset = await createDataset(folder, head);
  for (let index = 0; index < 3; index++) {
    await dataset.commit({ ensemble: 0, index, parts: [await writePart(folder, index)] });
  }
  await dataset.writeTable('scaling', scaling);
  await dataset.finish('complete', { valid: 33 });
}

describe('createDataset', () => {
  it('ends as a folder whose manifest lists every part and result table with its rows', async () => {
    const folder = freshFolder();
    await wholeRun(folder);
    const manifest = await readManifest(folder);
    expect(manifest).toMatchObject({ ...head, status: 'complete', counts: { valid: 33 } });
    expect(manifest.node).toBe(process.versions.node);
    expect(Date.parse(manifest.ended!)).toBeGreaterThanOrEqual(Date.parse(manifest.started));
    expect(manifest.tables.avalanche).toMatchObject({
      rows: 33,
      parts: [0, 1, 2].map((index) => `avalanche/part-0000-0000${index}.parquet`),
    });
    expect(manifest.tables.scaling).toMatchObject({ rows: 1, parts: ['scaling.parquet'] });
    expect(await query(`select count(*) from '${folder}/avalanche/*.parquet'`)).toEqual([[33n]]);
    expect(
      await query(`select mean_size, isnan(mean_log_size), var_log_size from '${folder}/scaling.parquet'`),
    ).toEqual([[2, true, null]]);
    expect(existsSync(join(folder, 'journal.jsonl'))).toBe(false);
  });

  it('leaves an empty folder where there is no room for its manifest, which the next one takes', async ({ skip }) => {
    const disk = smallDisk(freshFolder(), 4) ?? skip('no small disk');
    const folder = join(disk, 'run');
    await expect(createDataset(folder, head)).rejects.toThrow(/no space is left on the device \(ENOSPC\)/);
    expect(readdirSync(folder)).toEqual([]);
    execFileSync('mount', ['-o', 'remount,size=1m', disk]);
    await (await createDataset(folder, head))[Symbol.asyncDispose]();
    expect((await readManifest(folder)).status).toBe('running');
  });

  it.runIf(existsSync('/proc/self/fd'))('has the disk know the names of the folders that it makes', async () => {
    const folder = join(freshFolder(), 'below/run');
    const handle = await open(scratch);
    const kind = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const synced: string[] = [];
    const { sync } = kind;
    const spy = vi.spyOn(kind, 'sync').mockImplementation(function (this: FileHandle) {
      synced.push(readlinkSync(`/proc/self/fd/${this.fd}`));
      return sync.call(this);
    });
    onTestFinished(() => spy.mockRestore());
    await wholeRun(folder);
    for (const made of [folder, dirname(folder), dirname(dirname(folder)), join(folder, 'avalanche')]) {
      expect(synced).toContain(dirname(made));
    }
  });

  it('says running until it is finished', async () => {
    const folder = freshFolder();
    await using _dataset = await createDataset(folder, head);
    expect((await readManifest(folder)).status).toBe('running');
  });

  it('refuses a folder that holds a run or anything else, and leaves it alone', async () => {
    const folder = freshFolder();
    await wholeRun(folder);
    await expect(createDataset(folder, head)).rejects.toThrow(
      /already holds a run of gaussian-avalanches \(status complete\)/,
    );
    const other = freshFolder();
    mkdirSync(other);
    writeFileSync(join(other, 'thesis.tex'), 'all of it');
    await expect(createDataset(other, head)).rejects.toThrow(/not empty and holds no run \(thesis.tex is there\)/);
    await expect(createDataset(other, head)).rejects.toThrow(StoreError);
    expect(readFileSync(join(other, 'thesis.tex'), 'utf8')).toBe('all of it');
  });

  it('is one StoreError where the folder cannot be made', async () => {
    const file = join(scratch, 'a-file');
    writeFileSync(file, '');
    await expect(createDataset(join(file, 'run'), head)).rejects.toThrow(StoreError);
    await expect(createDataset(join(file, 'run'), head)).rejects.toThrow(
      /cannot create run folder .*a-file\/run: .*not a folder/,
    );
    await expect(createDataset('/proc/crackle-run', head)).rejects.toThrow(StoreError);
  });
});

describe('openDataset', () => {
  it('lets a writer that was taken for dead, and wakes up, change nothing of what the next one counts on', async () => {
    const folder = freshFolder();
    await using first = await createDataset(folder, head);
    await first.commit({ ensemble: 0, index: 0, parts: [await writePart(folder, 0)] });
    await first.saveCheckpoint([{ next: 1 }]);
    // As the next one finds the lock of a container that was silent for five minutes.
    rmSync(join(folder, 'run.lock'));
    await using second = await openDataset(folder);
    await first.commit({ ensemble: 0, index: 1, parts: [await writePart(folder, 1)] });
    const counted = ['manifest.json', 'journal.jsonl', 'checkpoint/state.bin', 'run.lock'];
    const contents = () => counted.map((file) => readFileSync(join(folder, file), 'utf8'));
    const before = contents();
    for (const act of [
      () => first.saveCheckpoint([{ next: 2 }]),
      () => first.retain(() => false),
      () => first.writeTable('exponents', []),
      () => first.saveStates([]),
      () => first.finish('complete', { valid: 21 }),
    ]) {
      await expect(act()).rejects.toThrow(`${folder} was taken over by another process`);
      expect(contents()).toEqual(before);
    }
    await second.commit({ ensemble: 0, index: 1, parts: [await writePart(folder, 1)] });
    await second.finish('complete', { valid: 21 });
    expect((await readManifest(folder)).tables.avalanche).toMatchObject({ rows: 21 });
    await expect(first.finish('complete', { valid: 10 })).rejects.toThrow(`${folder} has no lock any more`);
    expect((await readManifest(folder)).tables.avalanche).toMatchObject({ rows: 21 });
  });

  it('ends a run whose lock is removed by hand, with one sentence and a folder to go on with', async () => {
    const folder = freshFolder();
    {
      await using first = await createDataset(folder, head);
      await first.commit({ ensemble: 0, index: 0, parts: [await writePart(folder, 0)] });
      await first.saveCheckpoint([{ next: 1 }]);
      rmSync(join(folder, 'run.lock'));
      await expect(first.saveCheckpoint([{ next: 1 }])).rejects.toThrow(`${folder} has no lock any more`);
    }
    await using second = await openDataset(folder);
    expect(await second.loadCheckpoint()).toEqual([{ next: 1 }]);
    await second.commit({ ensemble: 0, index: 1, parts: [await writePart(folder, 1)] });
    await second.finish('complete', { valid: 21 });
  });

  it('goes on with an interrupted run and ends with the same bits as a run that was not', async () => {
    const whole = freshFolder();
    await wholeRun(whole);
    const folder = freshFolder();
    {
      await using dataset = await createDataset(folder, head);
      await dataset.commit({ ensemble: 0, index: 0, parts: [await writePart(folder, 0)] });
      await dataset.saveCheckpoint([{ next: 1 }]);
      await writePart(folder, 1, 99);
      await dataset.finish('partial', { valid: 10 });
    }
    expect((await readManifest(folder)).status).toBe('partial');
    {
      await using dataset = await openDataset(folder);
      expect(await dataset.loadCheckpoint()).toEqual([{ next: 1 }]);
      expect(dataset.journal.map((entry) => entry.index)).toEqual([0]);
      expect(dataset.manifest.parameters).toEqual(head.parameters);
      for (let index = 1; index < 3; index++) {
        await dataset.commit({ ensemble: 0, index, parts: [await writePart(folder, index)] });
      }
      await dataset.writeTable('scaling', scaling);
      await dataset.finish('complete', { valid: 33 });
    }
    expect(await hashDataset(folder)).toBe(await hashDataset(whole));
    expect(existsSync(join(folder, 'checkpoint'))).toBe(false);
  });

  it('removes parts that were not committed and unfinished files, and nothing of the user', async () => {
    const folder = freshFolder();
    {
      await using dataset = await createDataset(folder, head);
      await dataset.commit({ ensemble: 0, index: 0, parts: [await writePart(folder, 0)] });
      await dataset.saveCheckpoint([]);
    }
    await writePart(folder, 5);
    const unfinished = join(folder, '.unfinished/avalanche-part-0000-00006.parquet.tmp');
    mkdirSync(join(folder, '.unfinished'), { recursive: true });
    writeFileSync(unfinished, 'half');
    const notes = join(folder, 'notes.txt.tmp');
    writeFileSync(notes, 'mine');
    await using dataset = await openDataset(folder);
    expect(existsSync(unfinished)).toBe(false);
    expect(existsSync(join(folder, 'avalanche/part-0000-00005.parquet'))).toBe(false);
    expect(existsSync(join(folder, 'avalanche/part-0000-00000.parquet'))).toBe(true);
    expect(existsSync(notes)).toBe(true);
    expect(dataset.manifest.status).toBe('running');
  });

  it('goes on from the checkpoint: what came after it is computed again, whole or not', async () => {
    const folder = freshFolder();
    {
      await using dataset = await createDataset(folder, head);
      await dataset.commit({ ensemble: 0, index: 0, parts: [await writePart(folder, 0)] });
      await dataset.saveCheckpoint([]);
      for (const index of [1, 2]) await dataset.commit({ ensemble: 0, index, parts: [await writePart(folder, index)] });
    }
    // As a power cut may leave it: a part without content, one without a name, half a line.
    truncateSync(join(folder, 'avalanche/part-0000-00001.parquet'), 0);
    rmSync(join(folder, 'avalanche/part-0000-00002.parquet'));
    appendFileSync(join(folder, 'journal.jsonl'), '{"ensemble":0,"ind');
    {
      await using dataset = await openDataset(folder);
      expect(dataset.journal.map((entry) => entry.index)).toEqual([0]);
      expect(existsSync(join(folder, 'avalanche/part-0000-00001.parquet'))).toBe(false);
      await dataset.commit({ ensemble: 0, index: 1, parts: [await writePart(folder, 1)] });
      await dataset.saveCheckpoint([]);
    }
    await using dataset = await openDataset(folder);
    expect(dataset.journal.map((entry) => entry.index)).toEqual([0, 1]);
  });

  it('keeps the partitions it is told to and forgets the others with their files', async () => {
    const folder = freshFolder();
    await using dataset = await createDataset(folder, head);
    for (const index of [0, 1, 2])
      await dataset.commit({ ensemble: 0, index, parts: [await writePart(folder, index)] });
    await dataset.retain((entry) => entry.index < 1);
    expect(existsSync(join(folder, 'avalanche/part-0000-00001.parquet'))).toBe(false);
    await dataset.commit({ ensemble: 0, index: 1, parts: [await writePart(folder, 1)] });
    await dataset.saveCheckpoint([]);
    const { tables } = await dataset.finish('partial', {});
    expect(tables.avalanche).toMatchObject({ rows: 21 });
    await using again = await openDataset(folder);
    expect(again.journal.map((entry) => entry.index)).toEqual([0, 1]);
  });

  it('refuses a folder without a run, a complete run, and one whose parts were tampered with', async () => {
    await expect(openDataset(scratch)).rejects.toThrow(/is not a run folder: it has no manifest.json/);
    const folder = freshFolder();
    await wholeRun(folder);
    await expect(openDataset(folder)).rejects.toThrow(/is complete: nothing is left to resume/);
    const damaged = freshFolder();
    {
      await using dataset = await createDataset(damaged, head);
      await dataset.commit({ ensemble: 0, index: 0, parts: [await writePart(damaged, 0)] });
      await dataset.saveCheckpoint([]);
    }
    truncateSync(join(damaged, 'avalanche/part-0000-00000.parquet'), 100);
    await expect(openDataset(damaged)).rejects.toThrow(
      /is damaged: avalanche\/part-0000-00000.parquet has 100 bytes, expected \d+/,
    );
    writeFileSync(join(damaged, 'manifest.json'), '{"status"');
    await expect(openDataset(damaged)).rejects.toThrow(/is not a readable manifest/);
    writeFileSync(join(damaged, 'manifest.json'), '{"status":"complete"}');
    await expect(openDataset(damaged)).rejects.toThrow(/is not the manifest of a crackle run/);
  });
});

describe('tidying a run folder', () => {
  const part = 'part-0000-00007.parquet';

  it("removes nothing through links nor in folders of anybody's, and ends where folders lead into themselves", async () => {
    const elsewhere = freshFolder();
    mkdirSync(join(elsewhere, 'avalanche'), { recursive: true });
    const theirs = ['avalanche', '.'].map((at) => join(elsewhere, at, part));
    for (const path of theirs) writeFileSync(path, 'theirs');
    const folder = freshFolder();
    await using dataset = await createDataset(folder, head);
    symlinkSync(elsewhere, join(folder, 'other'));
    symlinkSync('.', join(folder, 'a'));
    symlinkSync('.', join(folder, 'b'));
    symlinkSync(join(elsewhere, part), join(folder, 'linked.parquet.tmp'));
    mkdirSync(join(folder, 'sample'));
    writeFileSync(join(folder, 'sample', part), 'mine');
    writeFileSync(join(folder, 'mine.parquet.tmp'), 'mine');
    const mine = await writePart(folder, 0);
    symlinkSync(join(elsewhere, part), join(folder, 'avalanche', part));
    await dataset.commit({ ensemble: 0, index: 0, parts: [mine] });
    await dataset.finish('complete', {});
    for (const path of theirs) expect(readFileSync(path, 'utf8')).toBe('theirs');
    for (const name of [`sample/${part}`, 'mine.parquet.tmp'])
      expect(readFileSync(join(folder, name), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, '.unfinished'))).toBe(false);
  });

  it.each(['avalanche', 'checkpoint', '.unfinished'])('refuses to go on where %s is a link', async (name) => {
    const folder = freshFolder();
    {
      await using _dataset = await createDataset(folder, head);
    }
    rmSync(join(folder, name), { recursive: true, force: true });
    const elsewhere = freshFolder();
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, part), 'theirs');
    symlinkSync(elsewhere, join(folder, name));
    await expect(openDataset(folder)).rejects.toThrow(`${name} in ${folder} is a symbolic link`);
    expect(existsSync(join(elsewhere, part))).toBe(true);
  });

  it('shows a half-written part to no reader of the folder of its table', async () => {
    const folder = freshFolder();
    await using dataset = await createDataset(folder, head);
    await dataset.commit({ ensemble: 0, index: 0, parts: [await writePart(folder, 0)] });
    await using sink = partSink(folder, 'avalanche', { ensemble: 0, index: 1 }, { rowGroupRows: 10 });
    await sink.write(makeBatch('avalanche', avalancheColumns(50, 1), 50));
    expect(readdirSync(join(folder, 'avalanche'))).toEqual(['part-0000-00000.parquet']);
    expect(readdirSync(join(folder, '.unfinished'))).toEqual(['avalanche-part-0000-00001.parquet.tmp']);
  });
});

describe('a checkpoint', () => {
  it('brings back typed arrays, maps, NaN and bigints, and replaces the one before', async () => {
    const folder = freshFolder();
    await using dataset = await createDataset(folder, head);
    expect(await dataset.loadCheckpoint()).toBeUndefined();
    await dataset.saveCheckpoint(['first']);
    const value = {
      counts: new Float64Array([1, NaN, -0]),
      by: new Map([[3, { n: 2n ** 60n }]]),
      next: [1, undefined],
    };
    const long = new Float64Array(1e6).fill(2);
    await dataset.saveCheckpoint([value, undefined, long]);
    const [found, none, again, ...more] = (await dataset.loadCheckpoint())!;
    expect([found, none, more]).toEqual([value, undefined, []]);
    expect(again).toBeInstanceOf(Float64Array);
    expect(Buffer.from((again as Float64Array).buffer).equals(Buffer.from(long.buffer))).toBe(true);
    await dataset.saveCheckpoint([]);
    expect(await dataset.loadCheckpoint()).toEqual([]);
  });

  it('is a StoreError where it is damaged or cut off anywhere', async () => {
    const folder = freshFolder();
    await using dataset = await createDataset(folder, head);
    await dataset.saveCheckpoint([new Float64Array(4), 'second']);
    const path = join(folder, 'checkpoint/state.bin');
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at++) {
      const broken = Buffer.from(bytes);
      broken[at]! ^= 1;
      writeFileSync(path, broken);
      await expect(dataset.loadCheckpoint()).rejects.toThrow(
        at < 21 ? /is not a checkpoint/ : /is damaged: its checksum/,
      );
      writeFileSync(path, bytes.subarray(0, at));
      await expect(dataset.loadCheckpoint()).rejects.toThrow(StoreError);
    }
    writeFileSync(path, 'something else');
    await expect(dataset.loadCheckpoint()).rejects.toThrow(StoreError);
  });
});

describe('hashDataset', () => {
  it('depends on contents and names, not on the manifest', async () => {
    const [a, b] = [freshFolder(), freshFolder()];
    await wholeRun(a);
    await wholeRun(b);
    writeFileSync(join(b, 'manifest.json'), 'other');
    expect(await hashDataset(a)).toBe(await hashDataset(b));
    appendFileSync(join(b, 'scaling.parquet'), 'x');
    expect(await hashDataset(a)).not.toBe(await hashDataset(b));
  });
});
