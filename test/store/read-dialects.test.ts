import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { TextOptions } from '../../src/store/read/dialect.ts';
import { openTable } from '../../src/store/read/open.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
const sizes = Array.from({ length: 500 }, (_, i) => 2 + ((i * 7919) % 23) + (i % 50 === 0 ? 180 : 0));
const weights = sizes.map((_, i) => 1.5 + ((i * 104_729) % 9973) / 1000);
const total = sizes.reduce((a, b) => a + b, 0);
const heavy = weights.reduce((a, b) => a + b, 0);

/** All rows as lines, each made by `row`. */
const lines = (row: (size: number, weight: number, i: number) => string, end = '\n'): string =>
  sizes.map((size, i) => row(size, weights[i]!, i) + end).join('');
const comma = (x: number): string => String(x).replace('.', ',');

interface Read {
  readonly columns: readonly string[];
  readonly rows: number;
  readonly sum: Record<string, number>;
  readonly missing: Record<string, number>;
  readonly notes: readonly string[];
}

async function read(content: string | Uint8Array, options: TextOptions = {}, name = 'table.csv'): Promise<Read> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const table = await openTable(path, options);
  const sum: Record<string, number> = {};
  const missing: Record<string, number> = {};
  let rows = 0;
  try {
    for await (const chunk of table.chunks(table.columns)) {
      rows += chunk.rows;
      for (const [column, values] of Object.entries(chunk.columns)) {
        if (!ArrayBuffer.isView(values)) continue;
        for (const value of values as Float64Array) {
          if (Number.isNaN(value)) missing[column] = (missing[column] ?? 0) + 1;
          else sum[column] = (sum[column] ?? 0) + value;
        }
      }
    }
  } finally {
    await table.close();
  }
  return { columns: table.columns, rows, sum, missing, notes: table.notes ?? [] };
}

const both = (a: number, b: number): string => `${a},${b}\n`;
const plain = `size,weight\n${lines((a, b) => `${a},${b}`)}`;
const utf16 = (text: string): Uint8Array => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

describe('openTable finds out how a text with size and weight is laid out', () => {
  const dialects: Record<string, string | Uint8Array> = {
    comma: plain,
    'byte order mark': `\ufeff${plain}`,
    'CR LF': plain.replaceAll('\n', '\r\n'),
    'CR alone': plain.replaceAll('\n', '\r'),
    'UTF-16 with tabs': utf16(plain.replaceAll(',', '\t')),
    'UTF-16 without a mark': Buffer.from(plain, 'utf16le'),
    semicolon: plain.replaceAll(',', ';'),
    bar: plain.replaceAll(',', '|'),
    'semicolon and decimal comma': `size;weight\n${lines((a, b) => `${a};${comma(b)}`)}`,
    'decimal comma and exponents': `size;weight\n${lines((a, b) => `${a};${b.toExponential().replace('.', ',')}`)}`,
    'sep=': `sep=;\nsize;weight\n${lines((a, b) => `${a};${b}`)}`,
    blanks: `size weight\n${lines((a, b) => `${a} ${b}`)}`,
    aligned: `   size     weight\n${lines((a, b) => `${String(a).padStart(7)} ${b.toFixed(3).padStart(10)}`)}`,
    'comments on top': `# made by a script\n# date: 2020\n${plain}`,
    'comments between rows': `size,weight\n${lines((a, b, i) => `${i % 100 === 0 ? `% block ${i}\n` : ''}${a},${b}`)}`,
    'header in a comment': `# ${plain}`,
    'trailing delimiters': `size,weight,\n${lines((a, b) => `${a},${b},`)}`,
    'trailing delimiters in data': `size,weight\n${lines((a, b) => `${a},${b},`)}`,
    'two trailing delimiters': `size,weight,,\n${lines((a, b) => `${a},${b},,`)}`,
    'quotes after blanks': `"size", "weight"\n${lines((a, b) => `"${a}", "${b}"`)}`,
    'single quotes': `'size','weight'\n${lines((a, b) => `'${a}','${b}'`)}`,
    'blanks after commas': `size, weight\n${lines((a, b) => `${a}, ${b}`)}`,
    'Fortran exponents': `size,weight\n${lines((a, b) => `${a}.D0,${(b / 10).toFixed(6)}D+01`)}`,
    'thousandths with marks': `size,weight\n${lines((a, b) => `"${(a * 1000).toLocaleString('en-US')}",${b}`)}`,
    'units under the header': `size,weight\n-,kg\n${lines((a, b) => `${a},${b}`)}`,
    'packed with gzip': gzipSync(plain),
    'JSON lines': lines((a, b) => JSON.stringify({ size: a, weight: b })),
    'JSON array': JSON.stringify(sizes.map((size, i) => ({ size, weight: weights[i] }))),
    'JSON of arrays': JSON.stringify({ size: sizes, weight: weights }),
    'JSON of pandas, columns by row': JSON.stringify({ size: { ...sizes }, weight: { ...weights } }),
    'JSON of pandas, split': JSON.stringify({
      columns: ['size', 'weight'],
      index: sizes.map((_, i) => i),
      data: sizes.map((size, i) => [size, weights[i]]),
    }),
    'JSON within an object': JSON.stringify({ data: sizes.map((size, i) => ({ size, weight: weights[i] })) }),
    'comments after semicolons': `; made by a script\n${plain}`,
    'a title above': `Recording of 2020\nby us\n\n${plain}`,
    'German thousandths': `size;weight\n${lines((a, b) => `${(a * 1000).toLocaleString('de-DE')};${b.toFixed(4).replace('.', ',')}`)}`,
    'thin spaces in thousandths': `size;weight\n${lines((a, b) => `${a}\u202f000;${b.toFixed(4).replace('.', ',')}`)}`,
    'blanks in thousandths': `size,weight\n${lines((a, b) => `${a} 000,${b}`)}`,
    'low lines in thousandths': `size,weight\n${lines((a, b) => `${a}_000,${b}`)}`,
  };
  it.each(Object.entries(dialects))('%s', async (name, content) => {
    const { columns, rows, sum, missing } = await read(content);
    expect(columns).toEqual(['size', 'weight']);
    expect(rows).toBe(500);
    expect(sum.size).toBe(/thousandths/.test(name) ? 1000 * total : total);
    expect(sum.weight).toBeCloseTo(heavy, 6);
    expect(missing).toEqual({});
  });

  it('columns without names go by position', async () => {
    for (const content of [
      lines(both).replaceAll('\n\n', '\n'),
      lines((a, b) => `${a};${comma(b)}`),
      lines((a, b) => ` ${a}   ${b}`),
    ]) {
      const { columns, rows, sum } = await read(content);
      expect(columns).toEqual(['1', '2']);
      expect([rows, sum['1']]).toEqual([500, total]);
      expect(sum['2']).toBeCloseTo(heavy, 6);
    }
    expect((await read(`${sizes.join(',')}\n`)).sum).toEqual({ '1': total });
    expect((await read(`${sizes.join(' ')}\n`)).sum).toEqual({ '1': total });
    expect((await read(`# degree data\n# one a line\n${sizes.join('\n')}`)).sum).toEqual({ '1': total });
  });

  it('one very long line is one column; a first row whose word comes again is none of names, nor is a comment above names', async () => {
    expect((await read(`${'1.00000000000000 '.repeat(70_000)}`)).sum).toEqual({ '1': 70_000 });
    expect((await read('1,a\n2,b\n3,a\n4,b\n')).sum).toEqual({ '1': 10 });
    expect((await read('# recorded\nsize\n1\n2\n')).sum).toEqual({ size: 3 });
    expect(await read('[1, NaN, 2, Infinity]')).toMatchObject({ sum: { '1': Infinity }, missing: { '1': 1 } });
  });

  it('names of rows as R writes them are a column of their own', async () => {
    const rows = lines((a, b, i) => `"${i + 1}",${a},${b}`);
    expect((await read(`"size","weight"\n${rows}`)).sum).toMatchObject({ 'row.names': (500 * 501) / 2, size: total });
    expect((await read(`"","size","weight"\n${rows}`)).sum).toMatchObject({ '': (500 * 501) / 2, size: total });
    expect((await read(`"size" "weight"\n${rows.replaceAll(',', ' ')}`)).sum).toMatchObject({ size: total });
  });

  it('a single column of decimal commas is one column, and says so', async () => {
    const { columns, sum, notes } = await read(`weight\n${lines((_, b) => comma(b))}`);
    expect(columns).toEqual(['weight']);
    expect(sum.weight).toBeCloseTo(heavy, 6);
    expect(notes.join()).toMatch(/one column with decimal commas \(--delimiter , reads two columns\)/);
    const scientific = await read(`weight\n${lines((_, b) => b.toExponential().replace('.', ','))}`);
    expect(scientific.columns).toEqual(['weight']);
    expect(scientific.sum.weight).toBeCloseTo(heavy, 6);
  });

  it('pandas’ columns 0 and 1 are names, and it says so', async () => {
    const { columns, rows, notes } = await read(`0,1\n${lines(both).replaceAll('\n\n', '\n')}`);
    expect([columns, rows]).toEqual([['0', '1'], 500]);
    expect(notes.join()).toMatch(/taken for names of columns \(--no-header: it is data\)/);
    expect((await read('0,1\n1,0\n2,2\n3,1\n')).rows).toBe(4);
    expect((await read('0,1\n1,0\n', { header: true })).rows).toBe(1);
  });

  it('an empty field in quotes and a blank line between rows are missing values of a single column', async () => {
    const signal = async (content: string, options: TextOptions = {}): Promise<number[]> => {
      const path = join(folder, 'signal.csv');
      writeFileSync(path, content);
      const table = await openTable(path, options);
      const values: number[] = [];
      for await (const { columns } of table.chunks(table.columns))
        values.push(...(columns[table.columns[0]!] as Float64Array));
      await table.close();
      return values;
    };
    const [none, gap] = [Number.NaN, [1.5, Number.NaN, Number.NaN, 2.5, 3]];
    expect(await signal('signal\n1.5\n""\n""\n2.5\n3\n')).toEqual(gap);
    expect(await signal('signal\n1.5\n\n \n2.5\n3\n\n\n')).toEqual(gap);
    expect(await signal('1.5\r\n\r\n\r\n2.5\r\n3')).toEqual(gap);
    expect(await signal('# a recording\nsignal\n\n1.5\n""\n# gap\n\n2.5\n3\n\n')).toEqual(gap);
    expect(await signal('signal\n""\n1\n2\n""\n')).toEqual([none, 1, 2, none]);
    expect(await signal("'signal'\n1\n''\n2\n")).toEqual([1, none, 2]);
    // Over a boundary of chunks, of blocks, and from quoted rows to plain ones.
    const long = Array.from({ length: 200_000 }, (_, i) => i);
    const gaps = (i: number): boolean => i % 65_536 === 65_535 || i % 1000 === 7 || i === 150_000;
    const expected = long.map((i) => (gaps(i) ? none : i));
    for (const mark of ['', '""']) {
      expect(await signal(`x\n${long.map((i) => (gaps(i) ? mark : i)).join('\n')}\n`)).toEqual(expected);
    }
    // A blank line after every row is how some programs end lines.
    expect(await signal('signal\r\r\n1\r\r\n2\r\r\n3\r\r\n4\r\r\n')).toEqual([1, 2, 3, 4]);
    expect((await read('a,b\n1,2\n\n3,4\n')).missing).toEqual({});
  });

  it('spreadsheets’ errors and dashes are missing values, not comments or words', async () => {
    const { sum, missing } = await read(
      `size,weight\n${lines((a, b, i) => `${['#N/A', '#DIV/0!', '-', 'NA', '', 'null', '?'][i] ?? a},${b}`)}`,
    );
    expect(missing).toEqual({ size: 7 });
    expect(sum.weight).toBeCloseTo(heavy, 6);
  });

  it('short rows miss their last values; a text column may come first and begin with numbers', async () => {
    const ragged = await read(`size,weight,comment\n${lines((a, b, i) => `${a},${b}${i % 3 === 0 ? '' : ',ok'}`)}`);
    expect([ragged.rows, ragged.sum.size]).toEqual([500, total]);
    const ids = await read(`subject,size\n${lines((a, _, i) => `${i < 20 ? '00' : 'A0'}${i % 5},${a}`)}`);
    expect(ids.sum).toEqual({ size: total });
    const quoted = await read(
      `note,size\n${lines((a, _, i) => `"${i === 3 ? 'two\n\nlines, "" and more' : 'plain'}",${a}`)}`,
    );
    expect([quoted.rows, quoted.sum.size]).toEqual([500, total]);
  });

  it('hundreds of thousands of short rows are no more than rows', async () => {
    expect((await read(`x\n${'1\n'.repeat(300_000)}`)).sum).toEqual({ x: 300_000 });
  });

  it('letters of Latin-1 are letters', async () => {
    expect((await read(Buffer.from(`größe,weight\n1,2\n`, 'latin1'))).columns).toEqual(['größe', 'weight']);
  });

  it('takes what it is told', async () => {
    expect((await read('a;b\n1.234;5\n2.345;6\n', { thousands: '.' })).sum).toEqual({ a: 3579, b: 11 });
    expect((await read('a;b\n1,234;5\n', { decimal: ',' })).sum).toEqual({ a: 1.234, b: 5 });
    expect((await read('a;b\n1,234;5\n', { thousands: ',' })).sum).toEqual({ a: 1234, b: 5 });
    expect((await read('! x\n1 2\n', { comment: '!' })).sum).toEqual({ '1': 1, '2': 2 });
    expect((await read('1\n#2\n', { comment: '', header: false })).columns).toEqual(['1']);
    expect((await read('1 2\n3 4\n', { delimiter: 'blanks', header: true })).columns).toEqual(['1', '2']);
    expect((await read(Buffer.from('é,b\n1,2\n', 'utf16le'), { encoding: 'utf-16le' })).columns).toEqual(['é', 'b']);
  });
});

describe('openTable refuses in one sentence', () => {
  const refused: [string, string | Uint8Array, RegExp][] = [
    ['what may be thousands or decimals', 'a;b\n1,234;5\n2,345;6\n', /like 1,234, .*say --decimal , or --thousands ,/],
    ['a name twice', 'size,size\n1,2\n', /names column 'size' twice \(--no-header/],
    ['nothing', '', /it is empty/],
    ['nothing but comments', '# a\n# b\n', /nothing but lines that begin with #/],
    [
      'more fields than names',
      'a,b\n1,2,3,4\n5,6,7,8\n',
      /2 names of columns and 4 fields a row \(comma between fields\)/,
    ],
    [
      'binary, without showing it',
      Uint8Array.from({ length: 4000 }, (_, i) => (i * 37) % 256),
      /is binary, in no format/,
    ],
    ['a zip archive', Buffer.from('PK\x03\x04 and more of it'), /is a zip archive .*save its table as CSV/],
    ['gzip that is cut off', gzipSync(plain).subarray(0, 600), /can't be unpacked \(gzip\)/],
    ['JSON that is no table', '{"a": 1, "b": {"c": 2}\n', /can't be read as JSON/],
    ['arrays of different lengths', '{"a": [1], "b": [1, 2]}', /arrays of different lengths: a 1, b 2/],
  ];
  it.each(refused)('%s', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  it.each<[string, string, RegExp]>([
    [
      'values with a unit',
      `size\n${lines((_, b) => `${b} uV`)}`,
      /unit behind them, such as '1.5 uV': expected numbers/,
    ],
    ['a unit that would move names', `t size\n${lines((_, b, i) => `${i} ${b} uV`)}`, /such as '1.5 uV'.*every field/],
    [
      'thousands at commas',
      `size,b\n${lines((_, b) => `2,${b.toFixed(3).slice(2)},7`)}`,
      /2 names of columns and 3 fields/,
    ],
    [
      'a row with a field more',
      `a,b\n${lines((a, b, i) => `${a},${b}${i === 300 ? ',7' : ''}`)}`,
      /line 302 has 3 fields/,
    ],
    [
      'a second line after a very long one',
      `${'1.00000000000000 '.repeat(70_000)}\n3 4\n`,
      /line 2 follows a line of values/,
    ],
    ['a web page', '<!DOCTYPE html><html></html>', /is a web page or XML/],
    ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n', /pointer of Git LFS/],
    ['a PDF', '%PDF-1.4\n1 0 obj\n', /is a PDF/],
  ])('%s', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  it('a control sequence in a cell never reaches the message as it is', async () => {
    const content = `size\n${'1\n'.repeat(30)}\u001b[31mred\n`;
    await expect(read(content)).rejects.toThrow(/line 32 must hold a number in column 'size', got '·\[31mred'/);
  });

  it('text in another encoding than said', async () => {
    await expect(read(Buffer.from('größe\n1\n', 'latin1'), { encoding: 'utf-8' })).rejects.toThrow(
      /not written in utf-8/,
    );
  });
});
