import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withError } from '../../src/report/concise.ts';

describe('withError', () => {
  it.each([
    [1.3371, 0.004, '1.337(4)'],
    [1.3371, 0.0041, '1.337(4)'],
    [1.4937, 0.0123, '1.494(12)'],
    [1.5, 0.02, '1.50(2)'],
    [12.345, 1.52, '12.3(1.5)'],
    [12.345, 3.2, '12(3)'],
    [1234.5, 42, '1230(40)'],
    [1234.5, 123, '1230(120)'],
    [0.0213, 0.0299, '0.02(3)'],
    [1.5, 0.0096, '1.500(10)'],
    [1.5, 0.096, '1.50(10)'],
    [3, 0.96, '3.0(1.0)'],
    [-0.25, 0.03, '−0.25(3)'],
    [0, 0.002, '0.000(2)'],
    [2.5e-7, 3e-9, '2.50(3)e−7'],
    [123456789, 2000000, '1.23(2)e8'],
  ])('(%d, %d) is %s', (value, error, text) => {
    expect(withError(value, error)).toBe(text);
  });

  it('gives four digits where there is no error, and a dash where there is no value', () => {
    expect(withError(1.23456, Number.NaN)).toBe('1.235');
    expect(withError(-1.5, 0)).toBe('−1.5');
    expect(withError(Number.NaN, 0.1)).toBe('–');
    expect(withError(Number.POSITIVE_INFINITY, 0.1)).toBe('–');
  });

  it('reads back as the value to half a unit of its last place, and as the error to a tenth', () => {
    const estimate = fc.tuple(
      fc.double({ min: -900, max: 900, noNaN: true }),
      fc.double({ min: 1e-3, max: 90, noNaN: true }),
    );
    fc.assert(
      fc.property(estimate, ([value, error]) => {
        const [, digits, bracket] =
          withError(value, error)
            .replace('−', '-')
            .match(/^([-\d.]+)\(([\d.]+)\)$/) ?? [];
        const decimals = digits?.split('.')[1]?.length ?? 0;
        const read = bracket?.includes('.') || decimals === 0 ? Number(bracket) : Number(bracket) / 10 ** decimals;
        expect(Math.abs(Number(digits) - value)).toBeLessThanOrEqual(read * 0.5 + 1e-9);
        expect(Math.abs(read / error - 1)).toBeLessThanOrEqual(0.26);
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
