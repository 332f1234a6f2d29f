import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsSource, columnTables, fitAvalanches, fitColumn } from '../../src/index.ts';
import { createStream } from '../../src/numeric/random.ts';
import { latticeOf } from '../../src/recording/lattice.ts';
import { paretoValues, zetaValues } from './cases.ts';

const integers = zetaValues(3000, 2.4, 61);
const reportOf = async (x: Float64Array, options = {}) => (await fitColumn(columnsSource({ x }), options)).report;

describe('the step of a lattice', () => {
  it('is found in integers times anything', () => {
    const factor = fc.oneof(
      fc.double({ min: 1e-12, max: 1e12, noNaN: true }),
      fc.constantFrom(0.1, 0.01, 100, 1e7, 1e40, 1e-44),
    );
    fc.assert(
      fc.property(factor, (c) => {
        const step = latticeOf(integers.map((k) => k * c));
        expect(Math.abs(step! / c - 1)).toBeLessThan(1e-9);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('is none of real numbers, nor the last decimal of values far above it', () => {
    const real = paretoValues(3000, 2.5, 11);
    expect(latticeOf(real)).toBeUndefined();
    expect(latticeOf(real.map((x) => Number(x.toPrecision(9))))).toBeUndefined();
    expect(latticeOf(real.map((x) => Math.round(x * 1e4) / 1e4))).toBeUndefined();
    expect(latticeOf(real.map((x) => Math.round(x * 10) / 10))).toBe(0.1);
    expect(latticeOf(Float32Array.from(real, (x) => Math.round(x * 10) / 10))).toBeCloseTo(0.1, 6);
    // Areas as runs record them: sums of single-precision strengths over a threshold, times a hundred neurons. All are multiples of 100·2⁻³⁰.
    const areas = real.map((x) => 100 * (Math.fround(0.008 + x / 100) - Math.fround(0.01)));
    expect(areas.every((x) => Number.isInteger((x / 100) * 2 ** 30))).toBe(true);
    expect(latticeOf(areas)).toBeUndefined();
    expect(latticeOf(integers.map((k) => k * 100 * 2 ** -30))).toBeCloseTo(100 * 2 ** -30, 15);
    expect(latticeOf([1, 2.5, 4, 9])).toBeUndefined();
    expect(latticeOf([2, 4, 8])).toBe(1);
  });
});

describe('a step that decimals do not spell, printed with a few digits', () => {
  it.each([1 / 3, 1 / 29.97, 1 / 30_000])('is found, and the exponent with it: %d', async (c) => {
    const one = await reportOf(integers, { alternatives: false });
    for (const printed of [(x: number) => x.toPrecision(6), (x: number) => x.toPrecision(5)]) {
      const { discrete, exponent } = await reportOf(
        integers.map((k) => Number(printed(k * c))),
        { alternatives: false },
      );
      expect(discrete).toBe(true);
      expect(Math.abs(exponent - one.exponent)).toBeLessThan(1e-3);
    }
    const seconds = integers.map((k) => Number((k * c).toPrecision(6)));
    const frames = await fitAvalanches(columnsSource({ size: integers, duration: seconds }), {
      alternatives: false,
      blocks: 4,
      durationMin: c,
      sizeMin: 1,
    });
    expect(frames.table.durationStep / c).toBeCloseTo(1, 5);
  });

  it('is none of real numbers, however few digits they have', () => {
    for (let seed = 0; seed < 20; seed++) {
      const stream = createStream(seed, 9);
      const real = paretoValues(2000, 2 + seed / 10, seed).map((x) => x * (1 + stream.uniform()));
      for (const digits of [4, 5, 6, 7]) {
        const step = latticeOf(real.map((x) => Number(x.toPrecision(digits)))) ?? 1;
        expect(Math.abs(Math.log10(step) - Math.round(Math.log10(step)))).toBeLessThan(1e-9);
      }
    }
  });
});

describe('values on a lattice', () => {
  it.each([0.1, 100, 1000, 1e7, 0.37, Math.PI, 1e40, 1e-44])(
    'have the fit of their numbers of steps, times %d',
    async (c) => {
      const [one, other] = [await reportOf(integers), await reportOf(integers.map((k) => k * c))];
      expect(other).toMatchObject({ discrete: true, n_tail: one.n_tail, ks: one.ks });
      expect(other.exponent).toBe(one.exponent);
      expect(other.xmin / (one.xmin * c)).toBeCloseTo(1, 9);
      for (const [i, { parameters, p_value }] of other.alternatives.entries()) {
        expect(p_value).toBe(one.alternatives[i]!.p_value);
        const { lambda } = one.alternatives[i]!.parameters;
        if (typeof lambda === 'number' && lambda > 0) expect(parameters.lambda! / (lambda / c)).toBeCloseTo(1, 9);
      }
    },
  );

  // Pareto 2.5 to one decimal and to halves; 3 standard errors, 1 in 370 each; 2.62(3) where ties are taken for real numbers.
  it.each([10, 4, 2])('to 1/%d have the exponent of what was rounded', async (parts) => {
    const rounded = paretoValues(5000, 2.5, 11).map((x) => Math.round(x * parts) / parts);
    const { exponent, standard_error, discrete } = await reportOf(rounded);
    expect(discrete).toBe(true);
    expect(Math.abs(exponent - 2.5)).toBeLessThan(3 * standard_error);
  });

  it('take cutoffs in the unit of the data, and give them back in it', async () => {
    const x = integers.map((k) => k * 0.1);
    const [inSteps, inUnit] = [
      await reportOf(integers, { xmin: 3, xmax: 50 }),
      await reportOf(x, { xmin: 0.25, xmax: 5.09 }),
    ];
    expect(inUnit).toMatchObject({ exponent: inSteps.exponent, xmin: 0.3, xmax: 5, n_tail: inSteps.n_tail });
    await expect(reportOf(x, { xmin: 'auto', xmax: 0.05 })).rejects.toThrow(
      /^xmax must be at least 0.1, of which all values are/,
    );
    const { histogram, ccdf } = columnTables(await fitColumn(columnsSource({ x })));
    expect(histogram[0]).toMatchObject({ lower: 0.1 });
    expect(ccdf[2]).toMatchObject({ value: 0.3 });
    const mass = histogram.map(
      ({ lower, upper, density }) => ((upper as number) - (lower as number)) * (density as number),
    );
    expect(mass.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
  });

  it('stay on it where a histogram takes over, and say so where a later value is off it', async () => {
    const x = integers.map((k) => k * 0.1);
    const whole = await reportOf(x, { xmin: 0.1 });
    const grouped = await fitColumn(columnsSource({ x }), { xmin: 0.1, rawLimit: 1000 });
    expect(grouped.held.form).toBe('histogram');
    expect(grouped.report.exponent).toBeCloseTo(whole.exponent, 9);
    async function* chunks() {
      yield { rows: 1000, columns: { x: x.slice(0, 1000) } };
      yield { rows: 2, columns: { x: Float64Array.of(1, 2.55) } };
    }
    const source = { ...columnsSource({ x }), chunks };
    await expect(fitColumn(source, { rawLimit: 500 })).rejects.toThrow(
      /^the first values of column 'x' are multiples of 0.1, a later one is not$/,
    );
  });

  it('are said to be saturated where many are the largest, and only there', async () => {
    const real = paretoValues(5000, 2.5, 11);
    const clipped = Float64Array.from([...real.map((x) => Math.min(x, 20)), 20.5]);
    const { notes } = await fitColumn(columnsSource({ x: clipped }));
    const many = clipped.filter((x) => x === 20).length;
    expect(notes).toEqual([
      `${many} values are exactly 20, far more than lie just below: if nothing larger could be measured, fit with an xmax below it.`,
    ]);
    const { report } = await fitColumn(columnsSource({ x: clipped }), { xmin: 1, xmax: 19.99 });
    // 3 standard errors, 1 in 370.
    expect(Math.abs(report.exponent - 2.5)).toBeLessThan(3 * report.standard_error);
    const bytes = integers.map((k) => Math.min(k, 255));
    expect((await fitColumn(columnsSource({ x: bytes }))).notes).toHaveLength(0);
    for (const x of [real, integers, real.map((value) => Math.round(value * 10) / 10)]) {
      expect((await fitColumn(columnsSource({ x }))).notes).toEqual([]);
    }
  });
});
