import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnsSource, columnTables, fitColumn, fitPowerLaw, openSource } from '../../src/index.ts';
import { temporaryFolder } from '../run/temporary.ts';

const whole = Float64Array.from({ length: 600 }, (_, i) => ((i + 0.5) / 600) ** -1);
const end = whole.map((_, i) => 1 + ((i * 7919) % 600) / 30);
const open = Array.from(whole, (x, i) => x >= end[i]!);
const value = whole.map((x, i) => Math.min(x, end[i]!));
const values = value.filter((_, i) => !open[i]);
const bounds = value.filter((_, i) => open[i]);
const fitted = { column: 'value', censored: 'open', xmin: 1, alternatives: false } as const;

describe('a column some of whose values are lower bounds', () => {
  it('is fitted by values and bounds, however the flags are written', async () => {
    const direct = fitPowerLaw({ values, bounds }, { xmin: 1, alternatives: false });
    const of = async (flags: ArrayLike<unknown>) => {
      const path = join(temporaryFolder(), 'table.csv');
      writeFileSync(path, `value,open\n${Array.from(value, (x, i) => `${x},${flags[i]}`).join('\n')}\n`);
      const source = await openSource(path);
      try {
        return (await fitColumn(source, fitted)).report;
      } finally {
        await source.close();
      }
    };
    const words = await of(open.map((flag) => (flag ? 'True' : 'False')));
    expect(words).toEqual(direct);
    expect(await of(open.map(Number))).toEqual(direct);
    expect(direct.exponent).toBeGreaterThan(1.9);
    expect(direct.exponent).toBeLessThan(2.1);
    expect(direct.censored).toEqual({ n: bounds.length, n_tail: bounds.length - 1, share_beyond: 0 });
  });

  it('is fitted as if there were no flags where none is set', async () => {
    const none = columnsSource({ value, open: new Float64Array(600) });
    const { report, censored } = await fitColumn(none, fitted);
    expect(report).toEqual((await fitColumn(columnsSource({ value }), { xmin: 1, alternatives: false })).report);
    expect(censored).toBeUndefined();
  });

  it('may have missing values, counts, conditions, a unit, and a column named censored', async () => {
    const twice = {
      value: Float64Array.from([Number.NaN, ...value, ...value]),
      censored: Float64Array.from([1, ...open, ...open], Number),
      day: Float64Array.from([0, ...value.map(() => 1), ...new Float64Array(600)]),
    };
    const of = { column: 'value', censored: 'censored', xmin: 1, skipMissing: true, alternatives: false } as const;
    const all = await fitColumn(columnsSource(twice), of);
    const once = await fitColumn(columnsSource(twice), { ...of, where: ['day=1'] });
    expect(all.report.exponent).toBeCloseTo(once.report.exponent, 12);
    expect(all.report.censored?.n).toBe(2 * once.report.censored!.n);
    const counted = columnsSource({ value, open: Float64Array.from(open, Number), times: value.map(() => 2) });
    const byCount = await fitColumn(counted, { ...fitted, countColumn: 'times', alternatives: false });
    expect(byCount.report.exponent).toBeCloseTo(all.report.exponent, 12);
    expect(byCount.report.standard_error).toBeCloseTo(once.report.standard_error / Math.SQRT2, 3);
    const steps = value.map((x) => Math.ceil(4 * x));
    const flags = Float64Array.from(open, Number);
    const one = await fitColumn(columnsSource({ value: steps, open: flags }), { ...fitted, xmin: 8 });
    const other = await fitColumn(columnsSource({ value: steps.map((k) => k / 4), open: flags }), {
      ...fitted,
      xmin: 2,
    });
    expect(other.report.exponent).toBe(one.report.exponent);
    expect(other.report.xmin).toBe(2);
  });

  it('has the product-limit estimate in its tables', async () => {
    const fit = await fitColumn(columnsSource({ value, open: Float64Array.from(open, Number) }), fitted);
    const { ccdf, histogram } = columnTables(fit);
    // All values have P(X ≥ x) = 1/x; where a third is left to be seen the estimate is good to 0.03.
    const at = ccdf.find((row) => (row.value as number) >= 3)!;
    expect(Math.abs((at.ccdf as number) - 1 / (at.value as number))).toBeLessThan(0.09);
    const mass = histogram.reduce((sum, { lower, upper, density }) => {
      return sum + (density as number) * ((upper as number) - (lower as number));
    }, 0);
    expect(mass).toBeGreaterThan(values.length / 600);
    expect(mass).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('is refused with a window that is to be found, and with flags that are none', async () => {
    const source = columnsSource({ value, open: Float64Array.from(open, Number), odd: value });
    await expect(fitColumn(source, { ...fitted, window: 'widest' })).rejects.toThrow(
      /^no window is found where values are censored: give an xmax, or none, beside censored open, got window widest$/,
    );
    await expect(fitColumn(source, { ...fitted, xmax: 'auto' })).rejects.toThrow(/got xmax auto$/);
    await expect(fitColumn(source, { ...fitted, censored: 'odd' })).rejects.toThrow(
      /^column 'odd' must hold true and false, or 1 and 0, got /,
    );
    await expect(fitColumn(source, { ...fitted, censored: 'nowhere' })).rejects.toThrow(/has no column 'nowhere'/);
    const all = columnsSource({ value, open: value.map(() => 1) });
    await expect(fitColumn(all, fitted)).rejects.toThrow(
      /needs values that are known whole: all 600 are lower bounds$/,
    );
  });

  it('has a goodness of fit, and an error with the choice of xmin', async () => {
    const source = columnsSource({ value, open: Float64Array.from(open, Number) });
    const options = { ...fitted, xmin: 'auto', bootstrap: 20, alternatives: false, candidates: 30 } as const;
    const one = await fitColumn(source, options, { workers: 1 });
    const two = await fitColumn(source, options, { workers: 2 });
    expect(two.goodness).toEqual(one.goodness);
    expect(one.report.p_value).toBeGreaterThan(0.04);
    expect(one.goodness!.exponentError).toBeGreaterThan(one.report.standard_error / 2);
  });
});
