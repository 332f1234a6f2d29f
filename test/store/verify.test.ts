import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeBatch } from '../../src/schema/batch.ts';
import { createDataset } from '../../src/store/dataset.ts';
import { partSink } from '../../src/store/part-sink.ts';
import { verify } from '../../src/store/verify.ts';
import { avalancheColumns } from './avalanche-columns.ts';
import { scratchFolder } from './scratch.ts';

const scratch = scratchFolder();

async function made(name: string, status: 'partial' | 'complete'): Promise<string> {
  const folder = join(scratch, name);
  const head = { pipeline: 'p', parameters: {}, seed: 1, kernel: 'simd', record: ['avalanche'], keep_state: true };
  await using dataset = await createDataset(folder, head);
  for (let index = 0; index < 2; index++) {
    await using sink = partSink(folder, 'avalanche', { ensemble: 0, index });
    await sink.write(makeBatch('avalanche', avalancheColumns(9, index), 9));
    await dataset.commit({ ensemble: 0, index, parts: [await sink.commit()] });
  }
  await dataset.saveCheckpoint([]);
  await dataset.saveStates([]);
  await dataset.finish(status, {});
  return folder;
}

it('finds nothing in what was written, complete or not', async () => {
  expect(await verify(await made('whole', 'complete'))).toMatchObject({ status: 'complete', files: 3, damage: [] });
  expect(await verify(await made('partial', 'partial'))).toMatchObject({ status: 'partial', files: 2, damage: [] });
});

it('names every damage of a complete run, and what to do', async () => {
  const folder = await made('damaged', 'complete');
  const first = join(folder, 'avalanche/part-0000-00000.parquet');
  writeFileSync(join(folder, 'avalanche/part-0000-00009.parquet'), readFileSync(first));
  writeFileSync(first, readFileSync(first).fill(0, 20, 40));
  rmSync(join(folder, 'states.bin'));
  const { damage } = await verify(folder);
  expect(damage.map(({ file, what }) => `${file} ${what}`)).toEqual([
    'avalanche/part-0000-00000.parquet is not as it was written: its checksum differs',
    'states.bin is missing',
    'avalanche/part-0000-00009.parquet is no part of the run',
  ]);
  for (const { advice } of damage) expect(advice).toMatch(/bring back|run it anew|move it/);
});

it('names what keeps a partial run from going on', async () => {
  for (const file of ['journal.jsonl', 'checkpoint/state.bin']) {
    const folder = await made(`lost-${file.length}`, 'partial');
    rmSync(join(folder, file));
    expect((await verify(folder)).damage).toMatchObject([{ file, what: expect.stringContaining('is missing') }]);
  }
  mkdirSync(join(scratch, 'nothing'));
  expect((await verify(join(scratch, 'nothing'))).damage).toMatchObject([{ file: 'manifest.json' }]);
});

it('says what keeps a file from being read, which is not missing for that', async () => {
  const folder = await made('unreadable', 'complete');
  rmSync(join(folder, 'avalanche'), { recursive: true });
  symlinkSync('avalanche', join(folder, 'avalanche'));
  await expect(verify(folder)).rejects.toThrow(
    `cannot read ${join(folder, 'avalanche/part-0000-00000.parquet')}: it leads through a symbolic link`,
  );
});

it('refuses a folder that is not there', async () => {
  await expect(verify(join(scratch, 'nowhere'))).rejects.toThrow(`there is no folder ${join(scratch, 'nowhere')}`);
  writeFileSync(join(scratch, 'a-file'), '');
  await expect(verify(join(scratch, 'a-file'))).rejects.toThrow('there is no folder');
});
