import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SchemaError, StoreError } from '../../src/error.ts';
import { makeBatch } from '../../src/schema/batch.ts';
import type { EncodingSet } from '../../src/store/parquet/encoding-set.ts';
import { parquetSink } from '../../src/store/parquet/sink.ts';
import { readChunks, readColumns, readRows, readTable } from '../../src/store/read-table.ts';
import { writeTable } from '../../src/store/write-table.ts';
import { avalancheColumns } from './avalanche-columns.ts';
import { query } from './duckdb.ts';
import { anyRows } from './rows.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
const rows = 5000;
const columns = avalancheColumns(rows, 11);
const batch = makeBatch('avalanche', columns, rows);
const { size, network, peak, duration } = columns;

async function parquet(name: string, rowGroupRows = 1024, encodings: EncodingSet = 'portable'): Promise<string> {
  await using sink = parquetSink('avalanche', folder, name, { rowGroupRows, encodings });
  await sink.write(batch);
  await sink.commit();
  return join(folder, name);
}

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function collected<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

describe('readColumns of Parquet', () => {
  it('reads compact tables as it reads portable ones', async () => {
    const compact = await readTable(await parquet('compact.parquet', 1024, 'compact'));
    expect(compact).toEqual(await readTable(await parquet('portable.parquet')));
    expect(compact.columns.size).toEqual(size);
  });

  it('gives typed arrays with the exact values', async () => {
    const read = await readColumns(await parquet('a.parquet'), ['size', 'network', 'peak', 'duration']);
    expect(read).toEqual({ size, network, peak, duration });
  });

  it('reads what other programs write: dictionaries, nulls, small and unsigned integers, other codecs', async () => {
    for (const codec of ['snappy', 'gzip', 'uncompressed', 'brotli']) {
      const path = join(folder, `duck-${codec}.parquet`);
      await query(`copy (select i::double / 3 x, (i % 7)::utinyint small, i::bigint big, (i % 3)::varchar word,
        case when i % 5 = 0 then null else i end gaps, i % 2 = 0 even, (i * 1000)::uinteger wide
        from range(10000) t(i)) to '${path}' (codec ${codec}, row_group_size 3000)`);
      const read = await readColumns(path);
      const index = Array.from({ length: 10_000 }, (_, i) => i);
      expect(read.x).toEqual(Float64Array.from(index, (i) => i / 3));
      expect(Array.from(read.small as Int32Array)).toEqual(index.map((i) => i % 7));
      expect(read.big).toEqual(BigInt64Array.from(index, BigInt));
      expect(read.word).toEqual(index.map((i) => String(i % 3)));
      expect(read.gaps).toEqual(Float64Array.from(index, (i) => (i % 5 === 0 ? NaN : i)));
      expect(read.even).toEqual(index.map((i) => i % 2 === 0));
      expect(Array.from(read.wide as Float64Array)).toEqual(index.map((i) => i * 1000));
    }
  });

  it('joins row groups of texts and booleans of which one has no value, first or last', async () => {
    const path = join(folder, 'gaps.parquet');
    const late = (what: string, from: number): string =>
      `case when i >= ${from} and i < ${from + 2048} then ${what} end`;
    await query(`copy (select ${late("'a'", 2048)} late, ${late("'b'", 0)} early, ${late('true', 2048)} flag
      from range(4096) t(i)) to '${path}' (row_group_size 2048)`);
    const [value, none] = [(one: unknown) => new Array(2048).fill(one), new Array(2048).fill(null)];
    expect(await readColumns(path)).toEqual({
      late: [...none, ...value('a')],
      early: [...value('b'), ...none],
      flag: [...none, ...value(true)],
    });
  });

  it('comes row group by row group', async () => {
    const chunks = await collected(readChunks(await parquet('b.parquet'), ['size']));
    expect(chunks.map((chunk) => chunk.rows)).toEqual([1024, 1024, 1024, 1024, 904]);
    expect(chunks[1]?.columns.size).toEqual((size as Float64Array).slice(1024, 2048));
  });

  it('refuses a file that is not whole, wherever it was cut', async () => {
    const bytes = readFileSync(await parquet('whole.parquet'));
    for (const length of [0, 3, 11, 12, 100, bytes.length >> 1, bytes.length - 200, bytes.length - 1]) {
      const path = file('cut.parquet', bytes.subarray(0, length));
      await expect(readTable(path)).rejects.toThrow(/cut.parquet is not a complete Parquet file/);
      await expect(readTable(path)).rejects.toThrow(StoreError);
    }
  });

  it('refuses damaged bytes with a StoreError, or reads other values, but never fails otherwise', async () => {
    const bytes = readFileSync(await parquet('sound.parquet'));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= flip;
        await readTable(file('damaged.parquet', damaged)).catch((error: unknown) => {
          expect(error).toBeInstanceOf(Error);
          expect(['StoreError', 'SchemaError']).toContain((error as Error).name);
        });
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it('names a column that is not there, and a file that is not there', async () => {
    const path = await parquet('c.parquet');
    await expect(readColumns(path, ['siez'])).rejects.toThrow(
      /has no column 'siez'; its columns are ensemble, network/,
    );
    await expect(readColumns(path, ['siez'])).rejects.toThrow(SchemaError);
    await expect(readColumns(join(folder, 'none.parquet'))).rejects.toThrow(
      /cannot read .*none.parquet: there is no such file/,
    );
  });

  it('names the first of many columns, and the beginning of a long name', async () => {
    const many = join(folder, 'many.csv');
    writeFileSync(many, `${Array.from({ length: 3000 }, (_, i) => `ch${i}`).join(',')}\n`);
    await expect(readColumns(many, ['time'])).rejects.toThrow(/its columns are ch0, ch1, .*, ch49 and 2950 more$/);
    const long = join(folder, 'long.csv');
    writeFileSync(long, `${'x'.repeat(5000)},b\n`);
    await expect(readColumns(long, ['time'])).rejects.toThrow(/its columns are x{80}…, b$/);
  });
});

describe('readColumns of Arrow IPC', () => {
  const table = new arrow.Table([batch.slice(0, 3000), batch.slice(3000, rows)]);

  it.each(['file', 'stream'] as const)('reads a %s', async (format) => {
    const path = file(`table.${format}`, arrow.tableToIPC(table, format));
    const read = await readColumns(path, ['size', 'network', 'duration', 'censored']);
    expect(read.size).toEqual(size);
    expect(read.network).toEqual(network);
    expect(read.duration).toEqual(duration);
    expect(read.censored).toEqual([...table.getChild('censored')!]);
    expect((await collected(readChunks(path, ['size']))).map((chunk) => chunk.rows)).toEqual([3000, 2000]);
  });

  it('reads texts, dictionaries and numbers without a value', async () => {
    const values = { word: ['a', null, 'b'], x: [1.5, null, 2], n: new Uint16Array([1, 2, 65_535]) };
    const made = arrow.tableFromArrays(values as never);
    const read = await readColumns(file('mixed.arrow', arrow.tableToIPC(made as unknown as arrow.Table, 'file')));
    expect(read.word).toEqual(['a', null, 'b']);
    expect(read.x).toEqual(Float64Array.of(1.5, NaN, 2));
    expect(Array.from(read.n as Float64Array)).toEqual([1, 2, 65_535]);
  });

  it('refuses a file that was cut off', async () => {
    const bytes = arrow.tableToIPC(table, 'file');
    for (const length of [20, bytes.length >> 1, bytes.length - 5]) {
      await expect(readTable(file('cut.arrow', bytes.subarray(0, length)))).rejects.toThrow(StoreError);
    }
    const stream = arrow.tableToIPC(table, 'stream');
    for (const length of [20, stream.length >> 1]) {
      await expect(readTable(file('cut.arrows', stream.subarray(0, length)))).rejects.toThrow(StoreError);
    }
  });
});

describe('readColumns of CSV', () => {
  it('reads numbers, texts, quotes, missing values, both line ends and a byte-order mark', async () => {
    const path = file('a.csv', '\ufeffsize,"name, long",n\r\n1.5e3,"say ""hi""",1\n\nNA,plain,\n-inf,,3');
    expect(await readColumns(path)).toEqual({
      size: Float64Array.of(1500, NaN, -Infinity),
      'name, long': ['say "hi"', 'plain', ''],
      n: Float64Array.of(1, NaN, 3),
    });
  });

  it('finds tabs and semicolons, a commented header, and columns without a header', async () => {
    expect(await readColumns(file('t.tsv', '# D\tS\n1\t2\n'))).toEqual({
      D: Float64Array.of(1),
      S: Float64Array.of(2),
    });
    expect(await readColumns(file('s.csv', 'D;S\n1;2\n'))).toEqual({ D: Float64Array.of(1), S: Float64Array.of(2) });
    expect(await readColumns(file('none.txt', '3\n4\n5\n'))).toEqual({ '1': Float64Array.of(3, 4, 5) });
  });

  it('reads any numbers exactly, over many chunks', async () => {
    const values = Float64Array.from({ length: 150_000 }, (_, i) => Math.sin(i) * 10 ** (i % 40));
    const path = file('many.csv', `x,k\n${[...values].map((x, i) => `${x},${i}`).join('\n')}\n`);
    expect((await collected(readChunks(path, ['x']))).map((chunk) => chunk.rows)).toEqual([65_536, 65_536, 18_928]);
    expect((await readColumns(path, ['x'])).x).toEqual(values);
  });

  it('names the line of a row that is too long, of a word among numbers, and of a quote without its end', async () => {
    const rows = (last: string) => `a,b\n${'1,2\n'.repeat(12)}${last}\n`;
    await expect(readTable(file('b.csv', rows('3,4,5,6')))).rejects.toThrow(/line 14 has 4 fields, expected 2/);
    await expect(readTable(file('b.csv', rows('3,x')))).rejects.toThrow(
      /line 14 must hold a number in column 'b', got 'x'/,
    );
    await expect(readTable(file('b.csv', 'a,b\n1,"2\n'))).rejects.toThrow(/line 2 has a quote without its end/);
    await expect(readTable(file('b.csv', 'a,a\n'))).rejects.toThrow(/names column 'a' twice/);
    for (const empty of ['', '\n', ' \r\n'])
      await expect(readTable(file('b.csv', empty))).rejects.toThrow(/it is empty/);
  });
});

describe('readColumns of a stream', () => {
  it('tells the formats apart by their first bytes, however they are cut', async () => {
    const table = new arrow.Table([batch]);
    const contents = [
      readFileSync(await parquet('stream.parquet')),
      arrow.tableToIPC(table, 'file'),
      arrow.tableToIPC(table, 'stream'),
      Buffer.from(`size\n${[...(size as Float64Array)].join('\n')}\n`),
    ];
    for (const content of contents) {
      const pieces = [content.subarray(0, 3), content.subarray(3, 1000), content.subarray(1000)].map((p) =>
        Buffer.from(p),
      );
      expect((await readColumns(Readable.from(pieces), ['size'])).size).toEqual(size);
    }
  });
});

describe('readRows', () => {
  it('gives rows as they were written, no value as null', async () => {
    const path = join(folder, 'exponents.parquet');
    await fc.assert(
      fc.asyncProperty(anyRows('exponents'), async (written) => {
        await writeTable(path, 'exponents', written);
        // Integers of 64 bits come as numbers where these hold them exactly.
        const plain = (v: unknown) =>
          typeof v === 'bigint' && Number.isSafeInteger(Number(v)) ? Number(v) : (v ?? null);
        const expected = written.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, plain(v)])));
        expect(await readRows(path, 'exponents')).toEqual(expected);
      }),
      { numRuns: 20, seed: 6 },
    );
    await expect(readRows(path, 'scaling')).rejects.toThrow(SchemaError);
  });
});
