import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { RecordBatchStreamWriter, tableFromArrays, tableToIPC } from 'apache-arrow';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { fitColumn, openSource } from '../../src/index.ts';
import type { Row } from '../../src/schema/rows.ts';
import { writeTable } from '../../src/store/write-table.ts';
import { type Fixture, fixtures } from '../fit/fixture.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { output } from './fit-output.ts';

const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);

interface Estimates {
  exponent: number;
  standard_error: number;
  xmin: number;
  xmax: number | null;
  n_tail: number;
  ks: number;
  log_likelihood: number;
  p_value: number | null;
}

interface Answer extends Record<string, unknown>, Estimates {
  alternatives: { name: string; ratio: number; p_value: number }[];
}

const json = async (...words: string[]): Promise<Answer> => JSON.parse(await output(...words, '--json')) as Answer;

/** The command line in a process of its own, from its sources. */
function spawned(
  words: readonly string[],
  input?: Buffer,
  watch: (child: ChildProcess) => void = () => {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'fit', ...words], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: 'pipe',
  });
  watch(child);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name]!.on('data', (part: Buffer) => (texts[name] += part));
  if (input === undefined) child.stdin!.end();
  else Readable.from([input.subarray(0, 1000), input.subarray(1000)]).pipe(child.stdin!);
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => done({ code, ...texts }));
  });
}

const csvOf = (data: readonly number[]): string => `id,size\n${data.map((x, i) => `${i},${x}`).join('\n')}\n`;

/** Avalanche rows, as a run records them; sizes in turn with those of another ensemble and censored ones. */
function avalancheRows(data: readonly number[]): Row[] {
  const row = { network: 0, perturbation: 0, start: 1, duration: 1, peak: 1, censored: false };
  return data.flatMap((size) => [
    { ...row, ensemble: 1, size, signal_size: size },
    { ...row, ensemble: 0, size: 7, signal_size: 7 },
    { ...row, ensemble: 1, size: 3, signal_size: 3, censored: true },
  ]);
}

async function write(format: string, data: readonly number[]): Promise<string[]> {
  const file = path(`data.${format}`);
  const table = () => tableFromArrays({ size: Float64Array.from(data) });
  if (format === 'csv') writeFileSync(file, csvOf(data));
  if (format === 'tsv') writeFileSync(file, csvOf(data).replaceAll(',', '\t'));
  if (format === 'arrow') writeFileSync(file, tableToIPC(table(), 'file'));
  if (format === 'arrows') writeFileSync(file, await RecordBatchStreamWriter.writeAll(table()).toUint8Array());
  if (format === 'parquet') {
    await writeTable(file, 'avalanche', avalancheRows(data));
    return [file, '--where', 'ensemble=1'];
  }
  return [file];
}

const formats = ['csv', 'tsv', 'arrow', 'arrows', 'parquet'];
const byName = (name: string): Fixture => fixtures.find((fixture) => fixture.name === name)!;

function check(found: Estimates, expected: Fixture['exact']['fixed_xmin']): void {
  expect(Math.abs(found.exponent - expected.alpha!)).toBeLessThan(1e-8);
  expect(Math.abs(found.standard_error / expected.sigma - 1)).toBeLessThan(1e-6);
  expect(Math.abs(found.ks - expected.D_left)).toBeLessThan(1e-9);
  expect(Math.abs(found.log_likelihood / expected.loglik - 1)).toBeLessThan(1e-10);
  expect(found.n_tail).toBe(expected.n);
  expect(found.p_value).toBeNull();
}

describe('crackle fit file --column size', () => {
  const sound = fixtures.filter(({ exact }) => exact.fixed_xmin.alpha !== null);

  // Formats in turn: every fixture is read from one of them.
  it.each(sound.map((fixture, i) => [fixture.name, formats[i % formats.length]!, fixture] as const))(
    'finds the stated estimates of %s from %s, with given cutoffs and with a found xmin',
    async (_name, format, { data, kind, fixed_xmin, fixed_xmax, exact }) => {
      const kindFlag = kind === 'discrete' ? '--discrete' : '--continuous';
      const words = [...(await write(format, data)), '--column', 'size', kindFlag];
      const given = await json(...words, '--xmin', String(fixed_xmin));
      check(given, exact.fixed_xmin);
      const compare = exact.alternatives_fixed_xmin?.compare ?? {};
      expect(given.alternatives).toHaveLength(4);
      for (const { name, ratio } of given.alternatives) {
        const stated = compare[name]?.R;
        if (stated !== undefined && Math.abs(stated) > 1) expect(Math.abs(ratio / stated - 1)).toBeLessThan(1e-3);
      }
      if (exact.fixed_xmin_xmax?.alpha != null) {
        const bounded = await json(
          ...words,
          '--xmin',
          String(fixed_xmin),
          '--xmax',
          String(fixed_xmax),
          '--no-alternatives',
        );
        check(bounded, exact.fixed_xmin_xmax);
        expect(bounded.xmax).toBe(fixed_xmax);
        expect(bounded.alternatives).toEqual([]);
      }
      const scan = exact.xmin_scan.D_left;
      if (scan !== undefined) {
        const found = await json(...words, '--no-alternatives');
        expect(found.xmin).toBe(scan.xmin);
        expect(Math.abs(found.exponent - scan.alpha)).toBeLessThan(1e-7);
        expect(Math.abs(found.ks - scan.D)).toBeLessThan(1e-8);
      }
    },
  );

  const whole = byName('cont_pl_2.5');
  it.each(formats)('gives the same answer from %s', async (format) => {
    const words = await write(format, whole.data);
    check(await json(...words, '--column', 'size', '--xmin', String(whole.fixed_xmin)), whole.exact.fixed_xmin);
  });

  it('says whether data are discrete: where every value is an integer, unless told otherwise', async () => {
    const counts = byName('disc_zeta_2.5');
    const [file] = (await write('csv', counts.data)) as [string];
    const words = [file, '--column', 'size', '--xmin', '1', '--no-alternatives'];
    const detected = await json(...words);
    check(detected, counts.exact.fixed_xmin);
    expect(detected).toMatchObject({ discrete: true, discrete_given: false });
    const told = await json(...words, '--continuous');
    expect(told).toMatchObject({ discrete: false, discrete_given: true });
    expect(told.exponent).toBeGreaterThan(detected.exponent + 1);
    expect(await output(...words)).toMatch(/values, discrete \(every value is an integer\), held as they are/);
    expect(await output(...words, '--continuous')).toMatch(/values, continuous \(as said\)/);
  });

  it('says of integers above 2^53 what they are held as', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${9_007_199_254_740_993n + BigInt(i) ** 8n}`);
    writeFileSync(path('large.csv'), `size\n${rows.join('\n')}\n`);
    expect((await output(path('large.csv'), '--column', 'size', '--no-alternatives')).replace(/\s+/g, ' ')).toContain(
      '200 values, continuous (some above 2^53, where doubles tell no two neighbouring integers apart), held as doubles',
    );
  });

  it('leaves out values that no power law has, rows that are censored and those of other ensembles, and counts them', async () => {
    const edge = byName('edge_with_zero_negative');
    const words = [...(await write('csv', edge.data)), '--column', 'size', '--xmin', '1', '--no-alternatives'];
    const excluded = edge.data.filter((x) => x <= 0).length;
    expect(await json(...words)).toMatchObject({ n_excluded: excluded, n_tail: edge.exact.fixed_xmin.n });
    const recorded = [...(await write('parquet', edge.data)), '--column', 'size', '--xmin', '1', '--no-alternatives'];
    expect(await json(...recorded)).toMatchObject({
      n_censored: edge.data.length,
      n_tail: edge.exact.fixed_xmin.n,
      where: ['ensemble=1'],
    });
  });

  it('takes the rows that hold all conditions', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i + 1},${i % 2 === 0 ? 'a' : 'b'},${i % 3 === 0}`);
    writeFileSync(path('where.csv'), `size,kind,ok\n${rows.join('\n')}\n`);
    const counted = async (...words: string[]): Promise<number> =>
      (await json(path('where.csv'), '--column', 'size', '--no-alternatives', ...words.flatMap((w) => ['--where', w])))
        .n as number;
    expect(await counted('size>10')).toBe(50);
    expect(await counted('size>=10', 'size < 20')).toBe(10);
    expect(await counted('kind=a')).toBe(30);
    expect(await counted('kind!=a', 'size<=40')).toBe(20);
    expect(await counted('ok = true')).toBe(20);
    expect(await counted('size=3', 'size=4').catch((error: Error) => error.message)).toMatch(/none of the 60 rows/);
  });

  it('keeps many values in a histogram: exact where cutoffs are group edges, as the text says', async () => {
    const words = [...(await write('csv', whole.data)), '--column', 'size', '--no-alternatives', '--xmin'];
    const raw = await json(...words, '2');
    const grouped = await json(...words, '2', '--raw-limit', '1000');
    expect(grouped).toMatchObject({ form: 'histogram', xmin: 2, n_tail: raw.n_tail });
    expect(Math.abs(grouped.exponent - raw.exponent)).toBeLessThan(1e-9);
    expect(raw.form).toBe('raw');
    await expect(json(...words, '2', '--raw-limit', '1000', '--exact')).rejects.toThrow(
      /doesn't go together with --exact/,
    );
    expect(await output(...words, '2.0001', '--raw-limit', '1000')).toMatch(
      /given as 2\.0001, moved to the edge of a group/,
    );
    expect(await output(...words, '2', '--raw-limit', '1000')).toMatch(/held in a fine histogram/);
  });

  it('tests the goodness of fit, the same for any number of threads, with progress on stderr', async () => {
    await write('csv', whole.data.slice(0, 500));
    const words = [path('data.csv'), '--column', 'size', '--xmin', '1', '--bootstrap', '40', '--seed', '7', '--json'];
    const [one, two] = await Promise.all([
      spawned([...words, '--workers', '1', '--progress', 'json']),
      spawned([...words, '--workers', '2', '--progress', 'none']),
    ]);
    expect(one.code).toBe(0);
    expect(two).toEqual({ ...one, stderr: '' });
    const { p_value, bootstrap } = JSON.parse(one.stdout);
    expect(p_value).toBeGreaterThan(0);
    expect(bootstrap).toMatchObject({ repetitions: 40, seed: 7 });
    expect(JSON.parse(one.stderr.trim().split('\n').at(-1)!)).toEqual({ bootstrap: 'size', done: 40, of: 40 });
  });

  it('leaves with code 130 where it is interrupted during the bootstrap', async () => {
    await write('csv', whole.data);
    const words = [
      path('data.csv'),
      '--column',
      'size',
      '--bootstrap',
      '100000',
      '--progress',
      'json',
      '--workers',
      '1',
    ];
    const interrupt = (child: ChildProcess): void => {
      child.stderr!.once('data', () => child.kill('SIGINT'));
    };
    const { code, stdout, stderr } = await spawned(words, undefined, interrupt);
    expect(stderr).toMatch(/crackle: interrupted\n$/);
    expect(stdout).toBe('');
    expect(code).toBe(130);
  });

  it('takes several files for one table, and names the column that one of them lacks', async () => {
    const { data } = byName('disc_zeta_2.5');
    const [whole] = (await write('csv', data)) as [string];
    writeFileSync(path('one.csv'), csvOf(data.slice(0, 700)));
    writeFileSync(path('two.csv'), `size\n${data.slice(700).join('\n')}\n`);
    const rest = ['--column', 'size', '--no-alternatives'];
    const one = await json(whole, ...rest);
    const two = await json(path('one.csv'), path('two.csv'), ...rest);
    expect({ ...two, file: '' }).toEqual({ ...one, file: '' });
    expect(two.file).toMatch(/one\.csv and 1 more$/);
    await expect(json(path('one.csv'), path('two.csv'), '--column', 'id')).rejects.toThrow(
      /has no column 'id'; its columns are size$/,
    );
  });

  it('writes the fit table and figures', async () => {
    await write('csv', whole.data);
    const words = [path('data.csv'), '--column', 'size', '--xmin', '1'];
    const answer = await json(...words, '--out', path('fit.parquet'), '--figure', path('fit.svg'));
    await output(...words, '--figure', path('fit.png'));
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path('fit.parquet')) });
    expect(rows[0]).toMatchObject({ observable: 'size', model: 'power_law', estimate: answer.exponent, ks: answer.ks });
    expect(new Set(rows.map(({ model }) => model)).size).toBe(5);
    expect(readFileSync(path('fit.svg'), 'utf8')).toMatch(/^<svg[\s\S]+P\(X ≥ size\)[\s\S]+<\/svg>\s*$/);
    expect(readFileSync(path('fit.png')).subarray(1, 4).toString()).toBe('PNG');
    const errors = rows.filter(({ model }) => model !== 'power_law').map(({ standard_error }) => standard_error);
    expect(errors.some((error) => (error as number | null) !== null)).toBe(true);
    writeFileSync(path('tenths.csv'), `size\n${whole.data.map((x) => (Math.ceil(x) / 10).toFixed(1)).join('\n')}\n`);
    await output(path('tenths.csv'), '--figure', path('tenths.svg'));
    expect(readFileSync(path('tenths.svg'), 'utf8')).toContain('P(X ≥ size / 0.1)');
  });

  it('refuses files that it could not write before it computes what would go into them', async () => {
    const words = [path('not-even-there.csv'), '--column', 'size', '--bootstrap', '1000'];
    for (const [flag, name] of [
      ['--out', 'none/fit.csv'],
      ['--figure', 'none/fit.svg'],
    ] as const) {
      await expect(output(...words, flag, path(name))).rejects.toThrow(
        `cannot write ${path(name)}: there is no such file or folder (ENOENT)`,
      );
    }
    mkdirSync(path('folder.csv'));
    await expect(output(...words, '--out', path('folder.csv'))).rejects.toThrow(/cannot write .*: it is a folder/);
  });

  it('says by which rule cutoffs were found', async () => {
    const words = [...(await write('csv', byName('cont_pl_1.33').data)), '--column', 'size', '--no-alternatives'];
    expect(await output(...words, '--window', 'widest')).toMatch(
      /xmin +\S+ {2}\(of the widest window that a power law passes\)/,
    );
    expect(await output(...words, '--window', 'smallest-ks')).toMatch(
      /xmin +\S+ {2}\(found by the smallest Kolmogorov–Smirnov/,
    );
  });

  it('says in plain words what was found', async () => {
    const text = await output(
      ...(await write('csv', byName('cont_pl_1.33').data)),
      '--column',
      'size',
      '--xmin',
      '1',
      '--bootstrap',
      '30',
      '--workers',
      '1',
      '--progress',
      'none',
    );
    expect(text).toMatch(/exponent +1\.332\(5\)/);
    expect(text).toMatch(/xmin +1 {2}\(given\)/);
    expect(text).toMatch(/goodness of fit +p = /);
    expect(text).toMatch(/The power law fits better than an exponential \(p = 8e-149\)\./);
    expect(text).toMatch(/A lognormal fits best in the limit where it is a power law/);
    expect(text).toMatch(/power law against .* p +parameters/);
    expect(text).toMatch(/exponential +\d.* λ \S+/);
  });

  it('gives the error of the exponent with the choice of xmin beside the one without, and xmin to six digits, of which none is of rounding', async () => {
    await write('csv', byName('cont_pl_2.5').data.slice(0, 400));
    const words = [path('data.csv'), '--column', 'size', '--bootstrap', '40', '--workers', '1', '--progress', 'none'];
    const found = await json(...words);
    const { exponent_error, xmin_range } = found.bootstrap as { exponent_error: number; xmin_range: [number, number] };
    expect(exponent_error / found.standard_error).toBeGreaterThan(0.5);
    expect(exponent_error / found.standard_error).toBeLessThan(5);
    expect(xmin_range[0]).toBeLessThanOrEqual(xmin_range[1]);
    const text = await output(...words);
    expect(text).toMatch(/at the cutoffs found\)\n.*with their choice; xmin from [\d.]+ to [\d.]+\)/);
    expect(/xmin +(\S+) /.exec(text.slice(text.indexOf('\n  xmin')))![1]).toBe(
      String(Number(Number(found.xmin).toPrecision(6))),
    );
  });
});

describe('crackle fit -', () => {
  const { data, exact, fixed_xmin } = byName('disc_zeta_1.5');

  it('reads standard input', async () => {
    const [file] = (await write('csv', data)) as [string];
    const words = ['-', '--column', 'size', '--xmin', String(fixed_xmin), '--no-alternatives', '--json'];
    const { code, stdout, stderr } = await spawned(words, readFileSync(file));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    check(JSON.parse(stdout) as Answer, exact.fixed_xmin);
  });

  it.each(['tsv', 'arrows', 'arrow', 'parquet'])('reads %s from a stream', async (format) => {
    const [file, , condition] = (await write(format, data)) as [string, string?, string?];
    const bytes = readFileSync(file);
    const source = await openSource(Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)]));
    const where = condition === undefined ? {} : { where: [condition] };
    const { report } = await fitColumn(source, { column: 'size', xmin: fixed_xmin, alternatives: false, ...where });
    await source.close();
    check(report, exact.fixed_xmin);
  });
});

describe('crackle fit with something wrong', () => {
  const csv = (name: string, text: string): string => {
    writeFileSync(path(name), text);
    return path(name);
  };
  const sizes = csv('sizes.csv', 'size,name,ok\n1,a,true\n2.5,b,true\n4,c,false\n9,d,true\n');
  const refusals: [string, string[], RegExp][] = [
    [
      'a missing column',
      [sizes, '--column', 'sise'],
      /sizes\.csv has no column 'sise'; its columns are size, name, ok$/,
    ],
    ['no column where there are several', [sizes], /column must be given; the columns of .* are size, name, ok$/],
    [
      'a column of texts',
      [sizes, '--column', 'name'],
      /column 'name' of .*sizes\.csv holds texts, such as 'a', expected numbers$/,
    ],
    [
      'NaN',
      [csv('nan.csv', 'size\n1\nNaN\n3\n')],
      /column 'size' must hold finite numbers, row 2 is blank, missing, NaN or infinite/,
    ],
    ['an empty file', [csv('none.csv', '')], /none\.csv can't be read as a table: it is empty$/],
    ['no rows', [csv('head.csv', 'size\n')], /needs positive values, got none among 0$/],
    ['no positive values', [csv('negative.csv', 'size\n-1\n0\n')], /needs positive values, got none among 2$/],
    [
      'values all alike',
      [csv('same.csv', 'size\n3\n3\n')],
      /fewer than 2 distinct values: got 2 of them all equal to 3$/,
    ],
    [
      'xmin above xmax',
      [sizes, '--column', 'size', '--xmin', '5', '--xmax', '2'],
      /^xmax must be greater than xmin = 5, got 2$/,
    ],
    [
      'a word for xmin',
      [sizes, '--column', 'size', '--xmin', 'low'],
      /^xmin must be a positive number or auto, got 'low'$/,
    ],
    [
      'a negative xmax',
      [sizes, '--column', 'size', '--xmax', '-2'],
      /^xmax must be a positive number, auto or none, got -2$/,
    ],
    [
      'values that are not discrete',
      [sizes, '--column', 'size', '--discrete'],
      /discrete values must be integers, got 2\.5$/,
    ],
    ['a condition that is none', [sizes, '--column', 'size', '--where', 'name'], /^where must be like column=value/],
    [
      'a condition that no row holds',
      [sizes, '--column', 'size', '--where', 'name=x'],
      /none of the 4 rows of .* holds name=x; /,
    ],
    [
      'a condition with a word for a number',
      [sizes, '--column', 'size', '--where', 'size=x'],
      /^where: column 'size' holds numbers, got x$/,
    ],
    ['no file', [path('gone.csv')], /gone\.csv: there is no such file/],
    ['a folder of all sorts of tables', [folder], /holds tables of several kinds/],
    ['nothing', [], /^a file, a run folder or - for standard input must be given$/],
    ['two files', [sizes, '--trace', sizes], /^one table is fitted at a time/],
    [
      'a file twice',
      [sizes, relative('', sizes), '--column', 'size'],
      /is given twice: what is in it would count as two samples$/,
    ],
    [
      'a figure of another kind',
      [sizes, '--column', 'size', '--figure', 'a.gif'],
      /^figure must end in \.svg or \.png/,
    ],
    ['a table of another kind', [sizes, '--column', 'size', '--out', 'a.xls'], /^out must end in/],
    [
      'no repetitions',
      [sizes, '--column', 'size', '--bootstrap', '0'],
      /^bootstrap must be a positive integer, got 0$/,
    ],
    [
      'a threshold without a trace',
      [sizes, '--column', 'size', '--threshold', '1'],
      /^threshold says how to find avalanches in a trace: give --trace$/,
    ],
  ];
  it.each(refusals)('refuses %s', async (_what, words, message) => {
    await expect(output(...words)).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
  });

  it('refuses a Parquet file that was cut off', async () => {
    const [file] = (await write('parquet', [1, 2, 3])) as [string];
    const bytes = readFileSync(file);
    writeFileSync(path('cut.parquet'), bytes.subarray(0, bytes.length - 20));
    await expect(output(path('cut.parquet'), '--column', 'size')).rejects.toThrow(/is not a complete Parquet file/);
  });

  it('refuses several ensembles at once', async () => {
    const [file] = (await write('parquet', [1, 2, 3])) as [string];
    await expect(output(file, '--column', 'size')).rejects.toThrow(
      /holds several ensembles, at least 0 and 1: choose one \(--where ensemble=0\)$/,
    );
  });

  it('leaves with code 2, one line on stderr and nothing on stdout', async () => {
    const { code, stdout, stderr } = await spawned([sizes, '--column', 'sise']);
    expect(stderr).toMatch(/^crackle: .* has no column 'sise'.*\n$/);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
