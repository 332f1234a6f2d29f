import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/run/run.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hashDataset } from '../store/hash-dataset.ts';

const folder = temporaryFolder();
const toy = {
  models: ['resnet-18'],
  thresholds: [-1, 0],
  widthMultiplier: 1 / 16,
  inputSize: 8,
  batch: 8,
  calibration: 32,
  networks: 6,
  perturbations: 96,
  backend: 'simd' as const,
  profilePoints: 8,
  alternatives: false,
};

describe('resnet-avalanches --surrogate', () => {
  it('finds avalanches of null models at the thresholds of each network; the same bits for any workers', async () => {
    const hashes: string[] = [];
    for (const workers of [1, 2]) {
      const out = join(folder, `null-model-${workers}`);
      const options = { out, record: ['avalanche', 'tally'], workers, seed: 3, figures: false };
      const values = { ...toy, surrogate: ['gaussian', 'shuffle'] as const };
      const { tables, figures } = await run('resnet-avalanches', values, options);
      hashes.push(await hashDataset(out));
      const rows = tables.ensemble!;
      expect(rows.map((row) => [row.ensemble, row.surrogate, row.threshold])).toEqual([
        [0, null, -1],
        [1, null, 0],
        [2, 'gaussian', -1],
        [3, 'gaussian', 0],
        [4, 'shuffle', -1],
        [5, 'shuffle', 0],
      ]);
      for (const row of rows) expect(Number(row.valid) + Number(row.dead) + Number(row.censored)).toBe(96);
      // Every value of the first layer is in the shuffled signals once, and held against the same threshold of its network.
      expect(rows[4]!.dead).toBe(rows[0]!.dead);
      expect(rows[5]!.dead).toBe(rows[1]!.dead);
      // A Gaussian of the same correlations outlasts the network as the signals do; shuffled ones do not.
      expect(Number(rows[2]!.censored)).toBeGreaterThan(0);
      expect(Number(rows[5]!.censored)).toBeLessThan(3);
      expect(tables.surrogate!.map((row) => row.surrogate_ensemble)).toContain(5);
      expect(figures.map(({ name }) => name)).toContain('surrogates');
    }
    expect(hashes[0]).toBe(hashes[1]);
  });

  it('leaves what is measured as it is', async () => {
    const options = { workers: 1, seed: 3 };
    const without = await run('resnet-avalanches', toy, options);
    const having = await run('resnet-avalanches', { ...toy, surrogate: ['phase'] }, options);
    for (const table of ['ensemble', 'exponents'] as const) {
      expect(having.tables[table]!.slice(0, 2)).toEqual(without.tables[table]);
      expect(having.tables[table]).toHaveLength(4);
    }
  });
});
