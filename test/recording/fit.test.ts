import { describe, expect, it } from 'vitest';
import {
  columnsSource,
  columnTables,
  cracklingTables,
  fitAvalanches,
  fitColumn,
  fitTrace,
  ParameterError,
  scanTrace,
} from '../../src/index.ts';
import { branchingTrace } from '../crackling/synthetic-trace.ts';

describe('recorded data as functions', () => {
  const size = Float64Array.from({ length: 500 }, (_, i) => ((i + 0.5) / 500) ** (-1 / 1.5));
  const source = columnsSource({ size, half: size.map((x) => x / 2) }, 'sizes');

  it('fits a column of memory and gives its tables', async () => {
    const fit = await fitColumn(source, { column: 'size', xmin: 1, where: ['half>0'] });
    expect(fit.report.exponent).toBeCloseTo(1 + 500 / size.reduce((sum, x) => sum + Math.log(x), 0), 12);
    expect(fit).toMatchObject({ source: 'sizes', column: 'size', counts: { read: 500, kept: 500 } });
    const { fit: rows, ccdf, histogram } = columnTables(fit);
    expect(rows[0]).toMatchObject({ observable: 'size', model: 'power_law', estimate: fit.report.exponent });
    expect(ccdf).toHaveLength(500);
    expect(histogram.reduce((sum, { count }) => sum + (count as number), 0)).toBe(500);
  });

  it('names an option that is unknown, out of range or of another function', async () => {
    await expect(fitColumn(source, { column: 'size', decades: -1 })).rejects.toThrow(
      /^decades must be a positive finite number, got -1$/,
    );
    const odd = { column: 'size', threshold: 1 } as object;
    await expect(fitColumn(source, odd)).rejects.toThrow(/^unknown parameter 'threshold'; known parameters: column, /);
    await expect(fitColumn(source)).rejects.toThrow(/^column must be given; the columns of sizes are size, half$/);
  });

  it('refuses decades where no window is found', async () => {
    const idle = /^decades is the least width of a window whose two cutoffs are found, and here none is; /;
    const sizes = Float64Array.from({ length: 2000 }, (_, i) => ((i + 0.5) / 2000) ** -1.25);
    const column = columnsSource({ size: sizes, duration: sizes.map((size) => Math.ceil(size)) });
    const one = { column: 'size', alternatives: false };
    await expect(fitColumn(column, { ...one, decades: 2 })).rejects.toThrow(idle);
    await expect(fitColumn(column, { ...one, decades: 2, xmin: 1, xmax: 50 })).rejects.toThrow(idle);
    const wide = await fitColumn(column, { ...one, decades: 2, xmax: 'auto' });
    expect(wide.report.xmax === null || wide.report.xmax / wide.report.xmin >= 100).toBe(true);
    const two = { avalanches: ['size', 'duration'] as const, decades: 2 };
    for (const how of [{ window: 'given' }, { durationMin: 1, durationMax: 100 }] as const) {
      await expect(fitAvalanches(column, { ...two, ...how })).rejects.toThrow(idle);
      await expect(fitTrace(column, { column: 'size', threshold: 2, decades: 2, ...how })).rejects.toThrow(idle);
      await expect(scanTrace(column, 'threshold', { column: 'size', decades: 2, ...how })).rejects.toThrow(idle);
    }
  });

  it('says that a source must be opened, where it is a path or a promise', async () => {
    const path = 'sizes.csv' as unknown as typeof source;
    for (const measure of [fitColumn, fitTrace, fitAvalanches]) {
      await expect(measure(path)).rejects.toThrow(
        /^source must be an open one, .*openSource\(path\), got 'sizes.csv'$/,
      );
    }
    await expect(scanTrace(path, 'threshold')).rejects.toThrow(ParameterError);
    const promised = Promise.resolve(source) as unknown as typeof source;
    await expect(fitColumn(promised, { column: 'size' })).rejects.toThrow(/got a promise$/);
  });

  it('names an option that would help, without speaking of flags', async () => {
    const gaps = columnsSource({ size: Float64Array.of(1, Number.NaN, 2) });
    const error = await fitColumn(gaps).catch((found: unknown) => found);
    expect(error).toMatchObject({ remedy: { option: 'skipMissing' } });
    expect((error as Error).message).toBe(
      "column 'size' must hold finite numbers, row 2 is blank, missing, NaN or infinite",
    );
  });

  it('measures a trace, and its avalanches as a table, to the same exponents', async () => {
    const signal = branchingTrace(30_000, 5);
    const cutoffs = { sizeMin: 5, sizeMax: 500, durationMin: 5, durationMax: 100, alternatives: false, blocks: 4 };
    const traced = await fitTrace(columnsSource({ signal }), { threshold: 0, above: true, ...cutoffs });
    const events: { size: number; duration: number }[] = [];
    let current: { size: number; duration: number } | undefined;
    for (const x of signal) {
      if (x >= 1) {
        current ??= { size: 0, duration: 0 };
        current.size += x;
        current.duration++;
      } else if (current !== undefined) {
        events.push(current);
        current = undefined;
      }
    }
    if (signal[0]! >= 1) events.shift();
    const table = columnsSource({
      size: Float64Array.from(events, (event) => event.size),
      duration: Float64Array.from(events, (event) => event.duration),
    });
    const { analysis } = await fitAvalanches(table, cutoffs);
    expect(analysis.jackknife.estimate.tau).toBeCloseTo(traced.analysis.jackknife.estimate.tau, 12);
    expect(analysis.jackknife.estimate.alpha).toBeCloseTo(traced.analysis.jackknife.estimate.alpha, 12);
    expect(traced.trace.tally.valid).toBe(events.length);
    expect(cracklingTables(traced).fit).toHaveLength(2);
  });
});
