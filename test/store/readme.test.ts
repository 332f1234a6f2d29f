import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBatch } from '../../src/schema/batch.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { shippedTables } from '../../src/schema/table.ts';
import { createDataset } from '../../src/store/dataset.ts';
import { partSink } from '../../src/store/part-sink.ts';
import { avalancheColumns } from './avalanche-columns.ts';
import { query } from './duckdb.ts';
import { scratchFolder } from './scratch.ts';

const readme = readFileSync(join(packageRoot, 'output', 'README.md'), 'utf8');
const folder = join(scratchFolder(), 'run');

async function makeRun(): Promise<void> {
  const parameters = { widths: [128] };
  await using dataset = await createDataset(folder, {
    pipeline: 'p',
    parameters,
    seed: 1,
    kernel: 'simd',
    record: ['avalanche'],
  });
  for (const index of [0, 1]) {
    await using sink = partSink(folder, 'avalanche', { ensemble: 0, index });
    await sink.write(makeBatch('avalanche', avalancheColumns(1000, index), 1000));
    await dataset.commit({ ensemble: 0, index, parts: [await sink.commit()] });
  }
  const point = { ensemble: 0, activation: 'tanh', width: 128, depth: 1000, weight_variance: 1, bias_variance: 0 };
  const counts = { perturbations: 4000, valid: 1990, dead: 2000, censored: 10, non_finite: 0 };
  await dataset.writeTable('ensemble', [{ ...point, input_norm: 0.1, engine: 'annealed', reuse: 1, ...counts }]);
  await dataset.finish('complete', counts);
}
await makeRun();

/** The example in a language, by its place among those of that language. */
function example(language: string, place = 0): string {
  const blocks = [...readme.matchAll(/```(\w+)\n([^`]*)```/g)].filter((block) => block[1] === language);
  return blocks[place]![2]!;
}

/** A script of docs/snippets, which reads the same tables. */
const snippet = (name: string): string => join(packageRoot, 'docs', 'snippets', name);

const python = process.env.CRACKLE_PYTHON ?? 'python3';

/** Why an example can't run here; undefined where it can. */
function missing(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'pipe' });
    return false;
  } catch {
    console.info(`skipped: an example of output/README.md, ${program} ${args.join(' ')} fails`);
    return true;
  }
}

describe('output/README.md', () => {
  it('has a DuckDB example that runs', async () => {
    const sql = example('sql')
      .replaceAll("'avalanche/", `'${folder}/avalanche/`)
      .replace("'ensemble.", `'${folder}/ensemble.`);
    const rows = await query(sql);
    const durations = [0, 1].flatMap((seed) => [...(avalancheColumns(1000, seed).duration as Int32Array)]);
    const ended = durations.filter((duration) => duration < 1000);
    expect(rows[0]?.slice(0, 3)).toEqual([128, 1, BigInt(ended.filter((duration) => duration === 1).length)]);
    expect(rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(ended.length);
  });

  it.skipIf(missing(python, ['-c', 'import pandas, pyarrow']))('has a pandas example that runs', () => {
    expect(execFileSync(python, ['-c', example('python', 0)], { cwd: folder, encoding: 'utf8' })).toMatch(
      /count +mean/,
    );
    expect(execFileSync(python, [snippet('tables-pandas.py')], { cwd: folder, encoding: 'utf8' })).toMatch(
      /\n128 +1 +\d/,
    );
  });

  it.skipIf(missing(python, ['-c', 'import polars']))('has a Polars example that runs', () => {
    expect(execFileSync(python, ['-c', example('python', 1)], { cwd: folder, encoding: 'utf8' })).toMatch(/duration/);
    expect(execFileSync(python, [snippet('tables-polars.py')], { cwd: folder, encoding: 'utf8' })).toContain('width');
  });

  it.skipIf(missing('Rscript', ['--version']))(
    'has an example in plain R that runs, on what DuckDB wrote',
    async () => {
      const page = readFileSync(join(packageRoot, 'docs', 'how-to', 'tables.md'), 'utf8');
      const copies = [...page.matchAll(/"(COPY .*)"$/gm)].map(([, copy]) => copy!);
      expect(copies).toHaveLength(2);
      for (const copy of copies) {
        await query(copy.replace(/(FROM|TO) '/g, (_, word: string) => `${word} '${folder}/`));
      }
      expect(execFileSync('Rscript', [snippet('tables.R')], { cwd: folder, encoding: 'utf8' })).toMatch(
        /\n +1 +128 +\d/,
      );
    },
  );

  it.skipIf(missing('Rscript', ['-e', 'library(nanoparquet)']))('has an example with nanoparquet that runs', () => {
    expect(execFileSync('Rscript', [snippet('nanoparquet.R')], { cwd: folder, encoding: 'utf8' })).toMatch(
      /\n +1 +128 +\d/,
    );
  });

  it.skipIf(missing('Rscript', ['-e', 'library(arrow); library(dplyr)']))('has an R example that runs', () => {
    expect(execFileSync('Rscript', ['-e', example('r')], { cwd: folder, encoding: 'utf8' })).toMatch(/mean_size/);
  });

  it('speaks of tables that exist', () => {
    const named = [...readme.matchAll(/A result table: (.*?) and what/g)][0]![1]!;
    for (const [, table] of named.matchAll(/`(\w+)`/g)) expect(shippedTables()).toContain(table);
  });
});
