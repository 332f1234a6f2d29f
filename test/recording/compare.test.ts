import { describe, expect, it } from 'vitest';
import {
  columnsSource,
  compareColumns,
  compareExponents,
  compareSamples,
  fitAvalanches,
  samplesBy,
} from '../../src/index.ts';

const draw = (n: number, exponent: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => (((i * 7919) % n) + 0.5) / n).map((u) => u ** (-1 / (exponent - 1)));
const a = draw(600, 1.8);
const b = draw(500, 2.2);
const both = columnsSource({
  size: Float64Array.from([...a, ...b]),
  condition: [...Array.from(a, () => 'before'), ...Array.from(b, () => 'after')],
  session: Float64Array.from([...a, ...b], (_, i) => Math.floor(i / 25)),
});

describe('one column of two samples', () => {
  it('is compared between tables, and between rows of one table', async () => {
    const own = { column: 'size', xmin: 1, permutations: 50 } as const;
    const tables = await compareColumns(
      [{ source: columnsSource({ size: b }, 'b') }, { source: columnsSource({ size: a }, 'a') }],
      own,
    );
    expect(tables.report).toEqual(compareSamples(b, a, { xmin: 1, permutations: 50 }));
    expect(tables.names).toEqual(['b', 'a']);
    const samples = await samplesBy(both, 'condition');
    const rows = await compareColumns(samples, own);
    expect(rows.report).toEqual(tables.report);
    expect(rows.names).toEqual(['condition=after', 'condition=before']);
    expect(rows.report.p_value).toBeLessThan(1e-4);
    const blocked = await compareColumns(samples, { ...own, blockBy: 'session' });
    expect(blocked.report.samples.map(({ blocks }) => blocks)).toEqual([20, 24]);
  });

  it('counts both in the same steps, and takes a seed', async () => {
    const steps = [a, b].map((x) => x.map((value) => Math.ceil(2 * value))) as [Float64Array, Float64Array];
    const of = (unit: number) =>
      compareColumns(
        steps.map((x) => ({ source: columnsSource({ size: x.map((k) => k * unit) }) })) as never,
        { xmin: 4 * unit, permutations: 99 },
        { seed: 5 },
      );
    const [one, half] = [await of(1), await of(0.5)];
    expect(half).toMatchObject({ step: 0.5, report: { discrete: true, xmin: 2 } });
    expect(half.report.difference).toBe(one.report.difference);
    expect(half.report.ks_p_value).toBe(one.report.ks_p_value);
  });

  it('is refused where a column doesn’t part the rows in two', async () => {
    await expect(samplesBy(both, 'session')).rejects.toThrow(
      /^by: column 'session' must part the rows in two, it holds 0, 1, 10, 11, 12 …$|^by: column 'session' must part the rows in two, it holds 0, 1, 2, 3, 4 …$/,
    );
    await expect(samplesBy(both, 'condition', ['condition=after'])).rejects.toThrow(/it holds after$/);
    await expect(samplesBy(both, 'nothing')).rejects.toThrow(/has no column 'nothing'/);
  });
});

it('exponents of avalanches differ by their jackknife errors in quadrature', async () => {
  const fitOf = (x: Float64Array) => {
    const duration = x.map((value) => Math.ceil(3 * value ** 0.7));
    const size = duration.map((d, i) => (1 + (i % 2)) * d ** 1.5);
    const cutoffs = { sizeMin: 5, sizeMax: 200, durationMin: 3, durationMax: 40 } as const;
    return fitAvalanches(columnsSource({ size, duration }), { ...cutoffs, alternatives: false, blocks: 8 });
  };
  const [one, other] = [await fitOf(a), await fitOf(b)];
  const [tau, alpha, gamma] = compareExponents(one, other);
  expect([tau, alpha, gamma].map((row) => row!.exponent)).toEqual(['tau', 'alpha', 'gammaScaling']);
  const { estimate, standardError } = one.analysis.jackknife;
  const second = other.analysis.jackknife;
  expect(alpha!.difference).toBeCloseTo(second.estimate.alpha - estimate.alpha, 12);
  expect(alpha!.difference_error ** 2).toBeCloseTo(standardError.alpha ** 2 + second.standardError.alpha ** 2, 12);
  expect(alpha!.p_value).toBeLessThan(0.01);
  expect(Math.abs(gamma!.difference)).toBeLessThan(0.2);
});
