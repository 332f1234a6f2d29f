import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
// The built package: threads from sources compile it anew each time.
import { repair, run, verify } from 'crackle';
import { expect, it } from 'vitest';
import { hashDataset } from '../store/hash-dataset.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const small = { widths: [16, 24], depth: 30, valid: 300, alternatives: false };

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
