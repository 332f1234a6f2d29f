import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashDataset } from '../src/store/hash.ts';
import { type ColumnChunk, readTable } from '../src/store/read-table.ts';
import { crackle, root, start } from './cli/crackle.ts';
import { temporaryFolder } from './run/temporary.ts';

const folder = temporaryFolder();
const examples = join(root, 'pipelines/examples');
const quiet = ['--progress', 'none', '--no-figures', '--workers'];
const plain = ['--alternatives', 'false'];
const small = ['--widths', '16,32', '--depth', '60'];

/** Runs an example by its path; the folder of the run. */
async function runExample(name: string, words: readonly string[], to = name): Promise<string> {
  const out = join(folder, to);
  const { code, stderr } = await crackle(['run', join(examples, `${name}.ts`), ...words, '--out', out]);
  expect(code, stderr).toBe(0);
  return out;
}

/** A recorded table, one part file after the other. */
async function recorded(out: string, table: string): Promise<ColumnChunk[]> {
  const parts = readdirSync(join(out, table)).sort();
  return Promise.all(parts.map((part) => readTable(join(out, table, part))));
}

const numbers = (chunks: readonly ColumnChunk[], name: string): number[] =>
  chunks.flatMap(({ columns }) => Array.from(columns[name]!, Number));

describe('pipelines/examples', () => {
  it('are all named in the README, and no one of them is a built-in pipeline', async () => {
    const files = readdirSync(examples);
    expect(files.length).toBeGreaterThanOrEqual(6);
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const { stdout } = await crackle(['list']);
    for (const file of files) {
      expect(readme).toContain(`pipelines/examples/${file}`);
      expect(stdout.toString()).not.toContain(file.replace('.ts', ''));
    }
  });

  it('own-stage: no reading is above the largest one, and some are cut to it', async () => {
    const few = [...plain, ...small, '--valid', '500'];
    const out = await runExample('own-stage', [...few, '--most', '2', '--record', 'signal,avalanche', ...quiet, '1']);
    const [signals, avalanches] = [await recorded(out, 'signal'), await recorded(out, 'avalanche')];
    for (const [ensemble, width] of [16, 32].entries()) {
      const most = Math.fround((2 * 0.1) / Math.sqrt(width));
      for (const [chunks, name] of [
        [signals, 'strength'],
        [avalanches, 'peak'],
      ] as const) {
        const of = numbers(chunks, 'ensemble');
        const values = numbers(chunks, name).filter((_, i) => of[i] === ensemble);
        expect(values.reduce((a, b) => Math.max(a, b))).toBe(most);
      }
    }
  });

  it('own-reducer and own-table: the longest and the mean duration of the avalanches that were recorded', async () => {
    const words = [...small, '--perturbations', '3000'];
    const out = await runExample('own-reducer', [...words, '--record', 'avalanche', ...quiet, '2']);
    const avalanches = await recorded(out, 'avalanche');
    const of = numbers(avalanches, 'ensemble');
    const all = numbers(avalanches, 'duration');
    const complete = avalanches.flatMap(({ columns }) => [...columns.censored!].map((censored) => censored === false));
    const tables = await runExample('own-table', [...words, ...quiet, '1']);
    const longest = await readTable(join(out, 'longest.parquet'));
    const { columns } = await readTable(join(tables, 'mean_duration.parquet'));
    expect(numbers([longest], 'width')).toEqual([16, 32]);
    for (const ensemble of [0, 1]) {
      const durations = all.filter((_, i) => of[i] === ensemble);
      expect(durations.length).toBeGreaterThan(500);
      expect(longest.columns.layers![ensemble]).toBe(durations.reduce((a, b) => Math.max(a, b)));
      const ended = all.filter((_, i) => of[i] === ensemble && complete[i]);
      const mean = ended.reduce((a, b) => a + b) / ended.length;
      expect(Math.abs((columns.mean![ensemble] as number) / mean - 1)).toBeLessThan(1e-12);
    }
  });

  it('own-activation: known in worker threads, and to this pipeline alone', async () => {
    const words = [...plain, ...small, '--valid', '500', ...quiet, '2'];
    const ensemble = await readTable(join(await runExample('own-activation', words), 'ensemble.parquet'));
    expect(ensemble.columns.activation).toEqual(['softsign', 'softsign']);
    expect(numbers([ensemble], 'valid').every((valid) => valid >= 500)).toBe(true);
    const { code, stderr } = await crackle(['run', 'gaussian-avalanches', '--activation', 'softsign']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/activation must be an activation such as tanh/)]);
  });

  // Four comparisons at four standard errors: a false alarm in 4 000 seeds, and the seed is fixed.
  it('own-engine: survives as a symmetric walk does, on two workers, over an interrupt', async () => {
    const words = [...plain, '--widths', '64', '--depth', '200', '--valid', '5000', '--record', 'avalanche', ...quiet];
    const whole = await runExample('own-engine', [...words, '1']);
    const out = join(folder, 'interrupted');
    const path = join(examples, 'own-engine.ts');
    const run = ['run', path, ...words, '2', '--progress', 'json', '--out', out];
    const { child, ended, stderr } = start(run);
    while (!/"fraction":0\.0*[1-9]/.test(stderr()) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect((await crackle(['resume', out, '--pipeline', path, '--progress', 'none'])).code).toBe(0);
    expect(await hashDataset(out)).toBe(await hashDataset(whole));

    const durations = numbers(await recorded(out, 'avalanche'), 'duration');
    const [perturbations] = numbers([await readTable(join(out, 'ensemble.parquet'))], 'perturbations');
    // P(the first n partial sums are ≥ 0) = C(2n, n)/4ⁿ for every continuous symmetric step (Sparre Andersen 1954).
    let survival = 1;
    for (let n = 1; n <= 4; n++) {
      survival *= (2 * n - 1) / (2 * n);
      const found = durations.filter((duration) => duration >= n).length / perturbations!;
      const error = Math.sqrt((survival * (1 - survival)) / perturbations!);
      expect(Math.abs(found - survival), `n = ${n}`).toBeLessThan(4 * error);
    }
  });

  it('own-source: finds the avalanches that a table of traces has, however it is cut into partitions', async () => {
    const traces = [[2, 3, 0.5], [0.5], [1, 1, 4, 2, 0.1], [1.5, 1.25, 1.125]];
    const lines = traces.flatMap((trace, t) => trace.map((strength, l) => `${t},${l + 1},${strength}`));
    const path = join(folder, 'traces.csv');
    writeFileSync(path, `trace,layer,strength\n${lines.join('\n')}\n`);
    const words = [...plain, '--path', path, '--traces', '4', '--layers', '5', '--record', 'avalanche', ...quiet, '1'];
    const avalanches = await recorded(await runExample('own-source', words), 'avalanche');
    expect(numbers(avalanches, 'perturbation')).toEqual([0, 2, 3]);
    expect(numbers(avalanches, 'duration')).toEqual([2, 4, 3]);
    expect(numbers(avalanches, 'size')).toEqual([3, 4, 0.875]);
  });
});
