import { describe, expect, it } from 'vitest';
import { compareCells, numberIn, toCsv } from '../../src/page/cells.ts';

describe('numberIn', () => {
  it.each([
    ['1.337(4)', 1.337],
    ['1\u202f240\u202f000', 1_240_000],
    ['−0.01(8)', -0.01],
    ['12.3(1.5)', 12.3],
    ['1.5(2)e−7', 1.5e-7],
    ['3.89 – 28.2', 3.89],
    ['σw² = 1.02', 1.02],
    ['∞', Number.POSITIVE_INFINITY],
    ['none', Number.NaN],
    ['–', Number.NaN],
  ])('%s', (text, value) => expect(numberIn(text)).toBe(value));
});

it('compareCells puts numbers by value, then words, then dashes', () => {
  expect(['–', 'b', '10', '9.5(2)', 'a', '−1'].sort(compareCells)).toEqual(['−1', '9.5(2)', '10', 'a', 'b', '–']);
});

it('toCsv writes numbers that programs read, and quotes what has commas', () => {
  expect(
    toCsv([
      ['N = 64', '−0.5', '1\u202f240'],
      ['a "b", c', '–', '2−3'],
    ]),
  ).toBe('N = 64,-0.5,1240\n"a ""b"", c",–,2-3\n');
});
