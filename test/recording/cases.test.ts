import { describe, expect, it } from 'vitest';
import {
  type AvalancheOptions,
  type ColumnOptions,
  columnsSource,
  fitAvalanches,
  fitColumn,
  fitTrace,
  openSource,
  type TraceOptions,
} from '../../src/index.ts';
import { caseFile } from './cases.ts';

// Each of these was once wrong without a word. Right values: theory, or scipy and mpmath on the same files.

const column = async (name: string, options: ColumnOptions = {}) => {
  const source = await openSource(caseFile(name));
  const fit = await fitColumn(source, { alternatives: false, ...options });
  await source.close();
  return fit;
};

const traced = async (name: string, options: TraceOptions) => {
  const source = await openSource(caseFile(name));
  const fit = await fitTrace(source, { alternatives: false, blocks: 4, ...options });
  await source.close();
  return fit;
};

/** A file's columns in memory, scaled. */
async function scaled(name: string, factors: Readonly<Record<string, number>>) {
  const source = await openSource(caseFile(name));
  const parts: Record<string, number[]> = {};
  for await (const { columns } of source.chunks(Object.keys(factors))) {
    for (const [key, factor] of Object.entries(factors)) {
      parts[key] = (parts[key] ?? []).concat(Array.from(columns[key] as ArrayLike<number>, (x) => x * factor));
    }
  }
  await source.close();
  return columnsSource(Object.fromEntries(Object.entries(parts).map(([key, x]) => [key, Float64Array.from(x)])));
}

describe('values', () => {
  it.each([
    ['five integers from 1e7 on', 'huge-integers/five.csv', { xmin: 1e7 }, 2.2022, 5e-5],
    ['3000 integers from 1e8 on', 'huge-integers/bytes.csv', { xmin: 1e8 }, 2.51160276, 1e-8],
    [
      'integers of exponent 0.7 between both ends',
      'alpha-below-one/discrete.csv.gz',
      { xmin: 1, xmax: 2000 },
      0.7,
      9e-3,
    ],
    ['the same, both found', 'alpha-below-one/discrete.csv.gz', { window: 'widest' }, 0.7, 0.02],
    ['real numbers of exponent 0.7, both found', 'alpha-below-one/continuous.csv.gz', { window: 'widest' }, 0.7, 0.03],
    ['Pareto values of exponent 2.5', 'ties/exact.csv.gz', {}, 2.5, 0.08],
    ['the same to one decimal', 'ties/rounded0.1.csv.gz', {}, 2.5, 0.08],
    ['the same to one decimal, from 1.1 on', 'ties/rounded0.1.csv.gz', { xmin: 1.1 }, 2.5, 0.08],
    ['Pareto values of exponent 2.4 in whole minutes', 'binned-pareto/minutes.csv.gz', {}, 2.4, 0.1],
    ['durations of Ornstein–Uhlenbeck excursions', 'ou/durations.csv.gz', { xmin: 20, xmax: 5000 }, 1.5, 0.09],
    ['the same on the widest window', 'ou/durations.csv.gz', { window: 'widest' }, 1.5, 0.1],
  ] as const)('%s', async (_what, name, options, exponent, tolerance) => {
    const { report } = await column(name, options);
    expect(Math.abs(report.exponent - exponent)).toBeLessThan(tolerance);
  });

  it('the automatic xmin of thirty integers near 1e6 is that of an exhaustive scan', async () => {
    const { report } = await column('xmin-scan/thirty.csv');
    expect(report).toMatchObject({ xmin: 810451, n_tail: 21 });
    expect(report.exponent).toBeCloseTo(2.117, 3);
    expect(report.ks).toBeCloseTo(0.08317, 5);
  });

  it.each([100, 1000, 0.1, 1e7])('20,000 zeta integers times %d have the exponent they had', async (factor) => {
    const { report } = await fitColumn(await scaled('xmin-unit/k.csv.gz', { k: factor }), { alternatives: false });
    expect(report.exponent).toBeCloseTo(2.4161, 3);
    expect(report.xmin / factor).toBeCloseTo(1, 12);
    expect(report.n_tail).toBe(20_000);
  });

  it('a law that ends without an upper cutoff, and one rounded at its smallest value, are said to be so', async () => {
    const ends = await column('alpha-below-one/discrete.csv.gz');
    expect(ends.report.n_tail).toBeLessThan(50);
    const { report, notes } = await column('ties/rounded0.1.csv.gz', { xmin: 1 });
    expect(report.exponent).toBeLessThan(2.45);
    expect(notes).toEqual([
      'Only 332 values are exactly 1, where the power law of those above it has 776: where values were rounded, or small ones missed, an xmin above 1 is safer.',
    ]);
    for (const name of [
      'ties/exact.csv.gz',
      'few-distinct/mostly1.csv',
      'few-distinct/twos.csv',
      'xmin-unit/k.csv.gz',
    ]) {
      expect((await column(name)).notes, name).toEqual([]);
    }
    expect((await column('decade-lumps/lumps.csv')).notes).toEqual([]);
  });

  it('a table of values and counts is fitted as all its values', async () => {
    const { held, report } = await column('counts/table.csv', { column: 'questions', countColumn: 'users', xmin: 1 });
    expect(held.n).toBe(7819);
    expect(report.n_tail).toBe(7819);
  });
});

describe('avalanches of the critical Galton–Watson process', () => {
  const options: AvalancheOptions = { alternatives: false, blocks: 8 };

  // Theory: τ = 3/2, α = 2, γ = 2. Within three of the errors that are quoted.
  it('have the exponents of theory on the windows that are found', async () => {
    const { analysis } = await fitAvalanches(await scaled('gw/gw.csv.gz', { size: 1, duration: 1 }), options);
    const { estimate, standardError } = analysis.jackknife;
    for (const [name, value] of [
      ['tau', 1.5],
      ['alpha', 2],
      ['gammaScaling', 2],
    ] as const) {
      expect(Math.abs(estimate[name] - value)).toBeLessThan(3 * standardError[name]);
    }
    expect(Math.abs(analysis.relation.deviations)).toBeLessThan(2);
    expect(analysis.universality!.find((other) => other.class.id === 'mean_field')!.pValue).toBeGreaterThan(0.05);
  });

  it('have the same exponents with durations in time steps, seconds and milliseconds', async () => {
    const at = async (unit: number) =>
      fitAvalanches(await scaled('gw/gw.csv.gz', { size: 1, duration: unit }), {
        ...options,
        durationMin: 40 * unit,
        durationMax: 200 * unit,
        sizeMin: 300,
        sizeMax: null,
      });
    const one = await at(1);
    for (const unit of [0.004, 4]) {
      const other = await at(unit);
      expect(other.table.durationStep).toBe(unit);
      expect(other.analysis.jackknife.estimate).toEqual(one.analysis.jackknife.estimate);
      const { xmin, xmax } = other.analysis.duration;
      expect([xmin, xmax]).toEqual([40 * unit, 200 * unit]);
    }
  });
});

describe('traces', () => {
  it('events on the edges of bins are counted the same in seconds and milliseconds', async () => {
    const cutoffs = { column: 'time', sizeMin: 1, sizeMax: 10, durationMin: 1, durationMax: 10 } as const;
    const seconds = await traced('bin-edges/edges.csv.gz', { ...cutoffs, timeBin: 0.004 });
    const milliseconds = await traced('bin-edges/edges_ms.csv.gz', { ...cutoffs, timeBin: 4 });
    expect(seconds.trace.tally).toEqual(milliseconds.trace.tally);
    expect(seconds.analysis.jackknife.estimate).toEqual(milliseconds.analysis.jackknife.estimate);
    expect(Math.abs(seconds.analysis.jackknife.estimate.alpha - 1.85)).toBeLessThan(0.02);
    const bursts = await traced('bin-edges/five_bursts_ms.csv', { column: 'time', timeBin: 4, durationMin: 1 });
    expect(bursts.trace.tally).toMatchObject({ valid: 3, censored: 2, rowsInside: 58 });
  });

  it('events of several units, and times that begin anew in each trial, are counted in order', async () => {
    const units = await traced('spikes/by_unit.csv.gz', { column: 'time', timeBin: 0.004 });
    expect(units.trace.tally).toMatchObject({ rows: 2996, valid: 154, censored: 2 });
    const { scaling, histogram } = units.blocked.all;
    const total = scaling.duration.reduce((sum, d, i) => sum + d * scaling.count[i]!, 0);
    expect(total / histogram.n).toBeCloseTo(13.87, 3);
    const trials = await traced('spikes/trials.csv.gz', { column: 'time', timeBin: 0.004, trial: 'trial' });
    expect(trials.trace.tally.trials).toBe(50);
    expect(trials.trace.events!.count).toBe(2123);
  });

  it('the branching ratio of a trace thinned to 10 % is that of the whole; independent counts have no memory', async () => {
    const { ratio } = (await traced('spikes/sub.csv.gz', { threshold: 1 })).trace.branching.multistep!;
    expect(ratio.low).toBeLessThan(0.98);
    expect(ratio.high).toBeGreaterThan(0.98);
    const poisson = await traced('trials-rate/poisson_trials.csv.gz', {
      column: 'count',
      trial: 'trial',
      threshold: 2,
    });
    expect(poisson.trace.branching.multistep!.ratio.estimate).toBeNaN();
  });

  it('negative deflections have sizes that count downwards, in units of the signal or standard deviations', async () => {
    const below = await traced('lfp/lfp.csv.gz', { column: 'ch1', threshold: -2, below: true });
    expect(below.trace.tally.valid).toBe(21);
    expect(below.trace.tally.rowsInside / below.trace.tally.rows).toBeLessThan(0.02);
    expect(below.blocked.all.histogram.nonPositive).toBeLessThan(2);
    const own = await traced('lfp/lfp.csv.gz', { column: 'ch1', threshold: { sd: -2 }, below: true });
    const raster = await traced('lfp/lfp.csv.gz', { channels: ['ch1', 'ch2'], threshold: { sd: -2 }, below: true });
    expect(raster.trace.channels![0]!.threshold).toBeCloseTo(own.trace.threshold, 12);
  });

  it('a trace has the same exponents times 1e40 and 1e-44', async () => {
    const of = async (factor: number) =>
      (
        await fitTrace(await scaled('trace-units/unit.csv.gz', { v: factor }), {
          threshold: 'median',
          alternatives: false,
          sizeMin: factor,
          sizeMax: null,
          durationMin: 1,
          durationMax: null,
        })
      ).analysis.jackknife.estimate;
    const one = await of(1);
    for (const factor of [1e40, 1e-44]) {
      const other = await of(factor);
      expect(other.alpha).toBe(one.alpha);
      expect(Math.abs(other.tau - one.tau)).toBeLessThan(0.005);
      expect(Math.abs(other.gammaScaling - one.gammaScaling)).toBeLessThan(1e-6);
    }
  });
});
