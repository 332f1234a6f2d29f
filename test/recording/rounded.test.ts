import { describe, expect, it } from 'vitest';
import { columnsSource, fitColumn } from '../../src/index.ts';
import { roundingOf } from '../../src/recording/rounding-grid.ts';
import { powerLawValues } from '../fit/synthetic.ts';

const digits = (count: number) => (x: number) => Number(x.toPrecision(count));
/** Moments of magnitudes that were rounded to a step. */
const moment = (step: number) => (x: number) => 10 ** (9.1 + 1.5 * step * Math.round(Math.log10(x) / (1.5 * step)));

const sampleOf = (exponent: number, n: number, seed: number, round: (x: number) => number): Float64Array =>
  powerLawValues({ discrete: false, exponent, xmin: 1, xmax: Infinity }, n, 41, seed).map(round);
const fitOf = (x: Float64Array, xmin: number | 'auto') =>
  fitColumn(columnsSource({ x }), { xmin, alternatives: false });

describe('values that were rounded to a coarse grid', () => {
  // A mean of 20 pulls beyond 4/√20 comes by chance once in 16,000; their scatter lies outside 0.55 … 1.5 once in 2000.
  it.each([
    ['magnitudes to 0.1', moment(0.1), 5 / 3, 3000, moment(0.1)(10), 0.05, 'ratio', moment(0.1)(10) * 10 ** -0.075],
    ['two digits', (x: number) => digits(2)(8 * x), 2.5, 2000, 12, 0.05, 'digits', 11.5],
    ['one digit', digits(1), 2, 3000, 20, 0.2, 'digits', 15],
  ])(
    'have the exponent of the intervals that they stand for: %s',
    async (_, round, exponent, n, xmin, bias, kind, from) => {
      let [plain, sum, squares] = [0, 0, 0];
      for (let seed = 0; seed < 20; seed++) {
        const { report, rounded, notes } = await fitOf(sampleOf(exponent, n, seed, round), xmin);
        plain += (report.exponent - exponent) / 20;
        const pull = (rounded!.exponent - exponent) / rounded!.standardError;
        sum += pull;
        squares += pull * pull;
        expect(rounded!.grid.kind).toBe(kind);
        expect(rounded!.xmin / from).toBeCloseTo(1, 9);
        expect(notes[0]).toMatch(
          /^Values from \S+ on (are rounded to|lie a factor of 1\.41254 apart).* has the exponent /,
        );
      }
      expect(plain).toBeGreaterThan(bias);
      expect(Math.abs(sum / 20)).toBeLessThan(4 / Math.sqrt(20));
      expect(Math.sqrt(squares / 20)).toBeGreaterThan(0.55);
      expect(Math.sqrt(squares / 20)).toBeLessThan(1.5);
    },
  );

  it('are none where nothing was rounded, or no more than to the step that they are fitted in', async () => {
    for (const [round, xmin] of [
      [(x: number) => x, 'auto'],
      [digits(6), 'auto'],
      [(x: number) => Math.round(10 * x), 20],
      [(x: number) => Math.round(10 * x), 'auto'],
      [(x: number) => Math.round(10 * x) / 10, 2],
      [(x: number) => 100 * Math.round(10 * x), 'auto'],
    ] as const) {
      for (let seed = 0; seed < 5; seed++)
        expect((await fitOf(sampleOf(2, 2000, seed, round), xmin)).rounded).toBeUndefined();
    }
  });

  it('are told by their grid, printed with a few digits or held in single precision', () => {
    const energies = Array.from({ length: 20 }, (_, k) => 10 ** (0.15 * k + 3));
    const once = energies.map(() => 1);
    for (const print of [(x: number) => x, digits(2), digits(4)]) {
      const found = roundingOf(energies.map(print), once, undefined);
      expect(found?.grid).toMatchObject({ kind: 'ratio' });
      expect(found!.lower[0]! / (1000 * 10 ** -0.075)).toBeCloseTo(1, 1);
    }
    const few = [1.2, 1.3, 2.2, 3.1, 4.7, 9.9, 10, 130, 1500].map(Math.fround);
    const found = roundingOf(
      few,
      few.map(() => 1),
      undefined,
    )!;
    expect(found.grid).toEqual({ kind: 'digits', digits: 2 });
    // Below a power of ten the digits are a tenth as far apart.
    expect(found.lower[6]).toBeCloseTo(9.95, 12);
    expect(found.upper[5]).toBeCloseTo(9.95, 12);
    expect(roundingOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13], once, 1)).toBeUndefined();
  });
});
