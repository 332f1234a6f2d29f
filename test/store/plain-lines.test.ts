import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainNumber, scanLines } from '../../src/store/read/plain-lines.ts';

describe('plainNumber(text, from, to)', () => {
  it('is Number of what it takes, to the last bit', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(digits, fc.nat(15), fc.boolean(), (word, point, negative) => {
        const text = `${negative ? '-' : ''}${word.slice(0, point)}${point <= word.length ? '.' : ''}${word.slice(point)}`;
        expect(Object.is(plainNumber(`x${text},`, 1, 1 + text.length), Number(text))).toBe(true);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it('leaves everything else to others', () => {
    for (const text of ['', '-', '.', '1e5', '0x10', '1.2.3', ' 1', '1 ', '1,5', 'nan', '12345678901234567', '+1']) {
      expect(plainNumber(text, 0, text.length)).toBeNaN();
    }
  });
});

describe('scanLines(text, separator, wanted, sink)', () => {
  it('gives the fields that splitting gives, of any wanted columns', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ' ', '.'), maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1 }),
        fc.subarray([0, 1, 2, 3, 4]),
        (rows, wanted) => {
          const found: (string | number)[][] = [];
          let row: string[] = [];
          scanLines(rows.map((cells) => cells.join(';')).join('\n'), ';', wanted, {
            special: () => false,
            field: (i, text, from, to) => {
              row[i] = text.slice(from, to);
            },
            end: (fields) => {
              found.push([fields, ...row]);
              row = [];
            },
          });
          const expected = rows.map((cells) => [
            cells.length,
            ...wanted.filter((at) => at < cells.length).map((at) => cells[at]!),
          ]);
          // A text that ends in a line end has no line after it.
          const last = rows.length > 1 && rows.at(-1)!.join(';') === '' ? expected.slice(0, -1) : expected;
          expect(found).toEqual(rows.length === 1 && rows[0]!.join(';') === '' ? [] : last);
        },
      ),
      { numRuns: 500, seed: 2 },
    );
  });
});
