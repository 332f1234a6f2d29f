import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/store/manifest.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { crackle, root, start } from './crackle.ts';
import { inProcess } from './in-process.ts';

const folder = temporaryFolder();
const network = ['--widths', '32,64', '--depth', '80', '--engine', 'effective'];
const small = [...network, '--valid', '1500', '--blocks', '4', '--workers', '2'];
const manifestOf = (out: string) => JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest;

async function sql(query: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  return (await connection.runAndReadAll(query)).getRows();
}

describe('crackle run', () => {
  const out = join(folder, 'run');

  it('prints exponents, counts and files, and writes tables, figures and a report', async () => {
    const words = ['run', 'gaussian-avalanches', ...small, '--record', 'signal,avalanche', '--out', out];
    const { code, stdout, stderr } = await crackle(words);
    expect(stderr).toMatch(/100 %/);
    expect(code).toBe(0);
    expect(stdout.toString()).toMatch(/N = 32 +1\.\d+\(\d+\)/);
    expect(stdout.toString()).toMatch(/perturbations +valid +dead +censored/);
    expect(stdout.toString()).toMatch(/^• N = 32, of/);
    expect(stdout.toString()).toContain('  avalanche/\n');
    expect(stdout.toString()).toMatch(/\nopen .*report\.html\n$/);
    expect(stderr).toMatch(/; fitting.*\n[\s\S]*; drawing figures.*\n/);
    const manifest = manifestOf(out);
    expect(manifest).toMatchObject({ status: 'complete', pipeline: 'gaussian-avalanches', seed: 1 });
    expect(readdirSync(join(out, 'figures')).sort()).toContain('size-distribution.png');
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<svg');
    const { findings, command } = JSON.parse(readFileSync(join(out, 'findings.json'), 'utf8'));
    expect(stdout.toString().replaceAll('\n  ', ' ')).toContain(`• ${findings[0].sentence}\n`);
    expect(command).toMatch(/^crackle run gaussian-avalanches .*--seed 1/);
    expect(existsSync(join(out, 'checkpoint'))).toBe(false);
  });

  it('writes tables that DuckDB reads, with the row counts of the manifest', async () => {
    for (const [table, { rows, parts }] of Object.entries(manifestOf(out).tables)) {
      const files = parts.map((part) => `'${join(out, part)}'`).join(', ');
      const [[count]] = (await sql(`select count(*) from read_parquet([${files}])`)) as [[bigint]];
      expect([table, Number(count)]).toEqual([table, rows]);
    }
  });

  it('records signals from which SQL recomputes every avalanche', async () => {
    // First passage: with s0 the drive, the avalanche lasts to the layer before the first one below s0.
    const wrong = await sql(`
      with ends as (
        select s.ensemble, s.perturbation, min(case when s.strength < (e.input_norm / sqrt(e.width))::float then layer end) as last,
               max(layer) as seen, any_value(e.width) as width,
               any_value((e.input_norm / sqrt(e.width))::float)::double as theta
        from '${out}/signal/*.parquet' s join '${out}/ensemble.parquet' e using (ensemble) group by all
      ), avalanche as (
        select s.ensemble, s.perturbation, count(*) as duration, any_value(width) * sum(s.strength::double) as signal_size,
               any_value(width) * sum(s.strength::double - theta) as size, max(strength) as peak,
               any_value(last) is null as censored
        from ends join '${out}/signal/*.parquet' s using (ensemble, perturbation)
        where layer < coalesce(last, seen + 1) group by all
      )
      select count(*), count(b.duration), count(a.duration),
             count(*) filter (a.duration <> b.duration or abs(a.size - b.size) > 1e-12 * b.size
                                or abs(a.signal_size / b.signal_size - 1) > 1e-12 or a.peak <> b.peak or a.censored <> b.censored)
      from avalanche a full join '${out}/avalanche/*.parquet' b using (ensemble, perturbation)`);
    const [all, recorded, recomputed, different] = wrong[0]!.map(Number);
    expect(recorded).toBeGreaterThan(3000);
    expect([recorded, recomputed, different]).toEqual([all, all, 0]);
  });

  it('measures the branching ratio that SQL finds in the recorded signals', async () => {
    // Ancestors: the drive and every layer but a perturbation's last one; descendants: every layer.
    const rows = await sql(`
      with ends as (
        select s.ensemble, s.perturbation, any_value(e.input_norm / sqrt(e.width)) as s0,
               coalesce(min(case when s.strength < (e.input_norm / sqrt(e.width))::float then layer end), max(layer)) as last
        from '${out}/signal/*.parquet' s join '${out}/ensemble.parquet' e using (ensemble) group by all
      ), sums as (
        select ensemble, perturbation, any_value(s0) as s0, sum(strength::double) as after,
               coalesce(sum(strength::double) filter (layer < last), 0) as before
        from ends join '${out}/signal/*.parquet' s using (ensemble, perturbation) where layer <= last group by all
      )
      select sum(after) / sum(s0 + before), any_value(x.branching_ratio), any_value(x.branching_ratio_error)
      from sums join '${out}/exponents.parquet' x using (ensemble) group by ensemble order by ensemble`);
    expect(rows).toHaveLength(2);
    for (const [expected, found, error] of rows.map((row) => row.map(Number))) {
      expect(Math.abs(found! / expected! - 1)).toBeLessThan(1e-12);
      expect(error).toBeGreaterThan(0);
    }
  });

  it('refuses to run into the same folder again', async () => {
    const { code, stderr } = await inProcess(['run', 'gaussian-avalanches', ...small, '--out', out]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/already holds a run/);
  });

  it('takes a flag that stands alone for true, wherever it stands', async () => {
    const network = ['--widths', '8', '--depth', '20', '--perturbations', '100', '--workers', '1'];
    const few = [...network, '--no-figures', '--progress', 'none'];
    for (const [i, [flags, expected]] of (
      [
        [['--alternatives'], true],
        [['--alternatives', 'false'], false],
      ] as const
    ).entries()) {
      const where = join(folder, `flag-${i}`);
      const { code } = await inProcess(['run', 'gaussian-avalanches', ...flags, '--out', where, ...few]);
      expect(code).toBe(0);
      expect(manifestOf(where).parameters.alternatives).toBe(expected);
    }
    const wrong = await inProcess(['run', 'gaussian-avalanches', '--alternatives', 'maybe', ...few]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/alternatives must be true or false, got/)]);
  });

  it("runs a user's pipeline by path, with its own flags", async () => {
    const words = [
      'run',
      'test/fixtures/pipelines/own.ts',
      '--widths',
      '16',
      '--depth',
      '40',
      '--perturbations',
      '300',
    ];
    const more = ['--workers', '1', '--no-figures', '--progress', 'json', '--out', join(folder, 'own')];
    const { code, stderr } = await inProcess([...words, ...more]);
    expect(code).toBe(0);
    const snapshots = stderr.split('\n').filter((line) => line.startsWith('{"ensemble"'));
    expect(JSON.parse(snapshots.at(-1)!)).toMatchObject({ width: 16, fraction: 1, total: { perturbations: 300 } });
  });

  it('stops on SIGINT with exit code 130, says how to resume, and resumes to the end', async () => {
    const interrupted = join(folder, 'interrupted');
    const { child, ended, stderr } = start([
      'run',
      'gaussian-avalanches',
      '--widths',
      '64',
      '--depth',
      '200',
      '--valid',
      '300000',
      '--engine',
      'effective',
      '--alternatives',
      'false',
      '--blocks',
      '4',
      '--workers',
      '2',
      '--record',
      'avalanche',
      '--progress',
      'json',
      '--no-figures',
      '--out',
      interrupted,
    ]);
    while (!/"fraction":0\.[1-9]/.test(stderr())) await new Promise((resolve) => setTimeout(resolve, 20));
    // It goes on once it was tried to go on with it, however long that takes.
    child.kill('SIGSTOP');
    const early = await inProcess(['resume', interrupted]);
    child.kill('SIGCONT');
    expect([early.code, early.stderr]).toEqual([
      2,
      expect.stringContaining(`is being written by process ${child.pid} on`),
    ]);
    child.kill('SIGINT');
    const { code, stderr: said } = await ended;
    expect(code).toBe(130);
    expect(said).toContain(`crackle resume ${interrupted}`);
    const partial = manifestOf(interrupted);
    expect(partial.status).toBe('partial');
    const [[rows]] = (await sql(`select count(*) from '${interrupted}/avalanche/*.parquet'`)) as [[bigint]];
    expect(Number(rows)).toBe(partial.tables.avalanche!.rows);
    const resumed = await inProcess(['resume', interrupted, '--progress', 'none']);
    expect(resumed.code).toBe(0);
    expect(manifestOf(interrupted).status).toBe('complete');
    expect(manifestOf(interrupted).counts.valid).toBeGreaterThanOrEqual(300_000);
  });
});

describe('crackle resume', () => {
  it('draws figures where the run was to have them, unless it is told otherwise', async () => {
    const out = join(folder, 'undrawn');
    const pipeline = 'test/fixtures/pipelines/own.ts';
    const words = `run ${pipeline} --widths 16 --depth 40 --perturbations 1024 --keep-state --no-figures`;
    const quiet = ['--progress', 'none', '--workers', '1'];
    expect((await inProcess([...words.split(' '), '--out', out, ...quiet])).code).toBe(0);
    const drawn: boolean[] = [];
    for (const [i, flags] of [['--figures'], ['--no-figures'], []].entries()) {
      rmSync(join(out, 'report.html'), { force: true });
      const more = ['--pipeline', pipeline, '--perturbations', `${1024 * (i + 2)}`, ...quiet];
      expect((await inProcess(['resume', out, ...flags, ...more])).code).toBe(0);
      drawn.push(existsSync(join(out, 'report.html')));
    }
    expect(drawn).toEqual([true, false, false]);
    // What goes on until all is done, as jobs of clusters do, has nothing to mend.
    const again = await inProcess(['resume', out, ...quiet]);
    const said = `crackle: the run in ${out} is complete: nothing is left to resume\n`;
    expect([again.code, again.stderr]).toEqual([0, said]);
    expect(await inProcess(['resume', out, '--figures', ...quiet])).toMatchObject({ code: 2, stderr: said });
  });
});

describe('crackle run that is interrupted once all is simulated', () => {
  const pipeline = 'test/fixtures/pipelines/slow-end.ts';

  it('says so, and is complete without figures, which crackle report draws', async () => {
    const out = join(folder, 'late');
    const small = ['--widths', '16', '--depth', '40', '--perturbations', '2000', '--workers', '2'];
    const { child, ended, stderr } = start(['run', pipeline, ...small, '--progress', 'json', '--out', out]);
    while (!stderr().includes('"stage":"fitting"')) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const { code, stderr: said } = await ended;
    expect([code, manifestOf(out).status]).toEqual([0, 'complete']);
    expect(said).toMatch(
      /interrupted: all is simulated, the fits go on; figures are left out \(once more to stop at once\)/,
    );
    const command = `crackle report ${out} --pipeline ${pipeline}`;
    expect(said).toContain(`crackle: complete but for figures and page; draw them with: ${command}\n`);
    expect(readdirSync(out)).toEqual(expect.arrayContaining(['findings.json', 'mean_duration.parquet']));
    expect(readdirSync(out)).not.toEqual(expect.arrayContaining(['report.html']));
    // And again, where they are there.
    const figure = join(out, 'figures/mean-duration.svg');
    for (const before of [undefined, 'of another day']) {
      if (before !== undefined) for (const file of [figure, join(out, 'report.html')]) writeFileSync(file, before);
      const { code: drawn, stdout } = await inProcess(command.split(' ').slice(1));
      expect([drawn, stdout.toString()]).toEqual([0, expect.stringContaining('report.html')]);
      expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<svg');
      expect(readFileSync(figure, 'utf8')).toContain('<svg');
    }
  });
});

describe('crackle merge', () => {
  it('merges runs of different seeds into one folder and prints what the whole came to', async () => {
    const few = [
      '--widths',
      '32',
      '--depth',
      '60',
      '--valid',
      '1000',
      '--engine',
      'effective',
      '--alternatives',
      'false',
      '--blocks',
      '4',
      '--no-figures',
      '--workers',
      '1',
    ];
    const folders = [1, 2].map((seed) => join(folder, `merge-${seed}`));
    for (const [i, out] of folders.entries()) {
      const words = ['run', 'gaussian-avalanches', ...few, '--seed', `${i + 1}`, '--keep-state', '--out', out];
      expect((await inProcess([...words, '--progress', 'none'])).code).toBe(0);
    }
    const out = join(folder, 'merged');
    const { code, stdout } = await inProcess(['merge', ...folders, '--no-figures', '--out', out]);
    expect(code).toBe(0);
    expect(existsSync(join(out, 'report.html'))).toBe(false);
    expect(stdout.toString()).toMatch(/N = 32 +1\.\d+\(\d+\)/);
    const valid = (path: string): number => manifestOf(path).counts.valid!;
    expect(valid(out)).toBe(valid(folders[0]!) + valid(folders[1]!));
    expect((await inProcess(['report', out])).code).toBe(0);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Merged from 2 runs');
    const twice = await inProcess(['merge', folders[0]!, folders[0]!, '--out', join(folder, 'twice')]);
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringMatching(/both are of seed 1\n$/)]);
    expect(existsSync(join(folder, 'twice'))).toBe(false);
  });
});

describe('crackle stream', () => {
  const words = [
    'stream',
    'gaussian-avalanches',
    '--table',
    'avalanche',
    '--widths',
    '32',
    '--depth',
    '60',
    '--engine',
    'effective',
  ];

  it('sends a table as an Arrow IPC stream', async () => {
    const { code, stdout, stderr } = await crackle([...words, '--valid', '2000']);
    expect([code, stderr]).toEqual([0, '']);
    const table = tableFromIPC(stdout);
    expect(table.schema.metadata.get('table')).toBe('avalanche');
    expect(table.numRows).toBeGreaterThan(2000);
  });

  it('stops producing when the reader stops reading', async () => {
    const { child, ended } = start([...words, '--valid', '1e9']);
    await new Promise((resolve) => child.stdout!.once('data', resolve));
    child.stdout!.destroy();
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([0, '']);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves with 130 on %s, and a stream that readers refuse', async (signal) => {
    const { child, ended } = start([...words, '--valid', '1e9']);
    await new Promise((resolve) => child.stdout!.once('data', resolve));
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect([code, stderr]).toEqual([130, expect.stringMatching(/^crackle: interrupted: the stream was cut off/)]);
    expect(() => tableFromIPC(stdout)).toThrow(/Expected to read/);
  });
});

describe('crackle list, describe and --help', () => {
  it('names every pipeline and table', async () => {
    // This process also knows tables of users' pipelines that other tests have run.
    const { code, stdout } = await crackle(['list', '--json']);
    expect(code).toBe(0);
    const { pipelines, tables } = JSON.parse(stdout.toString()) as Record<string, { name: string }[]>;
    expect(pipelines!.map(({ name }) => name)).toContain('gaussian-avalanches');
    expect(tables!.map(({ name }) => name)).toEqual(
      readdirSync(join(root, 'schemas'))
        .map((file) => file.replace('.json', ''))
        .sort(),
    );
  });

  it("describes a pipeline's parameters and a table's columns", async () => {
    expect((await inProcess(['describe', 'gaussian-avalanches'])).stdout.toString()).toContain('--weight-variance');
    expect((await inProcess(['describe', 'avalanche'])).stdout.toString()).toContain('censored');
    const slip = await inProcess(['describe', 'avalanhce']);
    expect([slip.code, slip.stderr]).toEqual([2, expect.stringContaining("did you mean 'avalanche'?")]);
  });

  it('keeps to 80 columns in a pipe, without colour', async () => {
    for (const words of [['list'], ['describe', 'gaussian-avalanches'], ['describe', 'exponents']]) {
      const lines = (await inProcess(words)).stdout.toString().split('\n');
      expect(lines.length).toBeGreaterThan(10);
      // A word that is longer than a line stands by itself.
      expect(lines.filter((line) => line.length > 80 && line.trim().includes(' '))).toEqual([]);
      expect(lines.join('')).not.toContain(String.fromCharCode(27));
    }
  });

  it('shows help for every command', async () => {
    const { stdout } = await inProcess(['--help']);
    const names = [...stdout.toString().matchAll(/^ {2}([a-z]+)[ [|]/gm)]
      .map((match) => match[1]!)
      .filter((name) => name !== 'help');
    expect(names).toEqual(
      expect.arrayContaining(['run', 'stream', 'list', 'describe', 'doctor', 'resume', 'fit', 'meanfield', 'report']),
    );
    for (const name of names) {
      const help = await inProcess([name, '--help']);
      expect([name, help.code]).toEqual([name, 0]);
      expect(help.stdout.toString()).toContain(`Usage: crackle ${name}`);
    }
    for (const pipeline of ['gaussian-avalanches', 'trainability']) {
      const lines = (await inProcess(['run', pipeline, '--help'])).stdout.toString().split('\n');
      expect(lines.some((line) => /--(input-norm|learning-rate) <number> /.test(line))).toBe(true);
      // A word that is longer than a line stands by itself.
      expect(lines.filter((line) => line.length > 80 && line.trim().includes(' '))).toEqual([]);
    }
  });
});
