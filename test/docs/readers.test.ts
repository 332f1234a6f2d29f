import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { crackle, root } from '../cli/crackle.ts';
import { inProcess } from '../cli/in-process.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { query } from '../store/duckdb.ts';

const folder = temporaryFolder();
const python = process.env.CRACKLE_PYTHON ?? 'python3';
const snippet = (name: string): string => join(root, 'docs/snippets', name);
const small = ['gaussian-avalanches', '--widths', '16', '--depth', '60', '--valid', '2000'];

/** Whether Python has the modules; says so where it hasn't. */
function has(...modules: string[]): boolean {
  try {
    execFileSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'pipe' });
    return true;
  } catch {
    console.info(`skipped: an example of docs/how-to, ${python} can't import ${modules.join(' or ')}`);
    return false;
  }
}

/** A run of what docs/how-to/recompute.md computes again. */
const run = join(folder, 'run');
beforeAll(async () => {
  const size = ['--widths', '64', '--depth', '150', '--valid', '2000', '--engine', 'effective'];
  const parts = [
    '--record',
    'avalanche,signal',
    '--profile-count',
    '1',
    '--alternatives',
    'false',
    '--no-figures',
    '--out',
    run,
  ];
  const { code, stderr } = await inProcess(['run', 'gaussian-avalanches', ...size, ...parts]);
  expect(code, stderr).toBe(0);
});

/** The queries of a page, of that run. */
function queriesOf(page: string): string[] {
  const text = readFileSync(join(root, 'docs/how-to', page), 'utf8');
  const blocks = [...text.matchAll(/^```sql\n([\s\S]*?)^```$|-c "(COPY .*)"$/gm)];
  return blocks.map(([, sql, copy]) =>
    (sql ?? copy!).replace(/'([\w*/]+\.(?:parquet|csv))'/g, (_, file: string) => `'${join(run, file)}'`),
  );
}

/** Rows whose numbers are those that are expected but for their last digits. */
function expectClose(found: readonly unknown[][], expected: readonly unknown[][], relative: number): void {
  expect(found).toHaveLength(expected.length);
  const far = found.flatMap((row, r) => {
    const off = row.map((value, c) => Number(value) / Number(expected[r]![c]) - 1);
    return off.some((by) => !(Math.abs(by) <= relative)) ? [[...row, ...expected[r]!]] : [];
  });
  expect(far).toEqual([]);
}

/** What a script prints: by name what it computes, and what the run says. */
function expectRecomputed(printed: string): void {
  const lines = [...printed.matchAll(/^(?:\d+ )?([a-z_]+) +(?:0 +)?([\d.]+) +([\d.]+)$/gm)];
  const names = lines.map(([, name]) => name!);
  for (const name of ['tau', 'alpha', 'gamma_scaling', 'gamma_predicted']) expect(names).toContain(name);
  expectClose(
    lines.map((line) => [line[2]]),
    lines.map((line) => [line[3]]),
    1e-10,
  );
}

function hasR(): boolean {
  try {
    execFileSync('Rscript', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    console.info('skipped: an example of docs/how-to, there is no Rscript');
    return false;
  }
}

describe('docs/how-to', () => {
  it('has readers of a stream, which crackle fit reads too', async () => {
    const { code, stdout: stream, stderr } = await crackle(['stream', ...small, '--table', 'avalanche']);
    expect(code, stderr).toBe(0);
    const text = execFileSync(process.execPath, [snippet('stream.mjs')], { input: stream, encoding: 'utf8' });
    expect(text).toMatch(/^2\d{3} avalanches, the longest of \d+ layers\n$/);
    const file = join(folder, 'avalanches.arrows');
    writeFileSync(file, stream);
    const fit = await inProcess(['fit', file, '--avalanches', 'size,duration', '--window', 'given', '--json']);
    expect([fit.code, fit.stderr]).toEqual([0, expect.not.stringContaining('bug')]);
    if (has('polars')) {
      const printed = execFileSync(python, [snippet('stream-polars.py')], { input: stream, encoding: 'utf8' });
      expect(printed).toContain('duration');
    }
  });

  it.skipIf(!has('pandas', 'pyarrow', 'matplotlib'))('has a notebook whose cells run', () => {
    const { cells } = JSON.parse(readFileSync(snippet('notebook.ipynb'), 'utf8')) as {
      cells: readonly { readonly cell_type: string; readonly source: readonly string[] }[];
    };
    const script = cells.filter((cell) => cell.cell_type === 'code').map(({ source }) => source.join(''));
    const printed = execFileSync(python, ['-c', script.join('\n')], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, MPLBACKEND: 'agg' },
    });
    expect(printed).toMatch(/^- N = 64, of 2\D?\d{3} avalanches/);
  });

  it('has queries that come to what a run says', async () => {
    const [, , counts, histogram, scaling, steps, shapes] = queriesOf('recompute.md');
    const [[, valid, ended, censored, goingOn, without] = []] = await query(counts!);
    expect([ended, goingOn, without]).toEqual([valid, censored, 0n]);
    expect(Number(valid)).toBeGreaterThan(1999);
    expect([await query(histogram!), await query(scaling!)]).toEqual([[], []]);
    const of = (table: string, columns: string) =>
      query(`SELECT ${columns} FROM '${run}/${table}.parquet' ORDER BY ALL`);
    const rates = await of('exponents', 'ensemble + 1, branching_ratio, growth_rate');
    expectClose(
      (await query(steps!)).map(([, ...own]) => [1, ...own]),
      rates,
      1e-11,
    );
    const drawn = `SELECT round(duration, 6), x, strength, count FROM`;
    const collapse = await query(`${drawn} '${run}/collapse.parquet' ORDER BY ALL`);
    expectClose(await query(`${drawn} (${shapes!.replace(/;\n$/, '')}) ORDER BY ALL`), collapse, 1e-7);
  });

  it.skipIf(!has('pyarrow', 'numpy'))('has a script in Python that comes to the exponents of a run', () => {
    expectRecomputed(execFileSync(python, [snippet('recompute.py'), 'pyarrow'], { cwd: run, encoding: 'utf8' }));
  });

  it.skipIf(!hasR())('has one in R', async () => {
    for (const copy of queriesOf('recompute.md').slice(0, 2)) await query(copy);
    expectRecomputed(execFileSync('Rscript', [snippet('recompute.R')], { cwd: run, encoding: 'utf8' }));
  });
});
