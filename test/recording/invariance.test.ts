import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import fc from 'fast-check';
import h5wasm from 'h5wasm/node';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  columnsSource,
  cracklingTables,
  type DataSource,
  fitAvalanches,
  fitColumn,
  fitTrace,
  joinedSource,
  openSource,
} from '../../src/index.ts';
import { createStream } from '../../src/numeric/random.ts';
import { branchingTrace } from '../crackling/synthetic-trace.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { query } from '../store/duckdb.ts';
import { counted, paretoValues, zetaValues } from './cases.ts';

const folder = temporaryFolder();

const samples: readonly [name: string, values: Float64Array][] = [
  ['integers', zetaValues(1500, 2.4, 21)],
  ['real numbers', paretoValues(1500, 2.5, 22)],
  ['real numbers to one decimal', paretoValues(1500, 2.5, 23).map((x) => Math.round(x * 10) / 10)],
];

/** What must not change: the exponent, and what it was found with in its own unit. */
async function found(source: DataSource, options = {}): Promise<number[]> {
  const { report } = await fitColumn(source, { column: 'x', alternatives: false, ...options });
  return [report.exponent, report.standard_error, report.n_tail, report.ks];
}

/** A vector as NumPy saves it. */
function npyOf(x: Float64Array): Buffer {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${x.length},), }`.padEnd(117);
  const start = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, 'latin1');
  return Buffer.concat([start, Buffer.from(x.buffer, x.byteOffset, x.byteLength)]);
}

const close = (got: readonly number[], expected: readonly number[]): void =>
  got.forEach((value, i) => {
    expect(Math.abs(value / expected[i]! - 1)).toBeLessThan(1e-9);
  });

function shuffled(values: Float64Array, seed: number): Float64Array {
  const stream = createStream(seed, 1);
  const all = values.slice();
  for (let i = all.length - 1; i > 0; i--) {
    const j = stream.integer(i + 1);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}

describe.each(samples)('the exponent of %s', (_name, x) => {
  let expected: number[];
  beforeAll(async () => {
    expected = await found(columnsSource({ x }));
  });

  it('does not change where the data are scaled by any factor', async () => {
    const factor = fc.oneof(
      fc.double({ min: 1e-30, max: 1e30, noNaN: true }),
      fc.constantFrom(0.1, 10, 1000, 1e40, 1e-44, 1e200, 1e-200),
    );
    await fc.assert(
      fc.asyncProperty(factor, async (c) =>
        close(await found(columnsSource({ x: x.map((value) => value * c) })), expected),
      ),
      { numRuns: 12, seed: 31 },
    );
  });

  it('does not change, to the bit, where rows are permuted or split into files', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1499 }), async (seed, cut) => {
        const rows = shuffled(x, seed);
        expect(await found(columnsSource({ x: rows }))).toEqual(expected);
        const [one, two] = [columnsSource({ x: rows.slice(0, cut) }), columnsSource({ x: rows.slice(cut) })];
        expect(await found(joinedSource([one, two]))).toEqual(expected);
      }),
      { numRuns: 6, seed: 32 },
    );
  });

  it('does not change, to the bit, where counts stand for repeats', async () => {
    const { value, count } = counted(x);
    expect(await found(columnsSource({ x: value, n: count }), { countColumn: 'n' })).toEqual(expected);
  });

  it('does not change, to the bit, with the container', async () => {
    const csv = `x\n${x.join('\n')}\n`;
    const files = {
      'data.csv': csv,
      'data.csv.gz': gzipSync(csv),
      'data.npy': npyOf(x),
      'data.txt': `x;y\r\n${Array.from(x, (value) => `${value};1`).join('\r\n')}\r\n`,
      'data.arrow': tableToIPC(tableFromArrays({ x }), 'file'),
      'data.jsonl': Array.from(x, (value) => JSON.stringify({ x: value })).join('\n'),
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const [text, parquet, h5] = ['data.csv', 'data.parquet', 'data.h5'].map((name) => join(folder, name));
    await query(`copy (select x::double x from read_csv('${text}')) to '${parquet}' (format parquet)`);
    await h5wasm.ready;
    const hdf5 = new h5wasm.File(h5!, 'w');
    hdf5.create_dataset({ name: 'x', data: x });
    hdf5.close();
    for (const name of [...Object.keys(files), 'data.parquet', 'data.h5']) {
      const source = await openSource(join(folder, name));
      expect(await found(source, { column: source.columns[0] }), name).toEqual(expected);
      await source.close();
    }
  });
});

describe('the exponents of avalanches', () => {
  const duration = zetaValues(3000, 2, 24).map((d) => Math.min(d, 300));
  const stream = createStream(25, 1);
  const size = duration.map((d) => d ** 1.5 * (0.5 + stream.uniform()));
  const options = { alternatives: false, blocks: 8, durationMin: 2, durationMax: 60 } as const;
  const cut = (c: number) => ({ ...options, sizeMin: 3 * c, sizeMax: 300 * c });

  it('do not change where rows are permuted or sizes scaled by a power of two', async () => {
    const { analysis } = await fitAvalanches(columnsSource({ size, duration }), cut(1));
    const order = shuffled(Float64Array.from(size.keys()), 3);
    const rows = {
      size: Float64Array.from(order, (i) => size[i]!),
      duration: Float64Array.from(order, (i) => duration[i]!),
    };
    const scaled = { size: size.map((s) => s * 2 ** 70), duration };
    for (const [source, c] of [
      [columnsSource(rows), 1],
      [columnsSource(scaled), 2 ** 70],
    ] as const) {
      const other = (await fitAvalanches(source, cut(c))).analysis.jackknife.estimate;
      for (const name of ['tau', 'alpha', 'gammaScaling'] as const) {
        expect(other[name]).toBeCloseTo(analysis.jackknife.estimate[name], 9);
      }
    }
  });

  // Groups of sizes move with the unit, see below.
  it.each([1e200, 1e-200, 1e290, 1e-290])('are the same with sizes times %d, errors and likelihoods too', async (c) => {
    const unit = await fitAvalanches(columnsSource({ size, duration }), cut(1));
    const other = await fitAvalanches(columnsSource({ size: size.map((s) => s * c), duration }), cut(c));
    const [one, two] = [unit.analysis.jackknife, other.analysis.jackknife];
    expect(two.estimate.alpha).toBe(one.estimate.alpha);
    expect(two.estimate.gammaScaling).toBeCloseTo(one.estimate.gammaScaling, 9);
    expect(Math.abs(two.estimate.tau - one.estimate.tau)).toBeLessThan(0.1 * one.standardError.tau);
    const { size: report } = other.analysis;
    expect(report.xmin / c).toBeGreaterThan(2.9);
    expect(report.xmax! / c).toBeLessThan(301);
    const shift = report.log_likelihood + report.n_tail * Math.log(c);
    expect(Math.abs(shift / unit.analysis.size.log_likelihood - 1)).toBeLessThan(0.02);
  });
});

describe('the exponents of a trace', () => {
  const stream = createStream(26, 1);
  let y = 0;
  const v = Float64Array.from({ length: 30_000 }, () => {
    y = 0.95 * y + stream.normal();
    return y;
  });
  const options = { alternatives: false, blocks: 4, durationMin: 1, durationMax: null, sizeMax: null } as const;

  // Sizes are counted in groups of relative width 1/256, whose edges move with the unit: exponents by a tenth of their error at most.
  it.each([1e40, 1e-44, 1e200, 1e-200, 0.37])('are the same times %d', async (c) => {
    const threshold = { quantile: 0.6 };
    const one = await fitTrace(columnsSource({ v }), { ...options, threshold, sizeMin: 5 });
    const other = await fitTrace(columnsSource({ v: v.map((x) => x * c) }), { ...options, threshold, sizeMin: 5 * c });
    expect(other.trace.tally).toEqual(one.trace.tally);
    const memory = [one, other].map(({ trace }) => trace.branching.multistep!.ratio.estimate);
    expect(memory[1]).toBeCloseTo(memory[0]!, 8);
    expect(other.analysis.jackknife.estimate.alpha).toBe(one.analysis.jackknife.estimate.alpha);
    const { tau, gammaScaling } = one.analysis.jackknife.estimate;
    const errors = one.analysis.jackknife.standardError;
    expect(Math.abs(other.analysis.jackknife.estimate.tau - tau)).toBeLessThan(0.1 * errors.tau);
    expect(Math.abs(other.analysis.jackknife.estimate.gammaScaling - gammaScaling)).toBeLessThan(
      0.1 * errors.gammaScaling,
    );
  });

  it.each([0.1, 100, 1e40, 1e-44])('are, to the bit, those of counts, times %d', async (c) => {
    const signal = branchingTrace(20_000, 7);
    const cutoffs = { ...options, sizeMin: 5, sizeMax: 1000, durationMin: 5, durationMax: 100 };
    const one = await fitTrace(columnsSource({ signal }), { ...cutoffs, threshold: 1, size: 'signal' });
    const unit = { ...cutoffs, threshold: c, size: 'signal', sizeMin: 5 * c, sizeMax: 1000 * c } as const;
    const other = await fitTrace(columnsSource({ signal: signal.map((x) => x * c) }), unit);
    const { tau, alpha } = one.analysis.jackknife.estimate;
    expect(other.analysis.jackknife.estimate).toMatchObject({ tau, alpha });
    expect(other.analysis.size.xmin / (5 * c)).toBeCloseTo(1, 12);
    expect(other.analysis.size.discrete).toBe(true);
    const [rows, scaled] = [cracklingTables(one), cracklingTables(other)];
    const mean = (tables: typeof rows): number => tables.scaling[3]!.mean_size as number;
    expect(mean(scaled) / (c * mean(rows))).toBeCloseTo(1, 12);
    expect((scaled.histogram[2]!.lower as number) / (c * (rows.histogram[2]!.lower as number))).toBeCloseTo(1, 12);
  });
});
