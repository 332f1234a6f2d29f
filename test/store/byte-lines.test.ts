import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LineSink, scanLines } from '../../src/store/read/byte-lines.ts';
import { openTable } from '../../src/store/read/open.ts';
import { textOf } from '../../src/store/read/text-stream.ts';

/** Every row that scanning finds: the number of its fields, then those that are wanted, numbers where `numeric`. */
function scanned(text: string, separator: string, wanted: readonly number[], numeric: boolean): (string | number)[][] {
  const bytes = Buffer.from(text);
  const rows: (string | number)[][] = [];
  const columns = wanted.map(() => (numeric ? new Float64Array(1000).fill(Number.NaN) : undefined));
  let others: string[] = [];
  const sink: LineSink = {
    before: false,
    columns,
    row: 0,
    special: () => false,
    other: (i, from, to) => {
      others[i] = bytes.toString('utf8', from, to);
    },
    end(fields, taken) {
      rows.push([fields, ...Array.from({ length: taken }, (_, i) => others[i] ?? columns[i]![sink.row]!)]);
      others = [];
      sink.row++;
    },
  };
  scanLines(bytes, separator.charCodeAt(0), wanted, -1, sink);
  return rows;
}

describe('scanLines(bytes, delimiter, wanted, mark, sink)', () => {
  it('gives the fields that splitting gives, of any wanted columns', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ' ', '.', '-', 'é'), maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1 }),
        fc.subarray([0, 1, 2, 3, 4]),
        (rows, wanted) => {
          const text = rows.map((cells) => `${cells.join(';')}\n`).join('');
          const expected = rows.map((cells) => [
            cells.length,
            ...wanted.filter((at) => at < cells.length).map((at) => cells[at]!),
          ]);
          expect(scanned(text, ';', wanted, false)).toEqual(expected);
        },
      ),
      { numRuns: 500, seed: 2 },
    );
  });

  it('reads digits with one point as Number does, to the last bit', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(digits, fc.nat(15), fc.boolean(), (word, point, negative) => {
        const text = `${negative ? '-' : ''}${word.slice(0, point)}${point <= word.length ? '.' : ''}${word.slice(point)}`;
        const [[, value] = []] = scanned(`x,${text}\n`, ',', [1], true);
        expect(Object.is(value, Number(text))).toBe(true);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it('leaves everything else to others', () => {
    for (const text of [
      '',
      '-',
      '.',
      '1e5',
      '0x10',
      '1.2.3',
      ' 1',
      '1 ',
      '1:5',
      'nan',
      '12345678901234567',
      '+1',
      '1-',
    ]) {
      expect(scanned(`x,${text}\n`, ',', [1], true)).toEqual([[2, text]]);
    }
  });
});

describe('textOf(…).lines()', () => {
  it('gives whole lines with line feeds, however the bytes are cut, whatever ends their lines', async () => {
    const part = fc.string({ unit: fc.constantFrom('a', ',', '\r', '\n', '\r\n', 'é'), maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 8 }), fc.boolean(), async (parts, bom) => {
        const all = `x,${parts.join('')}`;
        const bytes = Buffer.from(`${bom ? '\ufeff' : ''}${all}`);
        // The first 64 kB are looked at together: a sample of that length goes before.
        const head = Buffer.from('y,1\n'.repeat(20_000));
        const source = async function* () {
          yield head;
          let from = 0;
          for (const { length } of parts) {
            if (length === 0 || from + length >= bytes.length) continue;
            yield bytes.subarray(from, from + length);
            from += length;
          }
          yield bytes.subarray(from);
        };
        const text = await textOf('t', source());
        let found = '';
        for await (const block of text.lines()) {
          expect(block.at(-1)).toBe(10);
          found += text.decode(block);
        }
        const expected = `${head}${bom ? '\ufeff' : ''}${all}`.replace(/\r\n?/g, '\n');
        expect(found).toBe(expected.endsWith('\n') ? expected : `${expected}\n`);
      }),
      { numRuns: 100, seed: 3 },
    );
  });
});

describe('a text far larger than what is held of it', () => {
  it('is read in memory that does not grow with it: 100 MB within 64', async () => {
    const block = Buffer.from('12345,0.5\n'.repeat(100_000));
    const blocks = 100;
    const source = async function* () {
      yield Buffer.from('size,weight\n');
      for (let i = 0; i < blocks; i++) yield Uint8Array.from(block);
    };
    const held = (): number => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    const before = held();
    let [rows, sum, peak] = [0, 0, 0];
    const table = await openTable(source());
    for await (const chunk of table.chunks(['size'])) {
      rows += chunk.rows;
      for (const x of chunk.columns.size as Float64Array) sum += x;
      peak = Math.max(peak, held() - before);
    }
    await table.close();
    expect(rows).toBe(100_000 * blocks);
    expect(sum).toBe(12345 * rows);
    expect(peak / 2 ** 20).toBeLessThan(64);
  });
});
