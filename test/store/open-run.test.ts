import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import meanSizes from '../../docs/snippets/open-run.ts';
import durations from '../../docs/snippets/recorded-reducer.ts';
import { openRun } from '../../src/index.ts';
import { rowsToBatch } from '../../src/schema/rows.ts';
import { createDataset } from '../../src/store/dataset.ts';
import { partSink } from '../../src/store/part-sink.ts';
import { crackle, root } from '../cli/crackle.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();

const rows = Array.from({ length: 40 }, (_, i) => ({
  ...{ ensemble: 0, network: 0, perturbation: i, start: 1, duration: 1 + i, censored: i % 7 === 0 },
  ...{ size: i + 0.5, signal_size: i + 1.5, peak: 1 },
}));

describe('openRun(folder)', () => {
  it('reads a table over all parts of a run, and refuses a run that has not ended', async () => {
    const out = join(folder, 'run');
    const head = { pipeline: 'p', parameters: {}, seed: 1, kernel: 'simd', record: ['avalanche'] };
    await using dataset = await createDataset(out, head);
    await expect(openRun(out)).rejects.toThrow(/is not finished/);
    for (const index of [1, 0]) {
      await using sink = partSink(out, 'avalanche', { ensemble: 0, index });
      await sink.write(rowsToBatch('avalanche', rows.slice(index * 20, (index + 1) * 20)));
      await dataset.commit({ ensemble: 0, index, parts: [await sink.commit()] });
    }
    const counts = { perturbations: 40, valid: 34, dead: 0, censored: 6, non_finite: 0 };
    const network = { activation: 'tanh', engine: 'annealed', width: 64, depth: 9, input_norm: 1, reuse: 1 };
    await dataset.writeTable('ensemble', [
      { ensemble: 0, ...network, weight_variance: 1, bias_variance: 0, ...counts },
    ]);
    await dataset.finish('complete', {});
    const run = await openRun(out);
    expect(run.tables).toEqual(['avalanche', 'ensemble']);
    expect(await run.rows('avalanche')).toMatchObject(rows);
    expect((await run.columns('avalanche', ['size'])).size).toEqual(Float64Array.from(rows, ({ size }) => size));
    await expect(run.rows('signal')).rejects.toThrow(/has no table 'signal'; it has avalanche, ensemble/);
    const sizes: number[] = [];
    const read: object[] = [];
    for await (const batch of run.batches('avalanche')) {
      sizes.push(batch.numRows);
      read.push(...batch.toArray().map((row: { toJSON(): object }) => row.toJSON()));
    }
    expect(sizes).toEqual([20, 20]);
    for await (const batch of run.batches('ensemble')) {
      expect(batch.get(0)!.toJSON()).toMatchObject({ model: null, width: 64, engine: 'annealed', valid: 34n });
    }
    expect(read).toEqual(rows.map((row) => ({ ...row, network: 0n, perturbation: BigInt(row.perturbation) })));
    const ended = rows.filter(({ censored }) => !censored).map(({ duration }) => duration);
    const twice = (await durations(out, out)).get(0)!;
    expect([twice.count, twice.maximum]).toEqual([2 * ended.length, 40]);
    expect(twice.mean).toBeCloseTo(ended.reduce((sum, d) => sum + d) / ended.length, 12);
    expect(await meanSizes(out)).toEqual(new Map([['N = 64', 20]]));
    writeFileSync(join(out, 'avalanche/part-0000-00001.parquet'), 'damaged');
    await expect(run.columns('avalanche')).rejects.toThrow(
      /is damaged: avalanche\/part-0000-00001\.parquet has 7 bytes/,
    );
  });

  it('reads tables of another program’s pipeline, numbers that are none apart from no value', async () => {
    const [file, out] = [join(folder, 'own.ts'), join(folder, 'own')];
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      file,
      `import { defineTable, definePipeline, moments, composition, propagate, gaussianEnsembles, gaussianParameters } from '${join(root, 'src/index.ts')}';
const own = defineTable({ name: 'foreign', version: 1, doc: 'Foreign.', fields: [
  { name: 'ensemble', type: 'int32', unit: 'index', doc: 'Ensemble.' },
  { name: 'mean', type: 'float64', unit: '1', doc: 'Mean.', nullable: true },
  { name: 'big', type: 'int64', unit: '1', doc: 'Big.' },
  { name: 'word', type: 'utf8', unit: '1', doc: 'A word.', nullable: true } ] });
export default definePipeline({ name: 'own', doc: 'own', parameters: { ...gaussianParameters }, tables: [own],
  compose: (values) => composition({
    ensembles: gaussianEnsembles({ ...values, widths: [8, 16] }), stop: { perturbations: 64 },
    stages: (partition) => partition.perturbation$.pipe(propagate(partition, { engine: 'effective', fullDepth: true })),
    reducer: moments('strength'),
    results: () => ({ foreign: [
      { ensemble: 0, mean: NaN, big: 2n ** 60n, word: 'a' }, { ensemble: 1, mean: null, big: 7, word: null } ] }) }) });
`,
    );
    const words = ['run', file, '--depth', '5', '--out', out, '--workers', '1', '--no-figures', '--progress', 'none'];
    const { code, stderr } = await crackle(words);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const run = await openRun(out);
    expect(await run.rows('foreign')).toEqual([
      { ensemble: 0, mean: Number.NaN, big: 2n ** 60n, word: 'a' },
      { ensemble: 1, mean: null, big: 7, word: null },
    ]);
    expect((await run.columns('foreign')).big).toEqual(BigInt64Array.of(2n ** 60n, 7n));
    // Every pipeline's ensembles are described, so that every table joins.
    expect((await run.rows('ensemble')).map(({ ensemble, width }) => [ensemble, width])).toEqual([
      [0, 8],
      [1, 16],
    ]);
    expect((await run.rows('ensemble'))[1]).toMatchObject({ perturbations: 64, depth: 5 });
  });
});
