import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { poisson } from '../../src/numeric/poisson.ts';
import { createStream } from '../../src/numeric/random.ts';
import { followRecording } from '../../src/recording/follow.ts';
import { run } from '../../src/run/run.ts';
import { openRun } from '../../src/store/open-run.ts';
import { branchingTrace } from '../crackling/synthetic-trace.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { output } from './fit-output.ts';

const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);

interface Answer {
  trace: Record<string, unknown> | null;
  avalanches: number;
  size: Record<string, number | null | object[]>;
  duration: Record<string, number | null | object[]>;
  exponents: Record<string, number | null>;
  blocks: number;
  scaling: Record<string, number>;
  collapse: { gamma: number; durations: number; shapes: Record<string, number>[] } | null;
  branching: { within_avalanches: number; multistep: number } | null;
  universality: { id: string; p_value: number; chi_square: number; ties: string[] }[] | null;
  notes: string[];
}

const json = async (...words: string[]): Promise<Answer> => JSON.parse(await output(...words, '--json')) as Answer;

const trace = branchingTrace(200_000, 21);
const cutoffs = ['--size-min', '20', '--size-max', '5000', '--duration-min', '30', '--duration-max', '500'];
/** A part of it, for what needs no statistics. */
const part = trace.slice(0, 50_000);
const quick = ['--no-alternatives', '--blocks', '4', ...cutoffs];

beforeAll(() => {
  writeFileSync(path('trace.csv'), `signal\n${trace.join('\n')}\n`);
  writeFileSync(path('part.csv'), `signal\n${part.join('\n')}\n`);
});

describe('crackle fit --trace file', () => {
  let found: Answer;
  beforeAll(async () => {
    const words = ['--trace', path('trace.csv'), '--threshold', '0', '--above', ...cutoffs, '--collapse-min', '10'];
    const files = ['--out', path('fit.parquet'), '--shapes', path('collapse.parquet')];
    found = await json(...words, ...files, '--figure', path('crackling.svg'));
  });

  // Seeded; 3 standard errors after the corrections of the process, 1 in 370 for each Gaussian estimate.
  it('finds the mean-field exponents of a critical branching process within their errors', () => {
    const { tau, tau_error, alpha, alpha_error, gamma_scaling, gamma_scaling_error } = found.exponents as Record<
      string,
      number
    >;
    expect(Math.abs(tau! - 1.5)).toBeLessThan(3 * tau_error!);
    expect(Math.abs(alpha! - 1.98)).toBeLessThan(3 * alpha_error!);
    expect(Math.abs(gamma_scaling! - 1.98)).toBeLessThan(3 * gamma_scaling_error!);
    expect(Math.abs(found.exponents.mismatch_sigmas!)).toBeLessThan(3);
    expect(found.exponents.deviation_from_criticality).toBeCloseTo(Math.abs(found.exponents.mismatch!), 12);
    expect(found.blocks).toBeGreaterThanOrEqual(32);
    expect(found.size).toMatchObject({ discrete: true, xmin: 20, xmax: 5000 });
    expect(found.size.alternatives).toHaveLength(4);
    expect(found.collapse!.gamma).toBeCloseTo(1.9, 0);
    expect(Math.abs(found.branching!.multistep - 1)).toBeLessThan(0.02);
    expect(Math.abs(found.branching!.within_avalanches - 1)).toBeLessThan(0.02);
    const mine = found.universality!.find(({ id }) => id === 'mean_field')!;
    expect(mine.p_value).toBeGreaterThan(0.01);
    expect(found.universality).toHaveLength(15);
  });

  it('gives the same from CSV, Arrow and with the file before the flags', async () => {
    writeFileSync(path('part.arrow'), tableToIPC(tableFromArrays({ signal: part, other: part.slice() }), 'file'));
    const rest = ['--threshold', '0', '--above', ...quick];
    const one = await json('--trace', path('part.csv'), ...rest);
    const two = await json(path('part.arrow'), '--trace', '--column', 'signal', ...rest);
    expect({ ...two, file: undefined }).toEqual({ ...one, file: undefined });
  });

  it('counts what it finds, and finds the threshold in the trace where it is asked to', async () => {
    const sorted = part.toSorted();
    const third = (part.length - 1) * 0.3;
    const low = sorted[Math.floor(third)]!;
    const expected = {
      'quantile:0.3': low + (third % 1) * (sorted[Math.floor(third) + 1]! - low),
      median: (sorted[24_999]! + sorted[25_000]!) / 2,
      mean: part.reduce((sum, x) => sum + x, 0) / part.length,
    };
    for (const [word, threshold] of Object.entries(expected)) {
      const found = await json('--trace', path('part.csv'), '--threshold', word, '--no-alternatives', '--blocks', '4');
      const recording = followRecording({ threshold });
      recording.step(part);
      recording.finish();
      expect(found.trace!.threshold).toBeCloseTo(threshold, 9);
      expect(found.avalanches).toBe(recording.tally.valid);
      expect(found.trace).toMatchObject({
        rows: 50_000,
        valid: recording.tally.valid,
        rows_inside: recording.tally.rowsInside,
      });
    }
  });

  it('takes the excess for the size, and rows at the threshold for outside, where asked to', async () => {
    const signal = await json('--trace', path('part.csv'), '--threshold', '1', '--size', 'signal', ...quick);
    const above = await json('--trace', path('part.csv'), '--threshold', '0', '--above', ...quick);
    expect(above.exponents).toEqual({ ...signal.exponents, size: 'excess' });
    expect(signal.exponents).toMatchObject({ size: 'signal', excluded: 0 });
    // Avalanches of single individuals have no excess over 1.
    const excess = await json('--trace', path('part.csv'), '--threshold', '1', ...quick);
    expect(excess.duration).toEqual(signal.duration);
    expect(excess.exponents.excluded).toBeGreaterThan(1000);
    expect(excess.size.n).toBe((signal.size.n as number) - excess.exponents.excluded!);
  });

  it('keeps trials apart, and takes missing rows for gaps where asked to', async () => {
    const rows = [...trace.slice(0, 60_000)];
    const trials = rows.map((x, i) => `${x},${i < 30_000 ? 'one' : 'two'}`);
    writeFileSync(path('trials.csv'), `signal,trial\n${trials.join('\n')}\n`);
    const words = [
      path('trials.csv'),
      '--trace',
      '--column',
      'signal',
      '--threshold',
      '1',
      '--no-alternatives',
      '--blocks',
      '4',
    ];
    expect((await json(...words, '--trial', 'trial')).trace).toMatchObject({ trials: 2, rows: 60_000 });
    writeFileSync(path('gaps.csv'), `signal\n${rows.map((x, i) => (i === 40_000 ? 'NaN' : x)).join('\n')}\n`);
    const gaps = ['--trace', path('gaps.csv'), '--threshold', '1', '--no-alternatives', '--blocks', '4'];
    await expect(json(...gaps)).rejects.toThrow(/row 40001 is blank, missing, NaN or infinite/);
    expect((await json(...gaps, '--skip-missing')).trace).toMatchObject({ missing: 1, rows: 59_999 });
  });

  it('counts events in bins of time', async () => {
    // Every unit of activity is an event within its step of 0.5.
    const short = trace.slice(0, 30_000).map((x) => Math.min(x, 20));
    const times = [...short].flatMap((n, t) => Array.from({ length: n }, (_, k) => 0.5 * (t + (k + 0.5) / (n + 1))));
    writeFileSync(path('events.csv'), `time\n${times.join('\n')}\n`);
    writeFileSync(path('short.csv'), `signal\n${short.slice(short.findIndex((x) => x > 0)).join('\n')}\n`);
    const binned = await json('--trace', path('events.csv'), '--time-bin', '0.5', '--no-alternatives', '--blocks', '4');
    const counted = await json(
      '--trace',
      path('short.csv'),
      '--threshold',
      '0',
      '--above',
      '--no-alternatives',
      '--blocks',
      '4',
    );
    expect(binned.trace).toMatchObject({ time_bin: 0.5, threshold: 0, above: true });
    expect(binned.exponents).toEqual(counted.exponents);
    const mean = await json('--trace', path('events.csv'), '--time-bin', 'mean', '--no-alternatives', '--blocks', '4');
    expect(mean.trace!.time_bin).toBeCloseTo((times.at(-1)! - times[0]!) / (times.length - 1), 12);
  });

  it('writes the fit table of both, draws all of it, and says it in words', async () => {
    const text = await output('--trace', path('part.csv'), '--threshold', '0', '--above', ...quick);
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path('fit.parquet')) });
    const laws = rows.filter(({ model }) => model === 'power_law');
    expect(laws.map(({ observable }) => observable)).toEqual(['size', 'duration']);
    const svg = readFileSync(path('crackling.svg'), 'utf8');
    for (const title of ['Avalanche size S', 'Avalanche duration D', 'Mean size', 'Collapse error']) {
      expect(svg).toContain(title);
    }
    expect(text).toMatch(/signal of .*part\.csv: 50.000 rows, .* % of them in avalanches \(threshold 0\)/);
    expect(text).toMatch(/τ {2}size +1\.5\d*\(\d+\) +20 – 5000/);
    expect(text).toMatch(
      /The crackling relation holds: γ = \S+ and .* differ by \S+, \S+ %: \d\.\d statistical standard errors\./,
    );
    expect(text).toMatch(/Errors are from halves of \d+ contiguous stretches of the trace/);
    expect(text).toMatch(/Branching ratio [01]\.\d+ within avalanches/);
    expect(text).toMatch(/Not excluded at the 5 % level: .*mean field/);
  });

  it('gives the collapsed shapes, as JSON and as the table that runs have', async () => {
    const { gamma, durations, shapes } = found.collapse!;
    expect(shapes).toHaveLength(50 * durations);
    for (const { duration, strength, rescaled } of shapes) {
      expect(rescaled! / strength!).toBeCloseTo(duration! ** (1 - gamma), 9);
    }
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path('collapse.parquet')) });
    const own = rows.map(({ duration, x, strength, rescaled, count }) => ({
      duration,
      x,
      strength,
      rescaled,
      count: Number(count),
    }));
    expect(own).toEqual(shapes);
    await expect(output(path('part.csv'), '--column', 'signal', '--shapes', path('no.csv'))).rejects.toThrow(
      /^shapes are those of avalanches in a trace: give --trace$/,
    );
    expect(existsSync(path('no.csv'))).toBe(false);
  });

  it('points at --below where nearly all rows are above the threshold', async () => {
    // A field potential: deflections of one to three rows in every forty.
    const field = Array.from({ length: 4000 }, (_, i) => (i % 40 < 1 + (Math.floor(i / 40) % 3) ? -3 - (i % 7) : 0.1));
    writeFileSync(path('field.csv'), `signal\n${field.join('\n')}\n`);
    const words = ['--trace', path('field.csv'), '--threshold', '-2', '--no-alternatives', '--blocks', '4'];
    const hint = /^Avalanches go above the threshold, where nearly all rows are: --below finds what goes below it$/m;
    expect(await output(...words)).toMatch(hint);
    expect(await output(...words, '--below')).not.toMatch(hint);
  });

  it('measures a signal of two levels, whose sizes in excess and from zero are multiples of different steps', async () => {
    let state = 7;
    const next = (): number => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    const runs = Array.from({ length: 600 }, () => [0.3, ...Array<number>(Math.ceil(next() ** -1)).fill(1.1)]);
    writeFileSync(path('levels.csv'), `signal\n${[...runs.flat(), 0.3].join('\n')}\n`);
    const words = ['--trace', path('levels.csv'), '--threshold', '0.4', '--no-alternatives', '--blocks', '4'];
    const excess = await json(...words);
    const signal = await json(...words, '--size', 'signal');
    // Both are proportional to the duration.
    for (const { exponents } of [excess, signal]) expect(exponents!.tau).toEqual(exponents!.alpha);
    expect(signal.exponents!.tau).toEqual(excess.exponents!.tau);
  });

  const refusals: [string, string[], RegExp][] = [
    [
      'no threshold',
      [],
      /^threshold must be given: a number, median, mean, quantile:q, or standard deviations as in -3sd$/,
    ],
    ['a quantile beyond 1', ['--threshold', 'quantile:1.5'], /^threshold must be .* got .*1\.5.*$/],
    [
      'a threshold below all rows',
      ['--threshold', '0'],
      /^every row of the trace is at or above the threshold 0: .*--above/,
    ],
    ['a threshold above all rows', ['--threshold', '1e9'], /^no row of the trace is at or above the threshold/],
    ['cutoffs of one column', ['--threshold', '1', '--xmin', '2'], /^xmin is for one column: give --size-min/],
    [
      'cutoffs in the wrong order',
      ['--threshold', '1', '--size-min', '9', '--size-max', '3'],
      /^size-max must be greater than size-min = 9, got 3$/,
    ],
    [
      'a collapse over no durations',
      ['--threshold', '1', '--collapse-min', '9', '--collapse-max', '9'],
      /^collapse-max must be greater than collapse-min = 9, got 9$/,
    ],
    [
      'a null model twice',
      ['--threshold', '1', '--surrogate', 'phase,phase'],
      /^surrogate must differ, got phase twice$/,
    ],
    [
      'a duration that is no integer',
      ['--threshold', '1', '--duration-min', '2.5'],
      /^duration distribution: xmin must be an integer/,
    ],
    [
      'a count of groups that are not made',
      ['--threshold', '1', '--scaling-count', '30'],
      /^scaling-count joins durations of few avalanches: give --scaling-weights log$/,
    ],
    ['a trial that is no column', ['--threshold', '1', '--trial', 'x'], /has no column 'x'/],
    [
      'columns of avalanches',
      ['--threshold', '1', '--avalanches', 'a,b'],
      /^avalanches doesn't go together with --trace$/,
    ],
    ['a channel that is no column', ['--channels', 'x', '--threshold', '1'], /has no column 'x'/],
    // Whole numbers, but below nothing: counts of events have no deflections.
    ['channels without a threshold', ['--channels', 'signal', '--below'], /^threshold of each channel must be given/],
    ['a threshold of many deviations', ['--threshold', '-xsd'], /^threshold must be .* got .*sd/],
  ];
  it.each(refusals)('refuses %s', async (_what, words, message) => {
    await expect(output('--trace', path('part.csv'), ...words)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
});

describe('crackle fit file --avalanches size,duration', () => {
  /** The avalanches of the trace as a table of their own. */
  function table(): { size: number[]; duration: number[] } {
    const recording = followRecording({ threshold: 0, above: true });
    const found = [recording.step(part), recording.finish()];
    const rows = found.flatMap(({ size, duration, censored }) =>
      Array.from(size, (s, i) => ({ s, d: duration[i]!, censored: censored[i] === 1 })),
    );
    const whole = rows.filter(({ censored }) => !censored);
    return { size: whole.map(({ s }) => s), duration: whole.map(({ d }) => d) };
  }

  it('finds what the trace gives, but for the shapes', async () => {
    const { size, duration } = table();
    writeFileSync(path('table.csv'), `s,t\n${size.map((s, i) => `${s},${duration[i]}`).join('\n')}\n`);
    const found = await json(path('table.csv'), '--avalanches', 's,t', ...quick);
    const traced = await json('--trace', path('part.csv'), '--threshold', '0', '--above', ...quick);
    expect(found.avalanches).toBe(traced.avalanches);
    for (const name of ['tau', 'alpha', 'gamma_scaling', 'mismatch']) {
      expect(found.exponents[name]).toBeCloseTo(traced.exponents[name]!, 9);
    }
    expect(found.exponents.gamma_collapse).toBeNull();
    expect(found).toMatchObject({ collapse: null, branching: null, trace: null });
    const text = await output(path('table.csv'), '--avalanches', 's,t', ...quick);
    expect(text).toMatch(/s and t of .*table\.csv: [\d\u202f]+ avalanches/);
    expect(text).not.toMatch(/Branching/);
  });

  it('refuses durations that are no numbers of steps, and names that are not two', async () => {
    writeFileSync(path('times.csv'), 'size,duration\n1,0.5\n2,1.5\n');
    await expect(output(path('times.csv'), '--avalanches', 'size,duration')).rejects.toThrow(
      /^durations must be positive integers, numbers of time steps, column 'duration' holds 0\.5$/,
    );
    await expect(output(path('times.csv'), '--avalanches', 'size')).rejects.toThrow(
      /^avalanches must be the names of two columns/,
    );
  });
});

describe('crackle fit <run folder>', () => {
  it('analyses recorded avalanches of one ensemble, with blocks of networks; says what to do where there are none', async () => {
    const pipeline = await loadPipeline(pipelineUrl('gaussian-avalanches'));
    const values = { widths: [32], depth: 300, valid: 3000, engine: 'effective', alternatives: false, blocks: 4 };
    const options = { seed: 3, workers: 1, figures: false };
    await run(pipeline, values, { ...options, out: path('run'), record: ['avalanche'] });
    const rest = [
      '--no-alternatives',
      '--duration-min',
      '3',
      '--duration-max',
      '60',
      '--size-min',
      '20',
      '--size-max',
      '400',
    ];
    const found = await json(path('run'), ...rest);
    expect(found.avalanches).toBeGreaterThanOrEqual(3000);
    expect(found.blocks).toBe(32);
    expect(await output(path('run'), '--blocks', '4', ...rest)).toMatch(/halves of 4 groups of network/);
    const column = JSON.parse(
      await output(path('run'), '--column', 'duration', '--no-alternatives', '--json'),
    ) as Record<string, unknown>;
    expect(column).toMatchObject({ column: 'duration', discrete: true, n: found.avalanches });
    await run(pipeline, { ...values, valid: 100 }, { ...options, out: path('bare') });
    await expect(output(path('bare'))).rejects.toThrow(
      /has not recorded its avalanches: run gaussian-avalanches again with --record avalanche, or see its own fits in .*fit\.parquet$/,
    );
    const small = { ...values, valid: 100 };
    const more = async (name: string, own: object, seed: number) => {
      await run(pipeline, { ...small, ...own }, { ...options, seed, out: path(name), record: ['avalanche'] });
      return path(name);
    };
    const other = await more('other', {}, 4);
    const both = await json(path('run'), other, '--blocks', '4', ...rest);
    const alone = await openRun(other).then(({ manifest }) => manifest.counts.valid!);
    expect(both.avalanches).toBe(found.avalanches! + alone);
    await expect(output(path('run'), await more('again', {}, 3))).rejects.toThrow(
      /have the same networks, both are of seed 3: their avalanches would count twice$/,
    );
    await expect(output(path('run'), await more('wider', { widths: [48] }, 5))).rejects.toThrow(
      /^ensemble 0 of .*run has width 32, ensemble 0 of .*wider width 48: they are no one sample; .* \(--against .*wider\)$/,
    );
  });

  it('takes every value of the flags of the multistep branching ratio, and its means of each trial', async () => {
    const stream = createStream(31, 7);
    const rows = Array.from({ length: 12 }, (_, i) =>
      Array.from({ length: 300 }, () => `${i},${poisson(stream, 2 + i)}`),
    ).flat();
    const path = join(folder, 'poisson-trials.csv');
    writeFileSync(path, `trial,count\n${rows.join('\n')}\n`);
    const trials = ['--trace', path, '--column', 'count', '--trial', 'trial', '--threshold', '7', '--lags', '20'];
    const words = [...trials, '--no-alternatives', '--blocks', '4'];
    const plain = await json(...words);
    expect(plain.branching).toMatchObject({ multistep: null, means: 'within-trials', trials: 12 });
    expect(await output(...words)).toMatch(/No memory over 20 rows .* means of each trial taken off, 12 trials/);
    for (const fit of ['auto', 'exponential', 'exponential-offset']) {
      for (const means of ['within-trials', 'trial-separated', 'stationary-mean']) {
        const { branching } = await json(...words, '--branching-fit', fit, '--branching-means', means);
        expect(branching).toMatchObject({ means, ...(fit === 'auto' ? {} : { fit }) });
        const pooled = means === 'stationary-mean' && fit === 'exponential';
        if (pooled) expect(branching!.multistep).toBeGreaterThan(0.95);
      }
    }
  });
});
