import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { DurationMicrosecond, Table, tableToIPC, vectorFromArray } from 'apache-arrow';
import fc from 'fast-check';
import h5wasm from 'h5wasm/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { expandLz4Frame } from '../../src/store/read/lz4-frame.ts';
import { openTable } from '../../src/store/read/open.ts';
import { readColumns } from '../../src/store/read-table.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
const fixture = (name: string): string => join(import.meta.dirname, '../fixtures/columnar', name);
const sumOf = (values: unknown): number =>
  Array.from(values as ArrayLike<number | bigint>, Number).reduce((a, b) => a + b, 0);

// The sum of the 3000 sizes that fixtures/columnar/make.py writes, as it says itself.
const total = 18_443;

describe('columnar files as other programs write them by default', () => {
  it.each([
    ['pandas_default.feather', 'size'],
    ['polars_default.parquet', 'size'],
    ['polars_default.arrow', 'size'],
    ['lz4.feather', 'int64'],
    ['zstd.feather', 'int64'],
    ['lz4.parquet', 'int64'],
    ['zstd.parquet', 'int64'],
    ['brotli.parquet', 'int64'],
  ])('%s', async (name, column) => {
    expect(sumOf((await readColumns(fixture(name), [column]))[column])).toBe(total);
  });

  it('every plain type of Parquet, decimals among them; and of structures; lists are refused by name', async () => {
    const path = fixture('t.parquet');
    const numbers = ['int16', 'int32', 'int64', 'uint16', 'uint32', 'uint64', 'float16', 'float32', 'float64'];
    for (const name of [...numbers, 'dict_int', 'dict_float', 'decimal']) {
      expect(sumOf((await readColumns(path, [name]))[name]), name).toBe(total);
    }
    expect(sumOf((await readColumns(path, ['struct.size']))['struct.size'])).toBe(total);
    // Days, and milliseconds, as seconds.
    expect(sumOf((await readColumns(path, ['date'])).date)).toBe(86_400 * total);
    expect(sumOf((await readColumns(path, ['timestamp'])).timestamp)).toBeCloseTo(total / 1000, 9);
    await expect(readColumns(path, ['list'])).rejects.toThrow(/column 'list' of .* holds lists/);
  });

  it.each(['nested.parquet', 'nested.arrow'])('times and structures with what isn’t there: %s', async (name) => {
    const read = await readColumns(fixture(name));
    const list = (column: string) =>
      Array.from(read[column] as ArrayLike<unknown>, (x) => (typeof x === 'bigint' ? Number(x) : x));
    expect(list('t')).toEqual([1_770_000_000.000001, Number.NaN, 1_770_000_000.25]);
    expect(list('ns')).toEqual([5e-9, 6e-9, Number.NaN]);
    expect([list('d'), list('d64')]).toEqual([
      [86_400, 172_800, Number.NaN],
      [86_400, Number.NaN, 0],
    ]);
    expect(list('s.size')).toEqual([7, Number.NaN, Number.NaN]);
    expect(list('s.in.x')).toEqual(['a', null, 'b']);
    expect(list('a b')).toEqual([1, 2, 3]);
    await expect(readColumns(fixture(name), ['size'])).rejects.toThrow(
      /has no column 'size'; its columns are t, ns, d, d64, s\.size, s\.in\.x, 'a b'; not to be read: .*l \(lists\)/,
    );
  });

  it('lengths of time are numbers of their unit, in Arrow as in Parquet', async () => {
    const path = join(folder, 'waits.arrow');
    const wait = vectorFromArray([1_500n, null, 7n], new DurationMicrosecond());
    writeFileSync(path, tableToIPC(new Table({ wait }), 'file'));
    expect(Array.from((await readColumns(path)).wait as Float64Array)).toEqual([1500, Number.NaN, 7]);
  });

  it('unsigned integers above 2^63, which no signed ones hold', async () => {
    const { size } = await readColumns(fixture('unsigned.parquet'));
    expect(Array.from(size as ArrayLike<number>).slice(38)).toEqual([5, 7, 2 ** 63, 2 ** 63]);
  });

  it('LZ4 frames whose blocks refer to the ones before', async () => {
    const { x, y } = await readColumns(fixture('linked.feather'));
    expect([x, y].map((column) => column!.constructor)).toEqual([BigInt64Array, Float64Array]);
    expect([...x!]).toEqual(Array.from({ length: 200_000 }, (_, i) => BigInt(i % 977)));
    expect([...y!]).toEqual(Array.from({ length: 200_000 }, (_, i) => (i % 977) * 0.37));
  });

  it('damaged LZ4 is an error or other bytes, never a hang or a crash', () => {
    const whole = readFileSync(fixture('lz4.feather'));
    const from = whole.indexOf(Buffer.from([0x04, 0x22, 0x4d, 0x18]));
    const frame = whole.subarray(from, from + 3000);
    fc.assert(
      fc.property(fc.nat(frame.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(frame);
        damaged[at]! ^= flip;
        try {
          expect(expandLz4Frame(damaged).length).toBeLessThan(1e6);
        } catch (error) {
          expect((error as Error).name).toBe('StoreError');
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('text in zstd', async () => {
    // Node 20 has no zstd to write with: these bytes are one frame that holds the text as it is.
    const text = `size\n${Array.from({ length: 200 }, (_, i) => i).join('\n')}\n`;
    const raw = Buffer.from(text);
    const size = Buffer.alloc(3);
    size.writeUIntLE((raw.length << 3) | 1, 0, 3);
    const descriptor = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x60, (raw.length - 256) & 255, (raw.length - 256) >> 8]);
    const packed = zstdCompressSync?.(raw) ?? Buffer.concat([descriptor, size, raw]);
    const path = join(folder, 'sizes.csv.zst');
    writeFileSync(path, packed);
    expect(sumOf((await readColumns(path)).size)).toBe(19_900);
    writeFileSync(path, packed.subarray(0, packed.length - 20));
    await expect(readColumns(path)).rejects.toThrow(/zstd|empty|Unexpected/i);
  });
});

describe('arrays of NumPy', () => {
  const npy = (name: string, descr: string, shape: string, data: Uint8Array, fortran = 'False'): string => {
    const header = `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
    const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
    const lead = Buffer.from([0x93, 78, 85, 77, 80, 89, 1, 0, padded.length & 255, padded.length >> 8]);
    const path = join(folder, name);
    writeFileSync(path, Buffer.concat([lead, Buffer.from(padded, 'latin1'), data]));
    return path;
  };
  const bytes = (values: Float64Array | Float32Array | Int32Array): Uint8Array => new Uint8Array(values.buffer);

  it('as NumPy itself wrote one', async () => {
    const read = await readColumns(fixture('a.npy'));
    expect([Object.keys(read), (read['1'] as Float64Array).length, sumOf(read['1'])]).toEqual([['1'], 500, 3350]);
  });

  it('of one and two dimensions, both orders, and records', async () => {
    const six = Float64Array.of(1, 2, 3, 4, 5, 6);
    expect(await readColumns(npy('a.npy', "'<f8'", '(6,)', bytes(six)))).toEqual({ '1': six });
    const c = await readColumns(npy('b.npy', "'<f8'", '(3, 2)', bytes(six)));
    expect(c).toEqual({ '1': Float64Array.of(1, 3, 5), '2': Float64Array.of(2, 4, 6) });
    const f = await readColumns(npy('c.npy', "'<f8'", '(3, 2)', bytes(six), 'True'));
    expect(f).toEqual({ '1': Float64Array.of(1, 2, 3), '2': Float64Array.of(4, 5, 6) });
    const swapped = Buffer.from(bytes(Int32Array.of(1, 258))).swap32();
    expect(await readColumns(npy('d.npy', "'>i4'", '(2,)', swapped))).toEqual({ '1': Float64Array.of(1, 258) });
    const record = Buffer.alloc(24);
    for (const r of [0, 1]) {
      record.writeInt32LE(r + 7, 12 * r);
      record.writeDoubleLE(r + 0.5, 12 * r + 4);
    }
    expect(await readColumns(npy('e.npy', "[('d', '<i4'), ('s', '<f8')]", '(2,)', record))).toEqual({
      d: Float64Array.of(7, 8),
      s: Float64Array.of(0.5, 1.5),
    });
  });

  it('that are cut off, of texts or of three dimensions are refused', async () => {
    const one = bytes(Float64Array.of(1));
    await expect(readColumns(npy('f.npy', "'<f8'", '(6,)', one))).rejects.toThrow(/its header says/);
    await expect(readColumns(npy('g.npy', "'<U3'", '(1,)', one))).rejects.toThrow(/NumPy type <U3, expected/);
    await expect(readColumns(npy('h.npy', "'<f8'", '(1, 1, 1)', one))).rejects.toThrow(/3 dimensions/);
  });
});

describe('HDF5', () => {
  const path = join(folder, 'recording.h5');
  beforeAll(async () => {
    await h5wasm.ready;
    const file = new h5wasm.File(path, 'w');
    const group = file.create_group('units');
    group.create_dataset({ name: 'spike_times', data: Float64Array.from({ length: 70_000 }, (_, i) => i / 100) });
    group.create_dataset({ name: 'ids', data: Int32Array.of(3, 1, 2) });
    file.create_dataset({ name: 'lfp', data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] });
    file.create_dataset({ name: 'row', data: Float64Array.of(7, 8, 9), shape: [1, 3] });
    file.create_dataset({ name: 'note', data: ['text'] });
    const matlab = file.create_dataset({ name: 'matlab', data: Float64Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
    matlab.create_attribute('MATLAB_class', 'double');
    file.close();
  });

  it('is read by the paths of its datasets, in chunks', async () => {
    const table = await openTable(path);
    expect(table.columns.toSorted()).toEqual(
      ['lfp:1', 'lfp:2', 'matlab:1', 'matlab:2', 'row', 'units/ids', 'units/spike_times'].toSorted(),
    );
    const rows: number[] = [];
    for await (const chunk of table.chunks(['units/spike_times'])) rows.push(chunk.rows);
    expect(rows).toEqual([65_536, 4464]);
    await table.close();
    const read = await readColumns(path, ['lfp:2', 'row', 'matlab:2']);
    expect(Array.from(read['lfp:2'] as Float32Array)).toEqual([2, 4, 6]);
    expect(read.row).toEqual(Float64Array.of(7, 8, 9));
    expect(read['matlab:2']).toEqual(Float64Array.of(4, 5, 6));
  });

  it('refuses columns of different lengths, texts, and a damaged file', async () => {
    await expect(readColumns(path, ['row', 'units/spike_times'])).rejects.toThrow(/'row' has 3 values, .* 70000/);
    await expect(readColumns(path, ['note'])).rejects.toThrow(/column 'note' of .* holds texts/);
    const cut = join(folder, 'cut.h5');
    writeFileSync(cut, readFileSync(path).subarray(0, 700));
    await expect(readColumns(cut)).rejects.toThrow(/can't be read as HDF5/);
  });
});
