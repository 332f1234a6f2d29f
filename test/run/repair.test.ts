import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repair, resume, run, type Snapshot, verify } from 'crackle';
import { expect, it } from 'vitest';
import { hashDataset } from '../store/hash-dataset.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const small = { widths: [16, 24], depth: 30, valid: 300, alternatives: false, blocks: 4 };

const encodings = ['portable', 'compact'] as const;

it.each(encodings)(
  'computes damaged parts and tables again (%s), and puts back the bits that were written',
  async (parquet) => {
    const out = join(folder, parquet);
    const how = { workers: 1, figures: false, record: ['avalanche'], keepState: true };
    await run('gaussian-avalanches', small, { ...how, out, parquet });
    const hash = await hashDataset(out);
    const damaged = ['avalanche/part-0001-00003.parquet', 'scaling.parquet'];
    for (const file of damaged) writeFileSync(join(out, file), readFileSync(join(out, file)).fill(0, 8, 40));
    rmSync(join(out, 'avalanche/part-0000-00000.parquet'));
    const { repaired, failed, verdict } = await repair(out);
    expect([...repaired].sort()).toEqual(['avalanche/part-0000-00000.parquet', ...damaged]);
    expect(failed).toEqual([]);
    expect(verdict.damage).toEqual([]);
    expect(await hashDataset(out)).toBe(hash);
    await expect(repair(out, 'none.ts')).rejects.toThrow(
      /is a run of crackle's own gaussian-avalanches: name no pipeline$/,
    );
  },
);

it('says what it can’t mend, and why, and leaves it as it is', async () => {
  const out = join(folder, 'stateless');
  await run('gaussian-avalanches', small, { out, workers: 1, figures: false, record: ['avalanche'] });
  const path = join(out, 'scaling.parquet');
  writeFileSync(path, readFileSync(path).fill(0, 8, 40));
  const zeroed = readFileSync(path);
  const { repaired, failed } = await repair(out);
  expect(repaired).toEqual([]);
  expect(failed).toMatchObject([{ file: 'scaling.parquet', advice: expect.stringContaining('--keep-state') }]);
  expect(readFileSync(path)).toEqual(zeroed);
  expect((await verify(out)).damage).toHaveLength(1);
});

it('computes the states of a shard again, and puts back the bits that were written', async () => {
  const out = join(folder, 'shard');
  await run('gaussian-avalanches', small, { out, workers: 1, figures: false, shard: { index: 2, of: 2 } });
  const path = join(out, 'state/part-0001-00003.bin');
  const written = readFileSync(path);
  writeFileSync(path, Buffer.from(written).fill(0, 8, 40));
  rmSync(join(out, 'state/part-0000-00001.bin'));
  const { repaired, failed, verdict } = await repair(out);
  expect(failed).toEqual([]);
  expect([...repaired].sort()).toEqual(['state/part-0000-00001.bin', 'state/part-0001-00003.bin']);
  expect(verdict.damage).toEqual([]);
  expect(readFileSync(path)).toEqual(written);
});

it('sets an unfinished run without its journal or its checkpoint back to its start, from where it comes to the same bits', async () => {
  const whole = join(folder, 'whole');
  const cut = join(folder, 'cut');
  const how = { workers: 1, figures: false };
  await run('gaussian-avalanches', small, { ...how, record: ['avalanche'], out: whole });
  const stop = new AbortController();
  const onSnapshot = ({ total }: Snapshot): void => {
    if (total.valid > 150) stop.abort();
  };
  await run('gaussian-avalanches', small, { ...how, record: ['avalanche'], out: cut, signal: stop.signal, onSnapshot });
  for (const lost of ['journal.jsonl', 'checkpoint/state.bin']) {
    const out = join(folder, `without-${lost.slice(0, 4)}`);
    cpSync(cut, out, { recursive: true });
    rmSync(join(out, lost));
    await expect(resume(out, how)).rejects.toThrow(lost);
    expect(await repair(out)).toMatchObject({ startsAgain: true, repaired: [], failed: [], verdict: { damage: [] } });
    expect(existsSync(join(out, 'journal.jsonl'))).toBe(false);
    if (lost === 'journal.jsonl') continue;
    await resume(out, how);
    expect(await hashDataset(out)).toBe(await hashDataset(whole));
  }
});
