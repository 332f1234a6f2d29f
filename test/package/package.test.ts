import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import ownSource from '../../pipelines/examples/own-source.ts';
import { pipelineNames } from '../../src/flow/built-in.ts';
import type { Summary } from '../../src/report/summary.ts';
import { run } from '../../src/run/run.ts';
import { type ColumnChunk, readTable } from '../../src/store/read-table.ts';
import { crackle, root, start } from '../cli/crackle.ts';
import { inProcess } from '../cli/in-process.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { installPacked } from './install.ts';
import { complaints } from './type-check.ts';

const folder = temporaryFolder();
const installed = installPacked(folder);
/** What a user has copied out of the package, in a folder without a package.json. */
const mine = join(folder, 'mine');
/** The same in a project of modules, whose program runs them by the library. */
const project = join(folder, 'project');
if (installed !== undefined) {
  for (const to of [mine, project]) mkdirSync(to);
  for (const from of ['pipelines', 'pipelines/examples']) {
    for (const file of readdirSync(join(installed.own, from)).filter((name) => name.endsWith('.ts')))
      for (const to of [mine, project]) cpSync(join(installed.own, from, file), join(to, file));
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  cpSync(join(root, 'test/fixtures/pipelines/run-pipelines.mjs'), join(project, 'run-pipelines.mjs'));
}

const face = readdirSync(join(root, 'src/public'))
  .map((file) => readFileSync(join(root, 'src/public', file), 'utf8'))
  .join('');
/** The examples in the docstrings of the groups of the public face. */
const groups = [...face.matchAll(/ \* ```ts\n([\s\S]*?) \* ```/g)].map(([, lines]) => lines!.replace(/^ \* ?/gm, ''));

const outOf = (name: string): string => join(folder, 'output', name);
const own = (words: readonly string[]) => crackle(words, { cwd: mine, entry: installed!.entry });
/** Python that can run analyse.py; undefined, with a printed reason, where there is none. */
function pythonWithArrow(): string | undefined {
  const program = process.env.CRACKLE_PYTHON ?? 'python3';
  try {
    execFileSync(program, ['-c', 'import pandas, pyarrow'], { stdio: 'pipe' });
    return program;
  } catch {
    console.info(`skipped: pipelines/examples/analyse.py, ${program} has no pandas with pyarrow`);
    return undefined;
  }
}
const python = installed === undefined ? undefined : pythonWithArrow();

// One thread where a test needs no second: starting one costs more than these runs.
const quiet = ['--progress', 'none', '--no-figures', '--workers', '1'];
const sizes = ['--widths', '16,32', '--depth', '60', '--valid', '500'];
// Errors are not what is looked at: of 32 blocks they are a quarter of what such runs take.
const small = [...sizes, '--alternatives', 'false', '--blocks', '4', ...quiet];

/** Runs a pipeline; its folder and what it printed. */
async function runOwn(pipeline: string, words: readonly string[], to = pipeline) {
  const out = outOf(to);
  const { code, stdout, stderr } = await own(['run', pipeline, ...words, '--out', out]);
  expect(code, stderr).toBe(0);
  return { out, text: stdout.toString() };
}

const traces = [[2, 3, 0.5], [0.5], [1, 1, 4, 2, 0.1], [1.5, 1.25, 1.125]];

/** Runs the examples of which only numbers are looked at in one process, as each one's start costs more than its run: their summaries. */
async function runExamples(): Promise<Record<string, readonly Summary[]>> {
  const lines = traces.flatMap((trace, t) => trace.map((strength, l) => `${t},${l + 1},${strength}`));
  writeFileSync(join(project, 'traces.csv'), `trace,layer,strength\n${lines.join('\n')}\n`);
  const plain = { widths: [16, 32], depth: 60, valid: 500, alternatives: false, blocks: 4 };
  const told = [
    { name: 'own-stage', values: { ...plain, most: 2 }, record: ['signal', 'avalanche'] },
    { name: 'own-reducer', values: { widths: [16, 32], depth: 60, valid: 500 }, record: ['avalanche'] },
    { name: 'own-table', values: plain },
    { name: 'own-summary', values: plain },
    { name: 'own-engine', values: { ...plain, widths: [64], depth: 200, valid: 5000 }, record: ['avalanche'] },
    { name: 'own-source', values: { alternatives: false, traces: 4, layers: 5 }, record: ['avalanche'] },
  ].map((one) => ({ ...one, out: outOf(one.name) }));
  const words = ['--import', 'tsx', 'run-pipelines.mjs', JSON.stringify(told)];
  return JSON.parse((await promisify(execFile)(process.execPath, words, { cwd: project })).stdout);
}
const summaries = installed === undefined ? {} : await runExamples();

const numbers = (chunks: readonly ColumnChunk[], name: string): number[] =>
  chunks.flatMap(({ columns }) => Array.from(columns[name]!, Number));

/** A recorded table, one part file after the other. */
const recorded = (out: string, table: string): Promise<ColumnChunk[]> =>
  Promise.all(
    readdirSync(join(out, table))
      .sort()
      .map((part) => readTable(join(out, table, part))),
  );
const tableOf = (out: string, table: string): Promise<ColumnChunk> => readTable(join(out, `${table}.parquet`));

describe('pipelines/examples', () => {
  const files = readdirSync(join(root, 'pipelines/examples')).filter((file) => file.endsWith('.ts'));

  it('are one each of what a user may add, named in the README, none a built-in pipeline', () => {
    const kinds = ['activation', 'engine', 'figure', 'reducer', 'source', 'stage', 'summary', 'table'];
    expect(files.sort()).toEqual(kinds.map((kind) => `own-${kind}.ts`));
    expect(pipelineNames().filter((name) => name.startsWith('own'))).toEqual([]);
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    for (const file of files) expect(readme).toContain(`pipelines/examples/${file}`);
  });

  it('need 20 lines at most for what is added, 50 for the whole file', () => {
    for (const file of files) {
      const code = readFileSync(join(root, 'pipelines/examples', file), 'utf8')
        .replace(/^import [^;]*;\n/gm, '')
        .replace(/^\s*(\/\*\*.*\*\/|\/\/.*|)\n/gm, '');
      const [added, pipeline] = code.split('export default definePipeline(');
      expect([file, added!.split('\n').length - 1]).toEqual([file, expect.toSatisfy((lines) => lines <= 20)]);
      expect([file, pipeline!.split('\n').length]).toEqual([file, expect.toSatisfy((lines) => lines <= 30)]);
    }
  });
});

describe.skipIf(installed === undefined)('the packed package, alone in an empty folder', () => {
  it('has sources of pipelines that run as they are', async () => {
    const { out } = await runOwn('regimes.ts', ['--width', '16', '--depth', '30', '--networks', '8', ...quiet]);
    expect(new Set(numbers([await tableOf(out, 'regime')], 'layer')).size).toBe(31);
  });

  it('does what the examples of each group of the public face say', async () => {
    const folderOf = join(folder, 'groups');
    mkdirSync(folderOf);
    for (const [i, text] of groups.entries()) writeFileSync(join(folderOf, `${i}.mjs`), text);
    const all = groups.map((_, i) => `await import('./${i}.mjs');`).join('\n');
    writeFileSync(join(folderOf, 'all.mjs'), all);
    const { stdout } = await promisify(execFile)(process.execPath, [join(folderOf, 'all.mjs')]);
    const said = groups.flatMap((text) =>
      [...text.matchAll(/console\.log\(.*\/\/ ([^:\n]+)/g)].map((match) => match[1]),
    );
    expect(groups.length).toBe(face.match(/^ \* [A-Z][^\n]*\.\n \*\n \* ```ts$/gm)!.length);
    expect(said.length).toBeGreaterThanOrEqual(groups.length);
    expect(stdout.trim().split('\n')).toEqual(said);
  });

  it('has taken BullMQ and its client of Redis in, which nobody installs: a worker says that there is no server', async () => {
    expect(existsSync(join(installed!.own, '../bullmq'))).toBe(false);
    const { code, stderr } = await own(['worker', 'redis://127.0.0.1:1']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/the connection is refused/)]);
  });

  it('init: writes a pipeline that runs as it is, over no file that is there', async () => {
    const { code, stdout } = await own(['init', 'first-steps.ts']);
    expect([code, stdout.toString()]).toEqual([0, expect.stringContaining('crackle run first-steps.ts')]);
    const { text } = await runOwn('first-steps.ts', small);
    expect(text).toContain('N = 16');
    const [there, none] = ['first-steps.ts', 'none/steps.ts'].map((file) => join(mine, file)) as [string, string];
    const again = await inProcess(['init', there]);
    expect([again.code, again.stderr]).toEqual([2, `crackle: ${there} is there already\n`]);
    const nowhere = await inProcess(['init', none]);
    expect(nowhere.stderr).toBe(`crackle: cannot write ${none}: there is no such file or folder (ENOENT)\n`);
    const other = await inProcess(['init', join(mine, 'first steps.js')]);
    expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/^crackle: the file must be called as/)]);
  });

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('has clean types, in pipelines and examples too: module %s, resolution %s', async (module, resolution) => {
    expect(await complaints(installed!, module, resolution, groups)).toBe('');
  });

  it('own-stage: no reading is above the largest one, and some are cut to it', async () => {
    const out = outOf('own-stage');
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

  it('own-reducer: the longest of the avalanches that were recorded, which analyse.py reads', async () => {
    const out = outOf('own-reducer');
    const avalanches = await recorded(out, 'avalanche');
    const of = numbers(avalanches, 'ensemble');
    const censored = avalanches.flatMap(({ columns: { censored: flags } }) => [...flags!]);
    expect(censored).toContain(true);
    const { columns } = await tableOf(out, 'longest');
    for (const ensemble of [0, 1]) {
      const durations = numbers(avalanches, 'duration').filter((_, i) => of[i] === ensemble && censored[i] === false);
      expect(durations.length).toBeGreaterThan(500);
      expect(columns.width![ensemble]).toBe([16, 32][ensemble]);
      expect(columns.layers![ensemble]).toBe(durations.reduce((a, b) => Math.max(a, b)));
    }
    if (python === undefined) return;
    const ended = avalanches.flatMap(({ columns: { censored } }) => [...censored!].map((value) => value === false));
    const printed = execFileSync(python, [join(installed!.own, 'pipelines/examples/analyse.py'), out], {
      encoding: 'utf8',
    });
    const [head, ...rows] = printed.trim().split('\n');
    expect(head).toBe('ensemble,duration,size,avalanches');
    expect(rows.length).toBe(2);
    for (const row of rows) {
      const [ensemble, duration, , count] = row.split(',').map(Number);
      const durations = numbers(avalanches, 'duration').filter((_, i) => of[i] === ensemble && ended[i]);
      expect(count).toBe(durations.length);
      expect(duration).toBeCloseTo(durations.reduce((a, b) => a + b) / durations.length, 9);
    }
  });

  it('own-table: shares of the perturbations that were counted', async () => {
    const out = outOf('own-table');
    const [ensemble, fates] = [await tableOf(out, 'ensemble'), await tableOf(out, 'fates')];
    const perturbations = numbers([ensemble], 'perturbations');
    expect(numbers([fates], 'width')).toEqual([16, 32]);
    for (const fate of ['dead', 'censored']) {
      const shares = numbers([ensemble], fate).map((count, e) => count / perturbations[e]!);
      expect(numbers([fates], fate)).toEqual(shares);
      expect(shares.every((share) => share > 0 && share < 1)).toBe(true);
    }
  });

  it('own-figure: drawn in files and on the page, as SVG alone where PNG has no native part', async () => {
    const png = join(folder, 'node_modules/@resvg/resvg-js');
    rmSync(png);
    const { out } = await runOwn(
      'own-figure.ts',
      small.filter((word) => word !== '--no-figures'),
    );
    symlinkSync(join(root, 'node_modules/@resvg/resvg-js'), png, 'junction');
    expect(readFileSync(join(out, 'figures/branching.svg'), 'utf8')).toContain('Branching ratio');
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    expect(page).toContain('Branching ratio against width N');
    expect([page.includes('figures/branching.svg'), page.includes('figures/branching.png')]).toEqual([true, false]);
    expect(existsSync(join(out, 'figures/branching.png'))).toBe(false);
  });

  it('own-summary: says how far γ is from what the other exponents predict', async () => {
    const exponents = await tableOf(outOf('own-summary'), 'exponents');
    const predicted = numbers([exponents], 'gamma_predicted');
    const apart = numbers([exponents], 'gamma_scaling').map((gamma, e) => Math.abs(gamma - predicted[e]!).toFixed(2));
    expect(summaries['own-summary']![0]!.rows).toEqual(apart.map((by, e) => [`N = ${[16, 32][e]}`, by]));
  });

  it('goes together with other copies of rxjs and apache-arrow than its own: recorded, streamed, on two workers', async () => {
    cpSync(join(root, 'test/fixtures/pipelines/other-copies.ts'), join(mine, 'other-copies.ts'));
    const recording = [...small, '--valid', '200', '--record', 'signal,avalanche'];
    const one = await runOwn('gaussian-avalanches', recording);
    const other = await runOwn('other-copies.ts', [...recording, '--workers', '2']);
    for (const table of ['signal', 'avalanche']) {
      const [expected, found] = [await recorded(one.out, table), await recorded(other.out, table)];
      const names = Object.keys(expected[0]!.columns);
      expect(Object.keys(found[0]!.columns)).toEqual(names);
      for (const name of names) expect(numbers(found, name), `${table}.${name}`).toEqual(numbers(expected, name));
    }
    // Its stages count no branching ratio: the table of exponents has a column less, and is cut elsewhere.
    const common = (text: string) => text.replace(/^ensemble +τ [\s\S]*?(?=^Sizes are)/m, '');
    expect(common(one.text)).not.toBe(one.text);
    expect(common(other.text.replaceAll('other-copies.ts', 'gaussian-avalanches'))).toBe(common(one.text));
    const words = ['stream', 'other-copies.ts', '--table', 'avalanche', ...small.slice(0, 4), '--valid', '200'];
    const streamed = await own(words);
    expect([streamed.code, streamed.stderr]).toEqual([0, '']);
    expect(Array.from(tableFromIPC(streamed.stdout).getChild('duration')!)).toEqual(
      numbers(await recorded(one.out, 'avalanche'), 'duration'),
    );
  });

  it('own-activation: known in every thread, and to this pipeline alone', async () => {
    const { out } = await runOwn('own-activation.ts', [...small, '--valid', '200', '--workers', '2']);
    const { columns } = await tableOf(out, 'ensemble');
    expect(columns.activation).toEqual(['softsign', 'softsign']);
    expect([...columns.valid!].every((valid) => Number(valid) >= 200)).toBe(true);
    const elsewhere = await inProcess(['run', 'gaussian-avalanches', '--activation', 'softsign', ...quiet]);
    expect([elsewhere.code, elsewhere.stderr]).toEqual([2, expect.stringContaining('an activation such as tanh')]);
  });

  // Four comparisons at four standard errors: a false alarm in 4 000 seeds, and the seed is fixed.
  it('own-engine: survives as a symmetric walk does, on two workers, over an interrupt', async () => {
    const words = ['--widths', '64', '--depth', '200', '--valid', '5000', '--record', 'avalanche'];
    const given = [...words, '--alternatives', 'false', '--blocks', '4', '--no-figures'];
    const whole = outOf('own-engine');
    const out = join(folder, 'output/interrupted');
    const command = ['run', 'own-engine.ts', ...given, '--out', out, '--progress', 'json', '--workers', '2'];
    const { child, ended, stderr } = start(command, { cwd: mine, entry: installed!.entry });
    while (!/"fraction":0\.0*[1-9]/.test(stderr()) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    // Tables of the interrupted part may stand there: that they aren't all, the manifest says.
    expect(readFileSync(join(out, 'manifest.json'), 'utf8')).not.toContain('"status": "complete"');
    expect((await own(['resume', out, '--pipeline', 'own-engine.ts', '--progress', 'none'])).code).toBe(0);
    // Footers of a pipeline that a file holds name the file's content.
    expect(await hashDataset(out, false)).toBe(await hashDataset(whole, false));

    const durations = numbers(await recorded(out, 'avalanche'), 'duration');
    const [perturbations] = numbers([await tableOf(out, 'ensemble')], 'perturbations');
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
    const out = outOf('own-source');
    const avalanches = await recorded(out, 'avalanche');
    expect(numbers(avalanches, 'perturbation')).toEqual([0, 2, 3]);
    expect(numbers(avalanches, 'duration')).toEqual([2, 4, 3]);
    expect(numbers(avalanches, 'size')).toEqual([3, 4, 0.875]);
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')).parameters.window).toBe('auto');
    expect((await tableOf(out, 'exponents')).columns.window_rule?.[0]).toBe('widest');
    writeFileSync(join(project, 'signal.csv'), 'signal\n1\n2\n');
    const read = (path: string, traces: number) => run(ownSource, { path: join(project, path), traces, layers: 5 });
    await expect(read('traces.csv', 5)).rejects.toThrow('traces.csv has no trace 4: --traces says how many it has');
    await expect(read('signal.csv', 1)).rejects.toThrow("signal.csv has no column 'trace'; its columns are signal");
  });
});
