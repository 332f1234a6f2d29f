import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnsSource, fitTrace } from '../../src/index.ts';
import { createStream } from '../../src/numeric/random.ts';
import { collectEvents } from '../../src/recording/events.ts';
import { binEvents } from '../../src/recording/time-bins.ts';
import { branchingTrace } from '../crackling/synthetic-trace.ts';

const cases = join(import.meta.dirname, '../fixtures/cases');
const quick = { alternatives: false, blocks: 4, sizeMin: 1, sizeMax: null, durationMin: 1, durationMax: null } as const;

async function counted(times: ArrayLike<number>, width: number): Promise<number[]> {
  const events = await collectEvents([{ signal: Float64Array.from(times), trial: undefined }], 'time');
  return [...binEvents(events, width, 'time')].flatMap(({ signal }) => [...signal]);
}

/** Events at the edges of bins, some of them several times: numbers of bins. */
function edges(seed: number, n: number): number[] {
  const stream = createStream(seed, 1);
  let bin = 3;
  return Array.from({ length: n }, () => {
    bin += stream.integer(3) + (stream.integer(10) === 0 ? 5 : 0);
    return bin;
  });
}

const histogram = (bins: readonly number[]): number[] => {
  const counts = new Array<number>(bins.at(-1)! - bins[0]! + 1).fill(0);
  for (const bin of bins) counts[bin - bins[0]!]!++;
  return counts;
};

describe('events counted in bins of time', () => {
  it('finds five bursts of one event a bin whose times lie on the edges', async () => {
    const time = readFileSync(join(cases, 'bin-edges/five_bursts.csv'), 'utf8').trim().split('\n').slice(1).map(Number);
    const counts = await counted(time, 0.004);
    expect(counts.filter((n) => n > 0)).toEqual(new Array<number>(58).fill(1));
    const source = columnsSource({ time: Float64Array.from(time) });
    const { trace } = await fitTrace(source, { timeBin: 0.004, ...quick });
    expect(trace.tally).toMatchObject({ valid: 3, censored: 2, rowsInside: 58 });
  });

  it.each([1, 1e-3, 4e-3, 1 / 30_000, 0.1, 7e5, 1e-12, 1e15])('is the same in a unit of %d', async (unit) => {
    const bins = edges(7, 20_000);
    const expected = histogram(bins);
    // As products, as texts of 12 digits, and in the middle of their bins.
    expect(
      await counted(
        Float64Array.from(bins, (k) => k * unit),
        unit,
      ),
    ).toEqual(expected);
    expect(
      await counted(
        Float64Array.from(bins, (k) => Number((k * unit).toPrecision(12))),
        unit,
      ),
    ).toEqual(expected);
    expect(
      await counted(
        Float64Array.from(bins, (k) => (k + 0.5) * unit),
        unit,
      ),
    ).toEqual(expected);
  });

  it('has times of 30 kHz samples, written to 9 decimals, on edges that are no decimals', async () => {
    const bins = edges(11, 30_000);
    const times = Float64Array.from(bins, (k) => Number(((k * 20) / 30_000).toFixed(9)));
    for (const width of [20 / 30_000, 0.000666666667]) expect(await counted(times, width)).toEqual(histogram(bins));
  });

  it('takes times of single precision for as exact as they are', async () => {
    const bins = edges(8, 5000);
    const times = Float32Array.from(bins, (k) => k * 0.004);
    expect(await counted(times, 0.004)).toEqual(histogram(bins));
    await expect(counted(times, 1e-8)).rejects.toThrow(/^time-bin 1e-8 is finer than times like .* are exact/);
  });

  // 19,422 events by unit in the case that this stands for; bins by integers of a microsecond.
  it('sorts events that come unit by unit, and counts trials whose times begin anew by themselves', async () => {
    const stream = createStream(9, 1);
    const events = Array.from({ length: 6000 }, () => ({
      microseconds: stream.integer(4_000_000),
      unit: stream.integer(20),
      trial: stream.integer(3),
    }));
    events.sort((a, b) => a.unit - b.unit || a.microseconds - b.microseconds);
    const time = Float64Array.from(events, ({ microseconds }) => microseconds / 1e6);
    const together = events.map(({ microseconds }) => Math.floor(microseconds / 4000)).sort((a, b) => a - b);
    expect(await counted(time, 0.004)).toEqual(histogram(together));
    const trial = Int32Array.from(events, (event) => event.trial);
    const rows = [0, 1, 2].map((name) => {
      const own = events.filter((event) => event.trial === name).map((event) => Math.floor(event.microseconds / 4000));
      return Math.max(...own) - Math.min(...own) + 1;
    });
    const { trace } = await fitTrace(columnsSource({ time, trial }), {
      column: 'time',
      trial: 'trial',
      timeBin: 0.004,
      ...quick,
    });
    expect(trace.tally).toMatchObject({ trials: 3, rows: rows[0]! + rows[1]! + rows[2]! });
    expect(trace.events).toEqual({ count: 6000, missing: 0, backward: 57 });
  });

  it('counts rows without a time, and refuses billions of empty bins', async () => {
    const time = Float64Array.of(0.5, Number.NaN, 1.5, 3.5, 4.5, 4.6, 7.5);
    const { trace } = await fitTrace(columnsSource({ time }), { timeBin: 1, skipMissing: true, ...quick });
    expect(trace.events).toEqual({ count: 6, missing: 1, backward: 0 });
    await expect(counted([0, 1, 1e9 + 3], 1)).rejects.toThrow(/^time-bin 1 makes 1000000003 bins of 3 events/);
    await expect(counted([Number.NaN], 1)).rejects.toThrow(/^column 'time' holds no times of events$/);
  });
});

describe('negative deflections and several channels', () => {
  const stream = createStream(10, 1);
  const noise = (): Float64Array => Float64Array.from({ length: 20_000 }, () => stream.normal());
  const [one, two] = [noise(), noise()];

  it('finds below a threshold what the mirrored trace has above it', async () => {
    const down = await fitTrace(columnsSource({ one }), { threshold: -0.5, below: true, ...quick });
    const up = await fitTrace(columnsSource({ one: one.map((x) => -x) }), { threshold: 0.5, ...quick });
    expect(down.analysis.jackknife.estimate).toEqual(up.analysis.jackknife.estimate);
    expect(down.trace).toMatchObject({ threshold: -0.5, below: true, tally: up.trace.tally });
  });

  it('takes thresholds in standard deviations, in any unit', async () => {
    const scaled = one.map((x) => 3e-4 + 1e-5 * x);
    const options = { threshold: { sd: -1 }, below: true, size: 'excess', ...quick, sizeMin: 'auto' } as const;
    const [raw, other] = [
      await fitTrace(columnsSource({ one }), options),
      await fitTrace(columnsSource({ scaled }), options),
    ];
    expect(other.trace.tally).toEqual(raw.trace.tally);
    expect(other.trace.threshold).toBeCloseTo(3e-4 + 1e-5 * raw.trace.threshold, 15);
  });

  it('takes counts of channels without a threshold for events, each spike of neighbouring rows its own', async () => {
    const all = branchingTrace(5000, 5);
    const sum = all.subarray(
      all.findIndex((n) => n > 0),
      all.findLastIndex((n) => n > 0) + 1,
    );
    const stream = createStream(8, 3);
    const units = [0, 1, 2].map(() => new Float64Array(sum.length));
    sum.forEach((n, i) => {
      for (let spike = 0; spike < n; spike++) units[stream.integer(3)]![i]!++;
    });
    const [u0, u1, u2] = units;
    const recorded = columnsSource({ u0: u0!, u1: u1!, trial: new Float64Array(sum.length), u2: u2! });
    const options = { ...quick, lags: 10, profilePoints: 4 };
    const raster = await fitTrace(recorded, { channels: ['u*'], ...options });
    const added = await fitTrace(columnsSource({ sum }), { threshold: 0, above: true, ...options });
    expect(raster.trace.tally).toEqual(added.trace.tally);
    expect(raster.analysis.jackknife.estimate).toEqual(added.analysis.jackknife.estimate);
    expect(raster.trace.events!.count).toBe(sum.reduce((a, b) => a + b));
    const channels = raster.trace.channels!;
    expect(channels.map(({ name, threshold, whole }) => [name, threshold, whole])).toEqual(
      ['u0', 'u1', 'u2'].map((name) => [name, null, true]),
    );
    await expect(fitTrace(recorded, { channels: ['v*'], ...options })).rejects.toThrow(
      /^no column of .* is like 'v\*'; its columns are u0, u1, trial, u2$/,
    );
    for (const [name, more] of [['half', {}] as const, ['u0', { below: true }] as const]) {
      const halves = columnsSource({ u0: u0!, half: u0!.map((n) => n / 2) });
      await expect(fitTrace(halves, { channels: [name], ...more, ...options })).rejects.toThrow(
        /^threshold of each channel must be given: .*may count events without one/,
      );
    }
    const large = columnsSource({ volts: u0!.map((n) => 1e12 * n) });
    await expect(fitTrace(large, { channels: ['volts'], ...options })).rejects.toThrow(
      "threshold of each channel must be given: as counts of events (which they are taken for without one) columns up to 'volts' hold more than 134217728",
    );
    const endless = columnsSource({ u0: u0!.map((n, i) => (i === 7 ? Infinity : n)), u1: u1!, u2: u2! });
    const { events } = (await fitTrace(endless, { channels: ['u*'], skipMissing: true, ...options })).trace;
    expect(events!.count).toBe(raster.trace.events!.count - u0![7]!);
  });

  it('makes one raster of the extrema of all channels, each with its own threshold', async () => {
    const source = columnsSource({ one, two: two.map((x) => 1e3 * x) });
    const { trace } = await fitTrace(source, {
      channels: ['one', 'two'],
      threshold: { sd: -2 },
      below: true,
      ...quick,
    });
    const extrema = [one, two].flatMap((channel, c) => {
      const mean = channel.reduce((sum, x) => sum + x, 0) / channel.length;
      const sd = Math.sqrt(channel.reduce((sum, x) => sum + (x - mean) ** 2, 0) / channel.length);
      const level = mean - 2 * sd;
      expect(trace.channels![c]!.threshold! / (c === 0 ? 1 : 1e3)).toBeCloseTo(level, 9);
      const rows: number[] = [];
      let best = -1;
      for (let i = 0; i <= channel.length; i++) {
        if (i < channel.length && channel[i]! <= level) best = best < 0 || channel[i]! < channel[best]! ? i : best;
        else if (best >= 0) {
          rows.push(best);
          best = -1;
        }
      }
      return rows;
    });
    expect(trace.events!.count).toBe(extrema.length);
    expect(trace.channels!.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(trace.channels!.reduce((sum, { events }) => sum + events, 0)).toBe(extrema.length);
    expect(trace.tally.rowsInside).toBe(new Set(extrema).size);
    expect(trace.tally.rows).toBe(Math.max(...extrema) - Math.min(...extrema) + 1);
  });

  it('says how many events each channel has, where there are too few avalanches for a fit, too', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => i);
    const quiet = { a: rows.map((i) => (i % 10 === 5 ? 1 : 0)), b: rows.map((i) => (i === 32 ? 1 : 0)) };
    const channels = columnsSource({ a: Float64Array.from(quiet.a), b: Float64Array.from(quiet.b) });
    const options = { channels: ['a', 'b'], threshold: 0.5, ...quick };
    await expect(fitTrace(channels, options)).rejects.toThrow(
      /^duration distribution: a power-law fit needs at least 2 distinct values from 1, got 5 of them all equal to 1; the trace has 5 avalanches of known extent, of 7 events beyond the thresholds of the channels a 0\.5 \(6 events\), b 0\.5 \(1 event\)$/,
    );
    const one = columnsSource({ a: Float64Array.from(rows, (i) => (i === 30 ? -1 : 0)) });
    await expect(fitTrace(one, { channels: ['a'], threshold: -0.5, below: true, ...quick })).rejects.toThrow(
      /^every time bin from the first event to the last has one \(1 event in 1 bin\): an avalanche is what empty bins enclose$/,
    );
  });

  it('refuses a width that makes hundreds of millions of bins of a few thousand events', async () => {
    const time = Float64Array.from({ length: 20_000 }, (_, i) => i * 6e-4);
    await expect(fitTrace(columnsSource({ time }), { timeBin: 1e-9, ...quick })).rejects.toThrow(
      /^time-bin 1e-9 makes 11999400000 bins of 20000 events: is it in the unit of column 'time'\?$/,
    );
  });
});
