import { describe, expect, it } from 'vitest';
import { columnsSource, fitAvalanches, fitColumn, openSource } from '../../src/index.ts';
import { caseFile, counted, paretoValues, zetaValues } from './cases.ts';

describe('values with their counts', () => {
  it('fits the 7819 values of a table of 10 rows, by hand the same as written out', async () => {
    const source = await openSource(caseFile('counts/table.csv'));
    const fit = await fitColumn(source, { column: 'questions', countColumn: 'users' });
    await source.close();
    const table = [1, 2, 3, 4, 5, 7, 10, 20, 40, 90];
    const users = [5200, 1310, 590, 330, 212, 108, 52, 13, 3, 1];
    const values = Float64Array.from(table.flatMap((x, i) => new Array<number>(users[i]!).fill(x)));
    const written = await fitColumn(columnsSource({ values }));
    expect(fit.report).toEqual(written.report);
    expect(fit.report.n).toBe(7819);
    expect(fit.held.form).toBe('counts');
  });

  it.each([
    ['integers', zetaValues(3000, 2.4, 1)],
    ['real numbers that repeat', paretoValues(3000, 2.5, 2).map((x) => Math.round(x * 1e4) / 1e4)],
  ])('gives the same fit, to the bit, and p to its error, for %s', async (_what, values) => {
    const { value, count } = counted(values);
    const options = { bootstrap: 40 };
    const run = { seed: 3, workers: 1 };
    const raw = await fitColumn(columnsSource({ x: values }), options, run);
    const columns = columnsSource({ x: value, n: count });
    const weighted = await fitColumn(columns, { ...options, column: 'x', countColumn: 'n' }, run);
    expect({ ...weighted.report, p_value: 0 }).toEqual({ ...raw.report, p_value: 0 });
    // Two independent p-values of 40 samples: 4 standard errors.
    const error = Math.hypot(raw.goodness!.standardError, weighted.goodness!.standardError);
    expect(Math.abs(weighted.report.p_value! - raw.report.p_value!)).toBeLessThan(4 * error);
  });

  it('leaves out what no power law has, row by row as often as it is there, and refuses counts that are none', async () => {
    const x = Float64Array.of(-1, 0, 1, 2, 3, Number.NaN, 2, 9);
    const n = Float64Array.of(2, 5, 100, 30, 10, 7, 0, 1);
    const options = { column: 'x', countColumn: 'n', skipMissing: true };
    const { report, held } = await fitColumn(columnsSource({ x, n }), options);
    expect(held).toMatchObject({ missing: 7, nonPositive: 7, n: 148 });
    expect(report).toMatchObject({ n: 141, n_excluded: 7 });
    const half = columnsSource({ x, n: n.map((c) => c / 2) });
    await expect(fitColumn(half, options)).rejects.toThrow(/^counts must be whole numbers, row 2 holds 2.5$/);
  });

  // The published table of links to web pages has as many values; these follow the law itself.
  it('fits 277 million values of 20,000 counts, with a bootstrap, in seconds', async () => {
    const [exponent, total] = [2.336, 277e6];
    const value = Float64Array.from({ length: 20_000 }, (_, i) => i + 1);
    const mass = value.map((k) => k ** -exponent);
    const whole = mass.reduce((sum, p) => sum + p, 0);
    const count = mass.map((p) => Math.round((total * p) / whole));
    const start = performance.now();
    const options = { column: 'x', countColumn: 'n', xmax: 20_000, alternatives: false, bootstrap: 5 };
    const fit = await fitColumn(columnsSource({ x: value, n: count }), options, { workers: 1 });
    expect(performance.now() - start).toBeLessThan(60_000);
    expect(Math.abs(fit.report.exponent - exponent)).toBeLessThan(1e-3);
    expect(fit.report.n).toBeGreaterThan(276e6);
  });

  it('counts avalanches of a table, with copies spread over the jackknife blocks', async () => {
    const duration = zetaValues(4000, 2, 5).map((d) => Math.min(d, 500));
    const size = duration.map((d, i) => Math.ceil(d ** 1.5 * (1 + (i % 3) / 3)));
    const cutoffs = { sizeMin: 1, sizeMax: 2000, durationMin: 1, durationMax: 200, alternatives: false } as const;
    const raw = await fitAvalanches(columnsSource({ size, duration }), cutoffs);
    const pairs = new Map<string, number>();
    for (let i = 0; i < size.length; i++) {
      const key = `${size[i]},${duration[i]}`;
      pairs.set(key, (pairs.get(key) ?? 0) + 1);
    }
    const rows = [...pairs].map(([key, n]) => [...key.split(',').map(Number), n]);
    const pick = (c: number): Float64Array => Float64Array.from(rows, (row) => row[c]!);
    const source = columnsSource({ size: pick(0), duration: pick(1), n: pick(2) });
    const weighted = await fitAvalanches(source, { ...cutoffs, countColumn: 'n' });
    const [one, two] = [raw.analysis.jackknife, weighted.analysis.jackknife];
    for (const name of ['tau', 'alpha', 'gammaScaling'] as const) {
      expect(two.estimate[name]).toBeCloseTo(one.estimate[name], 10);
      // Independent rows: errors over other blocks agree within their own error, 1/√(2·31) each, 4 times that.
      expect(Math.abs(Math.log(two.standardError[name] / one.standardError[name]))).toBeLessThan(0.72);
    }
  });
});

describe('a table of values and counts that is fitted as values', () => {
  const hint =
    'Every row was taken for one value: if column n says how often each is there, --count-column n counts it so.';
  const { value, count } = counted(zetaValues(3000, 2.2, 4).toSorted());
  const notesOf = async (columns: Record<string, Float64Array | string[]>, column = 'x'): Promise<readonly string[]> =>
    (await fitColumn(columnsSource(columns), { column, alternatives: false })).notes;

  it('is pointed at the column of counts, in the order of values or of counts, and once it is given no more', async () => {
    expect(await notesOf({ x: value, n: count })).toContain(hint);
    const order = Array.from(value.keys()).sort((a, b) => count[b]! - count[a]! || value[b]! - value[a]!);
    const byCount = (column: Float64Array): Float64Array => Float64Array.from(order, (i) => column[i]!);
    expect(await notesOf({ word: order.map(String), n: byCount(count), x: byCount(value) })).toContain(hint);
    const { notes } = await fitColumn(columnsSource({ x: value, n: count }), { column: 'x', countColumn: 'n' });
    expect(notes).toEqual([]);
  });

  it('is nothing else: ranks, times, numbers of rows, durations beside sizes', async () => {
    const sizes = paretoValues(2000, 2, 9);
    const down = sizes.toSorted().reverse();
    const rank = Float64Array.from(sizes, (_, i) => i + 1);
    const up = sizes.toSorted();
    const duration = up.map((s) => Math.ceil(s ** 0.7));
    const noise = zetaValues(2000, 2, 10);
    const integers = Float64Array.from(new Set(down.map((s) => Math.round(1000 * s))));
    for (const columns of [
      { x: sizes, n: rank },
      { x: down, n: rank },
      { x: up, n: rank },
      { x: up, n: duration },
      { x: up, n: noise },
      { x: sizes, n: noise.toSorted().reverse() },
      { x: up, n: rank.toReversed() },
      { x: integers, n: rank.subarray(0, integers.length) },
      { x: integers.toReversed(), n: rank.subarray(0, integers.length).toReversed() },
      { x: value, n: new Float64Array(value.length).fill(1) },
      // The counts themselves.
      { x: count, n: value },
    ])
      expect(await notesOf(columns)).not.toContain(hint);
  });
});
